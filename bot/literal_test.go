package bot

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestAFinderFindsWhatItsPatternDoes compares on everything that people say in
// the labelled dialogues, and on its clauses.
func TestAFinderFindsWhatItsPatternDoes(t *testing.T) {
	files, _ := filepath.Glob("testdata/dialogs/*.jsonl")
	said := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var d struct{ Turns []struct{ User string } }
			if err := json.Unmarshal(line, &d); err != nil {
				t.Fatal(err)
			}
			for _, turn := range d.Turns {
				for _, clause := range append(clausesOf(turn.User), turn.User) {
					said++
					words := mend(plainWords(clause))
					for i, r := range recognisers {
						if got, want := finders()[i].matches(words), r.pattern.MatchString(words); got != want {
							t.Errorf("%q: recogniser %d: got %v, want %v", words, i, got, want)
						}
					}
				}
			}
		}
	}
	if said < 900 {
		t.Errorf("compared %d texts", said)
	}
	for i, f := range finders() {
		if f.pieces == nil {
			t.Logf("recogniser %d is run on every text", i)
		}
	}
}
