package bot_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"apihelp/bot"
	"apihelp/knowledge"
	"apihelp/sessions"
)

var update = flag.Bool("update", false, "rewrite the bot's lines in testdata/talk")

// TestTalk plays the transcripts in testdata/talk. In each, "> " is what a
// person writes, "bob> " what another one does, "~ " the new text of the message
// above, and "+25h" time that passes; "(dm)" and "(overheard)" before a text say how
// it comes. Below stand the act, the topic and the step, and what the bot says. The
// part guide.md, if there is one, is the guide.
func TestTalk(t *testing.T) {
	files, err := filepath.Glob("testdata/talk/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("got transcripts %q, error %v", files, err)
	}
	turns := 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			guide := knowledge.Default()
			talk := -1
			for i, f := range archive.Files {
				switch f.Name {
				case "guide.md":
					guide, err = knowledge.Parse(knowledge.File{Name: f.Name, Src: f.Data})
					if err != nil {
						t.Fatal(err)
					}
				case "talk":
					talk = i
				}
			}
			want := string(archive.Files[talk].Data)
			got, n := play(guide, want)
			turns += n
			if *update {
				archive.Files[talk].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the talk went another way (-want +got):\n%s", diff)
			}
		})
	}
	if turns < 600 {
		t.Errorf("got %d turns in all transcripts, want at least 600", turns)
	}
}

// line is what a transcript says that somebody writes.
var line = regexp.MustCompile(`^(\w*)([>~]) (\(dm\) |\(overheard\) )?(.*)$`)

// play holds the conversation of a transcript anew.
func play(g *knowledge.Guide, talk string) (string, int) {
	var out strings.Builder
	var s sessions.Session
	n := 0
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for text := range strings.Lines(talk) {
		text = strings.TrimRight(text, "\n")
		if pause, err := time.ParseDuration(text); err == nil && strings.HasPrefix(text, "+") {
			at = at.Add(pause)
			fmt.Fprintf(&out, "%s\n\n", text)
			continue
		}
		said := line.FindStringSubmatch(text)
		if said == nil {
			continue
		}
		m := bot.Message{ID: fmt.Sprint(n + 1), Text: strings.ReplaceAll(said[4], `\n`, "\n"), At: at, From: bot.User{ID: "U" + said[1]}}
		m.Direct, m.Overheard = said[3] == "(dm) ", said[3] == "(overheard) "
		if said[2] == "~" {
			m.ID, m.Edits = m.ID+"e", fmt.Sprint(n)
		} else {
			n++
		}
		s.Observe(m.ID)
		p := bot.Hold(g, s, m)
		s = p.Session
		fmt.Fprintf(&out, "%s\n%s", text, outcome(p))
	}
	return out.String(), n
}

// outcome writes down what a plan does.
func outcome(p bot.Plan) string {
	var out strings.Builder
	fmt.Fprintf(&out, "[%s", p.Act)
	if p.Topic != "" {
		fmt.Fprintf(&out, " %s", p.Topic)
	}
	if p.Step > 0 {
		fmt.Fprintf(&out, " step %d", p.Step)
	}
	out.WriteString("]\n")
	for _, r := range p.Replies {
		if r.Private {
			out.WriteString("(to the writer alone)\n")
		}
		out.WriteString(r.Plain() + "\n")
	}
	out.WriteString("\n")
	return out.String()
}
