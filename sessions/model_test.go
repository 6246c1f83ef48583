package sessions_test

import (
	"errors"
	"strings"
	"testing"

	"apihelp/sessions"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestAnyInterleavingOfWritersFollowsTheModel lets writers load and commit in
// any order, each with what it loaded last, against the plainest store there
// could be.
func TestAnyInterleavingOfWritersFollowsTheModel(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		l := sessions.Lane{Name: strings.Repeat("x", runs)}
		texts := []string{"a", "b", "{b}"}
		kept := map[string]sessions.Session{}
		held := make([]map[string]sessions.Session, 3) // by writer
		for w := range held {
			held[w] = map[string]sessions.Session{}
		}
		var replies int64
		load := func(rt *rapid.T) {
			w, c := rapid.IntRange(0, 2).Draw(rt, "writer"), rapid.SampledFrom(texts).Draw(rt, "conversation")
			got, err := s.Load(t.Context(), sessions.Key{Lane: l, Conversation: c})
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(kept[c], got); diff != "" {
				rt.Fatal(diff)
			}
			held[w][c] = got
		}
		save := func(rt *rapid.T) {
			w, c := rapid.IntRange(0, 2).Draw(rt, "writer"), rapid.SampledFrom(texts).Draw(rt, "conversation")
			sess := held[w][c]
			sess.Step = rapid.Int().Draw(rt, "step")
			n := rapid.IntRange(0, 3).Draw(rt, "replies")
			got, err := s.Commit(t.Context(), sessions.Key{Lane: l, Conversation: c}, sess, payloads(numbered("r", n))...)
			if sess.Version != kept[c].Version {
				if !errors.Is(err, sessions.ErrConflict) {
					rt.Fatalf("got %v, want ErrConflict", err)
				}
				return
			}
			if err != nil {
				rt.Fatal(err)
			}
			sess.Version++
			if diff := cmp.Diff(sess, got); diff != "" {
				rt.Fatal(diff)
			}
			kept[c], held[w][c] = got, got
			replies += int64(n)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"load": load, "commit": save,
			"": func(rt *rapid.T) {
				if got := outboxLen(t, s, l); got != replies {
					rt.Fatalf("got %d replies, want %d", got, replies)
				}
			},
		})
	})
}

// FuzzKeysAreInjective checks that two conversations never share a key, and
// that nothing in a name moves it to another slot of a Cluster than its
// outbox.
func FuzzKeysAreInjective(f *testing.F) {
	f.Add("slack", "c", "slack.1", "c")
	f.Add("a}", "", "a", "}")
	f.Add("{", "x", "%7B", "x")
	f.Add("", "", ".", "")
	f.Add("é", "\xff", "\xff", "é")
	f.Fuzz(func(t *testing.T, lane1, c1, lane2, c2 string) {
		k1 := sessions.Key{Lane: sessions.Lane{Name: lane1}, Conversation: c1}
		k2 := sessions.Key{Lane: sessions.Lane{Name: lane2}, Conversation: c2}
		s1, s2 := sessions.SessionKey(k1), sessions.SessionKey(k2)
		if (s1 == s2) != (k1 == k2) {
			t.Errorf("%+v and %+v have keys %q and %q", k1, k2, s1, s2)
		}
		if tag(s1) == "" || tag(s1) != tag(sessions.OutboxKey(k1)) {
			t.Errorf("%+v: got tags %q and %q", k1, tag(s1), tag(sessions.OutboxKey(k1)))
		}
		if sessions.OutboxKey(k1) == sessions.OutboxKey(k2) && lane1 != lane2 {
			t.Errorf("lanes %q and %q share an outbox", lane1, lane2)
		}
	})
}

// tag returns what Redis makes a Cluster's slot of: the text between the first
// brace and the next closing one.
func tag(key string) string {
	_, rest, _ := strings.Cut(key, "{")
	tag, _, _ := strings.Cut(rest, "}")
	return tag
}

func TestKeysAreStable(t *testing.T) {
	t.Parallel()
	// What is kept in a Redis somewhere has these names.
	for want, k := range map[string]sessions.Key{
		"apihelp:{slack.5}:session:T1/C1/1.2":  {Lane: sessions.Lane{Name: "slack"}, Conversation: "T1/C1/1.2"},
		"apihelp:{console.0}:session:terminal": {Lane: sessions.Lane{Name: "console", Local: true}, Conversation: "terminal"},
		"apihelp:{a%7Db%2Fc.0}:session:":       {Lane: sessions.Lane{Name: "a}b/c"}, Conversation: ""},
	} {
		if got := sessions.SessionKey(k); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
