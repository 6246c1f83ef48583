package bot_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/bot"
	"apihelp/sessions"
)

// readPhrases reads the catalogue of one language.
func readPhrases(t *testing.T, language string) map[string]string {
	t.Helper()
	data, err := os.ReadFile("phrases/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	phrases := map[string]string{}
	if err := json.Unmarshal(data, &phrases); err != nil {
		t.Fatalf("phrases of %s: %v", language, err)
	}
	return phrases
}

// languages are those that there is a catalogue of.
func languages(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("phrases/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("got catalogues %q, error %v, want two at least", files, err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".json")
	}
	return files
}

var gap = regexp.MustCompile(`\{[^{}]*\}`)

func TestEveryLanguageSaysWhatEnglishSaysWithTheSameGaps(t *testing.T) {
	english := readPhrases(t, "en")
	for _, language := range languages(t) {
		t.Run(language, func(t *testing.T) {
			for key, phrase := range readPhrases(t, language) {
				original, ok := english[key]
				if !ok {
					t.Errorf("English has no %s", key)
				}
				want, got := gap.FindAllString(original, -1), gap.FindAllString(phrase, -1)
				slices.Sort(want)
				slices.Sort(got)
				if diff := cmp.Diff(want, got); ok && diff != "" {
					t.Errorf("%s has other gaps than in English (-want +got):\n%s", key, diff)
				}
				if rest := gap.ReplaceAllString(phrase, ""); strings.TrimSpace(phrase) == "" || strings.ContainsAny(rest, "{}") {
					t.Errorf("%s is %q", key, phrase)
				}
			}
		})
	}
}

func TestNoTwoChoicesAreCalledAlike(t *testing.T) {
	called := map[string]string{}
	for _, language := range languages(t) {
		for key, label := range readPhrases(t, language) {
			if !strings.HasPrefix(key, "choice.") {
				continue
			}
			if other, ok := called[strings.ToLower(label)]; ok && other != key {
				t.Errorf("%s and %s are both called %q", key, other, label)
			}
			called[strings.ToLower(label)] = key
		}
	}
}

// wanted are the phrases that the code asks for.
type wanted struct {
	asked    map[string]bool // named where a phrase is filled in
	literals map[string]bool // all texts of the code, for a name can take detours
}

// takers are what takes the name of a phrase, and what it puts before it.
var takers = map[string]string{"say": "", "para": "", "rich": "", "template": "", "handoff": "", "choice": "choice.", "add": "fact."}

// readWanted looks through the source of the package.
func readWanted(t *testing.T) wanted {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("got source files %q, error %v", files, err)
	}
	w := wanted{asked: map[string]bool{}, literals: map[string]bool{}}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			w.read(n)
			return true
		})
	}
	for _, b := range defaultGuide().Bindings() {
		w.asked["see."+b.Concept] = true // what a kind of trouble looks like
	}
	return w
}

// read takes down what one node of the source says about phrases.
func (w wanted) read(n ast.Node) {
	if text, ok := literal(n); ok {
		w.literals[text] = true
	}
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return
	}
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	prefix, ok := takers[name]
	if key, named := literal(call.Args[0]); ok && named {
		w.asked[prefix+key] = true
	}
}

// literal returns the text of a string that stands in the source.
func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

func TestEnglishHasThePhrasesThatTheCodeAsksForAndNoOthers(t *testing.T) {
	english, w := readPhrases(t, "en"), readWanted(t)
	if len(w.asked) < 50 {
		t.Fatalf("got %d phrases that the code asks for, want most of the %d", len(w.asked), len(english))
	}
	for _, key := range slices.Sorted(maps.Keys(w.asked)) {
		if _, ok := english[key]; !ok {
			t.Errorf("English has no %s, which the code asks for", key)
		}
	}
	var none []string
	for _, key := range slices.Sorted(maps.Keys(english)) {
		if !w.asked[key] && !w.literals[key] {
			none = append(none, key)
		}
	}
	if none != nil {
		t.Errorf("nobody asks for %q", none)
	}
}

// sayIn holds a conversation in a language and returns its plans.
func sayIn(language string, texts ...string) []bot.Plan {
	var s sessions.Session
	var plans []bot.Plan
	for i, text := range texts {
		p := bot.Hold(defaultGuide(), s, bot.Message{ID: strconv.Itoa(i), Text: text, Lang: language, Able: bot.Able{Check: true}})
		plans, s = append(plans, p), p.Session
	}
	return plans
}

func TestADialogueInGermanSpeaksNoEnglishOfItsOwn(t *testing.T) {
	german := readPhrases(t, "de")
	var english []string // what is only said in English, as far as it is telling
	for key, phrase := range readPhrases(t, "en") {
		for _, part := range gap.Split(phrase, -1) {
			if len(part) > 11 && !strings.Contains(german[key], part) {
				english = append(english, part)
			}
		}
	}
	for _, texts := range [][]string{
		{"hallo", "CONN_RESET on every upload. And users must log in again each morning", "why?", "next", "which port?", "skip", "ok", "show me all the steps", "still the same", "no luck", "nope", "human", "resume", "it worked", "yes"},
		{"what can you do", "what's for lunch", "next", "requests take forever and then die", "none of these", "getting a 401", "1", "that was not helpful", "never mind"},
		{"is my api key valid?", "run live check", "sk_live_FAKE000111222333", "it is only a test key", "deleted it", "start over", "429 with Authorization: Bearer YOUR_API_KEY", "you idiot"},
	} {
		for i, p := range sayIn("de-AT", texts...) {
			for _, r := range p.Replies {
				for _, part := range english {
					if said := r.Plain(); strings.Contains(said, part) {
						t.Errorf("to %q, it says %q in\n%s", texts[i], part, said)
					}
				}
			}
		}
	}
}

func TestALanguageWithoutPhrasesIsAnsweredInEnglish(t *testing.T) {
	texts := []string{"hello", "CONN_RESET", "next"}
	want := sayIn("en", texts...)
	for _, language := range []string{"", "en-GB", "xx", "-"} {
		for i, p := range sayIn(language, texts...) {
			if diff := cmp.Diff(want[i].Replies, p.Replies); diff != "" {
				t.Errorf("language %q is answered in another way than English:\n%s", language, diff)
			}
		}
	}
}

func TestTypingAGermanLabelDoesWhatTheButtonDoes(t *testing.T) {
	for _, texts := range [][]string{
		{"CONN_RESET"}, {"getting a 401"}, {"getting a 503"}, {"slow response times", "next", "next", "next", "next"}, {"what's for lunch"},
		{"requests take forever and then die"}, {"CONN_RESET", "human"}, {"is my api key valid?"}, {"run live check"},
	} {
		plans := sayIn("de", texts...)
		choices := choicesOf(plans[len(plans)-1])
		if len(choices) == 0 {
			t.Errorf("after %q there is nothing to choose", texts)
		}
		for _, c := range choices {
			pressed := sayIn("de", append(slices.Clone(texts), c.Say)...)[len(texts)]
			typed := sayIn("de", append(slices.Clone(texts), strings.ToLower(c.Label))...)[len(texts)]
			if pressed.Act != typed.Act || pressed.Topic != typed.Topic || pressed.Step != typed.Step {
				t.Errorf("after %q, pressing %q gives %s %s step %d, typing it %s %s step %d", texts, c.Label,
					pressed.Act, pressed.Topic, pressed.Step, typed.Act, typed.Topic, typed.Step)
			}
		}
	}
}
