package limits

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// description is Discord's OpenAPI description, which lies beside the
// repository on some machines.
const description = "../../../../../shared/spec/discord-openapi.json"

type schemas map[string]map[string]any

// official returns the description's schemas, or nil.
func official(t *testing.T) schemas {
	data, err := os.ReadFile(description)
	if err != nil {
		return nil // the description is an extra
	}
	var doc struct{ Components struct{ Schemas schemas } }
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Components.Schemas
}

// takes reports whether a value follows a schema, as far as the description's
// schemas of requests go: they nest, and bound types, lengths and numbers.
func (s schemas) takes(schema map[string]any, v any) bool {
	if ref, ok := schema["$ref"].(string); ok {
		return s.takes(s[filepath.Base(ref)], v)
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		if of, ok := schema[key].([]any); ok && !slices.ContainsFunc(of, func(one any) bool { return s.takes(one.(map[string]any), v) }) {
			return false
		}
	}
	if want, ok := schema["const"]; ok && want != v {
		return false
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, v) {
		return false
	}
	within := func(least, most string, n float64) bool {
		low, bounded := schema[least].(float64)
		high, limited := schema[most].(float64)
		return (!bounded || n >= low) && (!limited || n <= high)
	}
	switch v := v.(type) {
	case string:
		pattern, _ := schema["pattern"].(string)
		return s.typed(schema, "string") && within("minLength", "maxLength", float64(utf8.RuneCountInString(v))) && regexp.MustCompile(pattern).MatchString(v)
	case float64:
		return (s.typed(schema, "integer") || s.typed(schema, "number")) && within("minimum", "maximum", v)
	case bool:
		return s.typed(schema, "boolean")
	case nil:
		return s.typed(schema, "null")
	case []any:
		items, _ := schema["items"].(map[string]any)
		return s.typed(schema, "array") && within("minItems", "maxItems", float64(len(v))) &&
			!slices.ContainsFunc(v, func(e any) bool { return !s.takes(items, e) })
	}
	return s.typed(schema, "object") && s.members(schema, v.(map[string]any))
}

func (s schemas) typed(schema map[string]any, name string) bool {
	of, ok := schema["type"].([]any)
	return schema["type"] == nil || schema["type"] == name || ok && slices.Contains(of, any(name))
}

func (s schemas) members(schema, o map[string]any) bool {
	required, _ := schema["required"].([]any)
	for _, key := range required {
		if _, ok := o[key.(string)]; !ok {
			return false
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for key, v := range o {
		if p, ok := properties[key].(map[string]any); ok && !s.takes(p, v) {
			return false
		}
	}
	return true
}

func (s schemas) follows(t *testing.T, name, payload string) bool {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(payload), &v); err != nil {
		t.Fatal(err)
	}
	schema, list := strings.CutPrefix(name, "[]")
	if s[schema] == nil {
		t.Fatalf("no schema %s", schema)
	}
	if list {
		return s.takes(map[string]any{"type": "array", "items": any(map[string]any(s[schema]))}, v)
	}
	return s.takes(s[schema], v)
}

// documentedOtherwise are payloads that Discord's reference shows and takes, and
// that its description of the API leaves out.
var documentedOtherwise = map[string]bool{"a language": true, "permissions": true}

func TestWhatIsAcceptedHereFollowsTheOfficialDescription(t *testing.T) {
	s := official(t)
	if s == nil {
		return
	}
	for schema, payloads := range map[string]map[string]string{
		"MessageCreateRequest": acceptedMessages, "ModalInteractionCallbackRequestData": acceptedModals, "[]ApplicationCommandUpdateRequest": acceptedCommands,
	} {
		for name, payload := range payloads {
			if !documentedOtherwise[name] && !s.follows(t, schema, payload) {
				t.Errorf("%s: %q does not follow it", schema, name)
			}
		}
	}
}

func TestWhatTheOfficialDescriptionRefusesIsRefusedHere(t *testing.T) {
	s := official(t)
	if s == nil {
		return
	}
	refused := 0
	for _, tt := range refusedMessages {
		if !json.Valid([]byte(tt.payload)) || s.follows(t, "MessageCreateRequest", tt.payload) {
			continue
		}
		refused++
		if Message([]byte(tt.payload)) == nil {
			t.Errorf("%q is accepted", tt.name)
		}
	}
	if refused < 10 {
		t.Errorf("the description refuses %d of our cases: does the reader of it work?", refused)
	}
}

func TestRenderedMessagesFollowTheOfficialDescription(t *testing.T) {
	s := official(t)
	files, _ := filepath.Glob("../../testdata/render/*.json")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for dec := json.NewDecoder(strings.NewReader(string(data))); dec.More(); {
			var message json.RawMessage
			if err := dec.Decode(&message); err != nil {
				t.Fatal(err)
			}
			if s != nil && !s.follows(t, "MessageCreateRequest", string(message)) {
				t.Errorf("%s: a message does not follow it", file)
			}
			if err := Message(message); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}
