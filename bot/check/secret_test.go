package check

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"expvar"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

const plantedKey = "sk_live_planted_4242"

// leaks reports whether text shows the planted key in any spelling.
func leaks(text string) bool {
	octets := strings.Trim(strings.ReplaceAll(fmt.Sprint([]byte(plantedKey)), " ", ", "), "[]")
	for _, shape := range []string{
		plantedKey, "planted", octets, strings.ReplaceAll(octets, ",", ""),
		hex.EncodeToString([]byte(plantedKey)),
		base64.StdEncoding.EncodeToString([]byte(plantedKey))[:20],
		url.QueryEscape(plantedKey),
	} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(shape)) {
			return true
		}
	}
	return false
}

// holder is what somebody might build around a Secret.
type holder struct {
	Public  Secret
	hidden  Secret
	Pointer *Secret
	pointer *Secret
	slice   []Secret
	byName  map[string]Secret
	bySelf  map[Secret]string
	array   [1]Secret
	any     any
	deep    struct{ deeper struct{ deepest Secret } }
	probe   Probe
}

type xmlHolder struct {
	Key       Secret
	Attribute Secret `xml:",attr"`
}

func held() (Secret, holder) {
	s := NewSecret(plantedKey)
	h := holder{Public: s, hidden: s, Pointer: &s, pointer: &s, slice: []Secret{s}, any: s,
		byName: map[string]Secret{"key": s}, bySelf: map[Secret]string{s: "key"}, array: [1]Secret{s}, probe: Probe{Key: s}}
	h.deep.deeper.deepest = s
	return s, h
}

func TestNoVerbPrintsASecretHoweverDeepItIsHidden(t *testing.T) {
	s, h := held()
	for _, value := range []any{s, &s, h, &h, []any{s, h}, map[string]any{"k": h}, h.hidden, h.slice, h.byName, h.bySelf, h.probe, &h.probe} {
		for _, flags := range []string{"", "+", "#", "-", " ", "0", "+#", "# ", "40", ".3", "#.5"} {
			for _, verb := range "vTtbcdoOqxXUeEfFgGsp!zw" {
				format := "%" + flags + string(verb)
				if got := fmt.Sprintf(format, value); leaks(got) {
					t.Errorf("Sprintf(%q, %T): leaks: %s", format, value, got)
				}
			}
		}
		if got := fmt.Sprint(value) + fmt.Sprintln(value) + fmt.Errorf("%v", value).Error(); leaks(got) {
			t.Errorf("Sprint(%T): leaks: %s", value, got)
		}
	}
}

func TestNoEncoderWritesASecret(t *testing.T) {
	_, h := held()
	exported := struct {
		Key  Secret
		Keys []Secret
		Ptr  *Secret
		Name map[string]Secret
	}{h.Public, h.slice, h.Pointer, h.byName}
	tests := map[string]func() ([]byte, error){
		"json":         func() ([]byte, error) { return json.Marshal(exported) },
		"json holder":  func() ([]byte, error) { return json.Marshal(h) },
		"json map key": func() ([]byte, error) { return json.Marshal(h.bySelf) },
		"json probe":   func() ([]byte, error) { return json.Marshal(h.probe) },
		"yaml":         func() ([]byte, error) { return yaml.Marshal(exported) },
		"xml":          func() ([]byte, error) { return xml.Marshal(xmlHolder{h.Public, h.Public}) },
		"expvar":       func() ([]byte, error) { return []byte(expvar.Func(func() any { return exported }).String()), nil },
	}
	for name, encode := range tests {
		t.Run(name, func(t *testing.T) {
			text, err := encode()
			if err != nil || leaks(string(text)) {
				t.Errorf("got %s, %v", text, err)
			}
		})
	}
	t.Run("gob refuses", func(t *testing.T) {
		var b bytes.Buffer
		err := gob.NewEncoder(&b).Encode(struct{ Key Secret }{h.Public})
		if err == nil || leaks(b.String()+err.Error()) {
			t.Errorf("got %q, %v", b.String(), err)
		}
	})
	t.Run("template", func(t *testing.T) {
		var b bytes.Buffer
		err := template.Must(template.New("").Parse(`{{.Public}} {{printf "%x %#v" .Public .}} {{js .Public}} {{html .}}`)).Execute(&b, h)
		if err != nil || leaks(b.String()) {
			t.Errorf("got %s, %v", b.String(), err)
		}
	})
}

