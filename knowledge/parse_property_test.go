package knowledge

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func FuzzParse(f *testing.F) {
	archives, _ := filepath.Glob("testdata/parse/*.txtar")
	for _, name := range archives {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte("# a\n- `x`:\n\n|a|\n|-|\n|\n"))
	f.Add([]byte("# 0\n`\v`"))
	f.Add([]byte("# a\n1. \n<!--codes:-->\n```"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file := File{Name: "g.md", Src: src}
		g, err := Parse(file)
		checkInvariants(t, src, g, err)
		g, err = Parse(file, File{Name: "h.md", Src: src})
		checkInvariants(t, src, g, err)
	})
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkInvariants checks what holds for every guide.
func checkInvariants(t fataler, src []byte, g *Guide, err error) {
	t.Helper()
	lines := 1 + strings.Count(strings.ReplaceAll(strings.ReplaceAll(string(src), "\r\n", "\n"), "\r", "\n"), "\n")
	placed := func(p Pos) bool { return (p.File == "g.md" || p.File == "h.md") && p.Line >= 1 && p.Line <= lines }
	for _, f := range faultsOf(g, err) {
		if !placed(f.Pos) || f.Msg == "" {
			t.Fatalf("got fault %v, want one within %d lines", f, lines)
		}
	}
	if err != nil {
		return
	}
	seen := map[string]bool{}
	for _, e := range g.Entries {
		if e.ID == "" || seen[e.ID] || g.Entry(e.ID) != e {
			t.Fatalf("got ID %q, want another for each entry", e.ID)
		}
		seen[e.ID] = true
		if !placed(e.Pos) || e.Title == "" {
			t.Fatalf("got entry %q %q at %v, want a title and a place within %d lines", e.ID, e.Title, e.Pos, lines)
		}
		for _, r := range e.Related {
			if r.Kind == e.Kind || g.Entry(r.ID) != r {
				t.Fatalf("got %q related to %q, want codes with topics only", e.ID, r.ID)
			}
		}
		for _, p := range e.Body {
			checkPart(t, e, p)
		}
	}
}

func checkPart(t fataler, e *Entry, p Part) {
	t.Helper()
	if (p.Kind == Codes) != (len(p.Codes) > 0) || (p.Kind == Codes) == (len(p.Items) > 0) {
		t.Fatalf("got a part of kind %d with %d items and %d codes in %q", p.Kind, len(p.Items), len(p.Codes), e.ID)
	}
	for _, item := range p.Items {
		if strings.TrimSpace(item.String()) == "" {
			t.Fatalf("got an empty item in %q", e.ID)
		}
		for _, s := range item {
			if s.Text == "" || s.URL != "" && !strings.HasPrefix(s.URL, "http") && !strings.HasPrefix(s.URL, "mailto:") {
				t.Fatalf("got span %+v in %q", s, e.ID)
			}
		}
	}
}

// A guideWriter writes guides in which every word is another.
type guideWriter struct {
	t     *rapid.T
	b     strings.Builder
	words []string
}

func (w *guideWriter) word() string {
	word := fmt.Sprintf("w%dx", len(w.words))
	w.words = append(w.words, word)
	return word
}

// text writes words in one line, each in some style.
func (w *guideWriter) text() string {
	var parts []string
	for range rapid.IntRange(1, 4).Draw(w.t, "words") {
		style := rapid.SampledFrom([]string{"%s", "**%s**", "_%s_", "`%s`", "~~%s~~", "[%s](https://example.com)", "[%s](rel.md)",
			"![%s](x.png)", "<b>%s</b>", "<div>%s</div>", "***%s***", "%s\\", "&lt;%s", "http://%s.com", "\\*%s", "[%s]", "**%s"}).Draw(w.t, "style")
		parts = append(parts, fmt.Sprintf(style, w.word()))
	}
	return strings.Join(parts, rapid.SampledFrom([]string{" ", ", ", " - "}).Draw(w.t, "between"))
}

func (w *guideWriter) line(indent, format string, args ...any) {
	fmt.Fprintf(&w.b, indent+format+"\n", args...)
}

func (w *guideWriter) block(indent string, depth int) {
	switch kind := rapid.IntRange(0, 8).Draw(w.t, "block"); {
	case kind == 0 && depth == 0:
		w.line(indent, "| %s | %s |\n%[3]s|---|---|\n%[3]s| %[4]s | %[5]s |", w.word(), w.word(), indent, w.text(), w.text())
	case kind == 1 && depth == 0:
		w.line(indent, "| Code | Meaning |\n|---|---|\n| %s | %s |\n| E_%s | %s |", w.text(), w.text(), w.word(), w.text())
	case kind == 2:
		w.line(indent, "```\n%s%s\n%s```", indent, w.word(), indent)
	case kind == 3:
		w.line(indent, "> %s\n%s> %s", w.text(), indent, w.text())
	case kind == 4:
		w.line(indent, "- `E_%s`: %s\n%s- %s", w.word(), w.text(), indent, w.text())
	case kind >= 5 && kind <= 6 && depth < 3:
		for i := range rapid.IntRange(1, 3).Draw(w.t, "items") {
			marker := []string{"- ", fmt.Sprintf("%d. ", i+1)}[kind-5]
			w.line(indent, "%s%s", marker, w.text())
			if rapid.Bool().Draw(w.t, "nest") {
				w.b.WriteString("\n")
				w.block(indent+strings.Repeat(" ", len(marker)), depth+1)
			}
		}
	default:
		w.line(indent, "%s\n%s%s", w.text(), indent, w.text())
	}
	w.b.WriteString("\n")
}

// Whatever an author writes is in the guide, or a fault names its line.
func TestNoWordIsSilentlyDropped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &guideWriter{t: t}
		if rapid.Bool().Draw(t, "lost") {
			w.line("", "%s\n", w.text())
		}
		for range rapid.IntRange(1, 4).Draw(t, "sections") {
			w.line("", "%s %s %s", strings.Repeat("#", rapid.IntRange(1, 3).Draw(t, "level")), w.word(), w.text())
			for range rapid.IntRange(1, 3).Draw(t, "blocks") {
				w.block("", 0)
			}
		}
		src := w.b.String()
		g, err := Parse(File{Name: "g.md", Src: []byte(src)})
		checkInvariants(t, []byte(src), g, err)
		if err != nil {
			return // no guide at all is not silence
		}
		lines := strings.Split(src, "\n")
		text := &strings.Builder{}
		for _, f := range g.Faults {
			text.WriteString(lines[f.Line-1] + "\n")
		}
		text.WriteString(dump(g, nil))
		for _, word := range w.words {
			if !strings.Contains(text.String(), word) {
				t.Fatalf("got no %s in the guide or in a line with a fault:\n%s\n%s", word, src, text)
			}
		}
	})
}
