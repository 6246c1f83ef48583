package knowledge

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// write makes a file and the folders above it.
func write(t *testing.T, src string, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
}

func topicIDs(g *Guide) []string {
	var ids []string
	for _, e := range g.Entries {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestAFolderIsReadInTheOrderOfItsPaths(t *testing.T) {
	dir := t.TempDir()
	write(t, "# B\ntext\n", dir, "b.md")
	write(t, "# A\ntext\n", dir, "a", "z.markdown")
	write(t, "# Big\ntext\n", dir, "c.MD")
	write(t, "# No\ntext\n", dir, "notes.txt")
	write(t, "# No\ntext\n", dir, ".hidden.md")
	write(t, "# No\ntext\n", dir, ".git", "x.md")
	write(t, "# Real\ntext\n", dir, "..2026_01", "real.md")
	for link, target := range map[string]string{"..data": "..2026_01", "real.md": "..data/real.md", "folder.md": "a"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	g, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a/z.markdown#a", "b.md#b", "c.MD#big", "real.md#real"}, topicIDs(g)); diff != "" {
		t.Error(diff)
	}
}

func TestAFolderOfOneFileHasPlainIDs(t *testing.T) {
	dir := t.TempDir()
	write(t, "# B\ntext\n##\n", dir, "sub", "b.md")
	g, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b"}, topicIDs(g)); diff != "" {
		t.Error(diff)
	}
	if got := g.Faults[0].Error(); !strings.HasPrefix(got, "sub/b.md:3: ") {
		t.Errorf("got %q, want it to begin with the path within the folder", got)
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"gone.md", "away.md"} {
		if err := os.Symlink("nowhere", filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, strings.Repeat("a", maxFileSize+10), dir, "large", "large.md")
	tests := []struct {
		path string
		want []string
	}{
		{"missing.md", []string{"missing.md"}},
		{"empty", []string{"no *.md file"}},
		{".", []string{"gone.md", "away.md"}},
		{"large", []string{"large.md:1: ", "4 MiB"}},
		{"large/large.md", []string{"large/large.md:1: ", "4 MiB"}},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			g, err := Read(filepath.Join(dir, tt.path))
			if err == nil {
				t.Fatalf("got %d entries, want an error", len(g.Entries))
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want it to contain %q", err, want)
				}
			}
		})
	}
}

func TestTheEmptyPathIsTheDefaultGuide(t *testing.T) {
	g, err := Read("")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(topicIDs(Default()), topicIDs(g)); diff != "" {
		t.Error(diff)
	}
}

func TestTheSourceIsLeftAlone(t *testing.T) {
	src := []byte("---\na: b\n---\r\n# T\r\n1. a\r\n")
	before := string(src)
	if _, err := Parse(File{Name: "g.md", Src: src}); err != nil {
		t.Fatal(err)
	}
	if string(src) != before {
		t.Errorf("got %q, want %q", src, before)
	}
}