func TestNoLoggerWritesASecret(t *testing.T) {
	s, h := held()
	var b bytes.Buffer
	options := &slog.HandlerOptions{AddSource: true, Level: slog.LevelDebug}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&b, options), slog.NewJSONHandler(&b, options)} {
		log := slog.New(handler).With("secret", s, "holder", h)
		log.Info("message", "key", s, "pointer", &s, "holder", &h, "list", []Secret{s}, "probe", h.probe,
			slog.Group("group", "key", s), "err", fmt.Errorf("with %v: %w", s, errors.New("cause")))
	}
	if b.Len() == 0 || leaks(b.String()) {
		t.Errorf("got %s", b.String())
	}
}

// walk follows everything that reflection reaches, unexported fields and
// pointers included, as spew and go-cmp's exporter do.
func walk(v reflect.Value, out *strings.Builder, depth int) {
	if depth > 20 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), out, depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), out, depth+1)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walk(v.Index(i), out, depth+1)
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			walk(entries.Key(), out, depth+1)
			walk(entries.Value(), out, depth+1)
		}
	case reflect.String:
		out.WriteString(v.String() + "\n")
	}
}

func TestPrintersThatFollowPointersDoNotReachASecret(t *testing.T) {
	_, h := held()
	other := holder{hidden: NewSecret("another")}
	var out strings.Builder
	walk(reflect.ValueOf(h), &out, 0)
	if leaks(out.String()) {
		t.Errorf("a walk reached it: %s", out.String())
	}
	everything := cmp.Exporter(func(reflect.Type) bool { return true })
	if got := cmp.Diff(h.hidden, other.hidden, everything); got == "" || leaks(got) {
		t.Errorf("cmp.Diff: got %q", got)
	}
	if got := cmp.Diff(h.probe, Probe{Key: other.hidden}, everything); leaks(got) {
		t.Errorf("cmp.Diff: leaks %s", got)
	}
}

func TestAPanicWithASecretDoesNotTellIt(t *testing.T) {
	_, h := held()
	defer func() {
		if got := fmt.Sprint(recover()); leaks(got) {
			t.Errorf("leaks: %s", got)
		}
	}()
	panic(h)
}

func TestReadingASecretFromADocumentRefusesWithoutQuotingIt(t *testing.T) {
	for _, text := range []string{`"` + plantedKey + `"`, `{"value":"` + plantedKey + `"}`, `["` + plantedKey + `"]`, `{"` + plantedKey + `":1}`} {
		var s Secret
		err := json.Unmarshal([]byte(text), &s)
		if err == nil || leaks(err.Error()) || !s.IsZero() {
			t.Errorf("json %s: got %v", text, err)
		}
		if err := yaml.Unmarshal([]byte(text), &s); err != nil && leaks(err.Error()) || !s.IsZero() {
			t.Errorf("yaml %s: got %v", text, err)
		}
	}
}

func TestClearTakesTheKeyFromAllCopies(t *testing.T) {
	s, h := held()
	for _, c := range []Secret{s, h.hidden, *h.pointer, h.byName["key"], h.probe.Key} {
		if c.Reveal() != plantedKey || c.IsZero() {
			t.Fatalf("got %q before Clear", c.Reveal())
		}
	}
	h.hidden.Clear()
	h.hidden.Clear()
	for _, c := range []Secret{s, h.hidden, *h.pointer, h.byName["key"], h.probe.Key} {
		if c.Reveal() != "" || !c.IsZero() {
			t.Errorf("got %q after Clear", c.Reveal())
		}
	}
}

func TestTheZeroSecretIsNoKey(t *testing.T) {
	for _, s := range []Secret{{}, NewSecret("")} {
		s.Clear()
		if !s.IsZero() || s.Reveal() != "" {
			t.Errorf("got %q", s.Reveal())
		}
	}
}

func TestClearWhileOthersRevealGivesTheWholeKeyOrNone(t *testing.T) {
	s := NewSecret(plantedKey)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				if got := s.Reveal(); got != plantedKey && got != "" {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	all.Go(s.Clear)
	all.Wait()
}
