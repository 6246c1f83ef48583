package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const specURL = "discord.json"

// ErrRoute is in the errors of a [Validator] about a method and path that the
// description doesn't have.
var ErrRoute = errors.New("discordtest: no such route in the description")

// A Validator holds requests and responses against an OpenAPI 3.1 description,
// such as Discord's own (discord/discord-api-spec). It is safe for concurrent
// use.
type Validator struct {
	paths object

	mu       sync.Mutex // the compiler isn't safe
	compiler *jsonschema.Compiler
}

// Spec reads an OpenAPI description.
func Spec(path string) (*Validator, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("discordtest: read the description: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("discordtest: parse the description: %w", err)
	}
	v := &Validator{compiler: jsonschema.NewCompiler()}
	root, _ := doc.(object)
	v.paths, _ = root["paths"].(object)
	v.compiler.DefaultDraft(jsonschema.Draft2020)
	if err := v.compiler.AddResource(specURL, doc); err != nil {
		return nil, fmt.Errorf("discordtest: take the description: %w", err)
	}
	return v, nil
}

// Request checks the JSON body of a request. The path is without /api and
// version; ids in it may be {}.
func (v *Validator) Request(method, path string, body []byte) error {
	pointer, op, err := v.operation(method, path)
	if err != nil {
		return err
	}
	content, _ := lookup(op, "requestBody", "content", "application/json").(object)
	if content == nil {
		return fmt.Errorf("discordtest: %s %s takes no JSON body", method, path)
	}
	return v.check(pointer+"/requestBody/content/application~1json/schema", body)
}

// Response checks a response with a JSON body, or an empty one.
func (v *Validator) Response(method, path string, status int, body []byte) error {
	pointer, op, err := v.operation(method, path)
	if err != nil {
		return err
	}
	responses, _ := op["responses"].(object)
	key := fmt.Sprint(status)
	if responses[key] == nil && status >= 400 {
		key = "4XX"
	}
	answer, ok := responses[key].(object)
	if !ok {
		return fmt.Errorf("discordtest: %s %s never answers %d", method, path, status)
	}
	if ref, ok := answer["$ref"].(string); ok {
		pointer = strings.TrimPrefix(ref, "#")
		return v.check(pointer+"/content/application~1json/schema", body)
	}
	if answer["content"] == nil {
		if len(bytes.TrimSpace(body)) > 0 {
			return fmt.Errorf("discordtest: %s %s answers %d without a body", method, path, status)
		}
		return nil
	}
	return v.check(pointer+"/responses/"+key+"/content/application~1json/schema", body)
}

// operation finds the operation and its place in the description.
func (v *Validator) operation(method, path string) (string, object, error) {
	var best string
	for template := range v.paths {
		if _, ok := lookup(v.paths, template, strings.ToLower(method)).(object); !ok || !fits(template, path) {
			continue
		}
		if best == "" || strings.Count(template, "{") < strings.Count(best, "{") {
			best = template
		}
	}
	if best == "" {
		return "", nil, fmt.Errorf("%w: %s %s", ErrRoute, method, path)
	}
	op, _ := lookup(v.paths, best, strings.ToLower(method)).(object)
	return "/paths/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(best) + "/" + strings.ToLower(method), op, nil
}

func fits(template, path string) bool {
	t, p := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(t, p, func(a, b string) bool { return a == b || strings.HasPrefix(a, "{") })
}

func lookup(o object, keys ...string) any {
	var at any = o
	for _, k := range keys {
		inner, _ := at.(object)
		at = inner[k]
	}
	return at
}

func (v *Validator) check(pointer string, body []byte) error {
	v.mu.Lock()
	schema, err := v.compiler.Compile(specURL + "#" + escapeFragment(pointer))
	v.mu.Unlock()
	if err != nil {
		return fmt.Errorf("discordtest: compile %s: %w", pointer, err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("discordtest: not JSON: %w", err)
	}
	if err := schema.Validate(value); err != nil {
		shown, _ := json.Marshal(value)
		return fmt.Errorf("discordtest: %w\nin %s", err, shown[:min(len(shown), 500)])
	}
	return nil
}

func escapeFragment(pointer string) string {
	return strings.NewReplacer("{", "%7B", "}", "%7D", "@", "%40").Replace(pointer)
}
