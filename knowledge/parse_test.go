package knowledge

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/parse")

// Each archive holds the files of a guide and, as "want", what they are read
// as.
func TestGuidesAreReadAsTheGoldenFilesSay(t *testing.T) {
	archives, err := filepath.Glob("testdata/parse/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("got %d archives, %v, want some", len(archives), err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var files []File
			want := ""
			kept := archive.Files[:0:0]
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				kept = append(kept, f)
				files = append(files, File{Name: f.Name, Src: f.Data})
			}
			got := dump(Parse(files...))
			if *update {
				archive.Files = append(kept, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("got another guide than the golden file has (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheDefaultGuideHasNoFaults(t *testing.T) {
	g := Default()
	if len(g.Faults) > 0 {
		t.Errorf("got faults %v, want none", g.Faults)
	}
	if e := g.Entry("rate-limiting"); e == nil || e.Title != "Rate Limiting" {
		t.Errorf("got entry %v, want the topic Rate Limiting", e)
	}
}

func BenchmarkParseDefault(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(defaultFile()); err != nil {
			b.Fatal(err)
		}
	}
}

// dump shows a guide in a form that people can check.
func dump(g *Guide, err error) string {
	var b strings.Builder
	if err != nil {
		return "error:\n" + err.Error() + "\n"
	}
	for _, e := range g.Entries {
		dumpEntry(&b, e)
	}
	for _, f := range g.Faults {
		fmt.Fprintf(&b, "fault %s\n", f.Error())
	}
	return b.String()
}

func dumpEntry(b *strings.Builder, e *Entry) {
	kind := map[EntryKind]string{Topic: "topic", Code: "code"}[e.Kind]
	fmt.Fprintf(b, "%s %s %q in %q at %s:%d\n", kind, e.ID, e.Title, e.Category, e.Pos.File, e.Pos.Line)
	step := 0
	for _, p := range e.Body {
		switch p.Kind {
		case Codes:
			fmt.Fprintf(b, "  codes %s\n", ids(p.Codes))
		case Steps:
			for _, item := range p.Items {
				step++
				fmt.Fprintf(b, "  step %d: %s\n", step, show(item))
			}
		default:
			for _, item := range p.Items {
				fmt.Fprintf(b, "  %s: %s\n", map[PartKind]string{Prose: "prose", List: "bullet", Listing: "listing " + p.Lang}[p.Kind], show(item))
			}
		}
	}
	h := e.Hints
	for _, line := range []struct{ name, value string }{
		{"aliases", strings.Join(h.Aliases, " | ")},
		{"symptoms", strings.Join(h.Symptoms, " | ")},
		{"not-symptoms", strings.Join(h.NotSymptoms, " | ")},
		{"hinted codes", strings.Join(h.Codes, " | ")},
		{"checks", strings.Join(h.Checks, " | ")},
		{"escalate-to", h.EscalateTo},
		{"meaning", show(e.Meaning)},
		{"solution", show(e.Solution)},
		{"related", ids(e.Related)},
	} {
		if line.value != "" {
			fmt.Fprintf(b, "  %s: %s\n", line.name, line.value)
		}
	}
}

func ids(entries []*Entry) string {
	var s []string
	for _, e := range entries {
		s = append(s, e.ID)
	}
	return strings.Join(s, " ")
}

// show writes rich text with marks for its styles.
func show(r Rich) string {
	var b strings.Builder
	for _, s := range r {
		text := strings.ReplaceAll(s.Text, "\n", "⏎")
		for _, m := range []struct {
			style Style
			mark  string
		}{{Mono, "`"}, {Strike, "~"}, {Italic, "_"}, {Bold, "**"}} {
			if s.Style&m.style != 0 {
				text = m.mark + text + m.mark
			}
		}
		if s.URL != "" {
			text = "[" + text + "](" + s.URL + ")"
		}
		b.WriteString(text)
	}
	return b.String()
}
