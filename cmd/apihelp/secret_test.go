package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAKeyIsRevealedAtOnePlace holds the program to one place that reads a key
// that was handed in.
func TestAKeyIsRevealedAtOnePlace(t *testing.T) {
	var places []string
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		for range bytes.Count(src, []byte(".Reveal()")) {
			places = append(places, filepath.ToSlash(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(places) != 1 || !strings.HasSuffix(places[0], "bot/check/credential.go") {
		t.Errorf("keys are revealed in %q, want one place in bot/check/credential.go", places)
	}
}
