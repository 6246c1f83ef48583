package credential_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// keyed is how many of the corpus's messages have something in the form of a
// key, such as "sk_live_abc123EXAMPLE".
const keyed = 5

func TestOrdinaryMessagesStay(t *testing.T) {
	files, err := filepath.Glob("../../../knowledge/model/corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("got no corpus: %v", err)
	}
	var changed []string
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for in := bufio.NewScanner(f); in.Scan(); {
			var l struct{ Text string }
			if err := json.Unmarshal(in.Bytes(), &l); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := redact(l.Text); got != l.Text {
				changed = append(changed, got)
			}
		}
	}
	if len(changed) > keyed {
		t.Errorf("got %d messages redacted, want at most %d: %q", len(changed), keyed, changed)
	}
}
