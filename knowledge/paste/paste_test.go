package paste

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

var update = flag.Bool("update", false, "write what is found into testdata")

// render prints what Read found, one finding a line, noise left out.
func render(text string) string {
	var b strings.Builder
	p := Read(text)
	if p.Client != "" {
		fmt.Fprintf(&b, "client %s\n", p.Client)
	}
	for _, s := range p.Statuses {
		fmt.Fprintf(&b, "status %d (%s)\n", s.Code, s.Where)
	}
	for _, v := range p.Values {
		fmt.Fprintf(&b, "value %s = %q\n", v.Field, v.Text)
	}
	if !p.Cause.Empty() {
		fmt.Fprintf(&b, "cause %q\n", text[p.Cause.Start:p.Cause.End])
	}
	return b.String()
}

// TestPastes reads every paste of testdata: each file of an archive is a
// paste, and the file of the same name with .want is what is found in it.
func TestPastes(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("got %d archives, %v", len(archives), err)
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(a.Files); i += 2 {
			in, want := a.Files[i], a.Files[i+1]
			t.Run(in.Name, func(t *testing.T) {
				if want.Name != in.Name+".want" {
					t.Fatalf("got %s behind %s, want %s.want", want.Name, in.Name, in.Name)
				}
				got := render(strings.ReplaceAll(string(in.Data), "␛", "\x1b"))
				if *update {
					a.Files[i+1].Data = []byte(got)
				} else if diff := cmp.Diff(string(want.Data), got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
