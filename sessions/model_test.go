package sessions_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"apihelp/sessions"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A model is the plainest store there could be, beside a real one.
type model struct {
	t       *testing.T
	store   *sessions.Store
	lane    sessions.Lane
	base    time.Time                      // alarms are some ms after it
	kept    map[string]sessions.Session    // by conversation
	alarms  map[string]time.Time           // by conversation, also of sessions that expired
	held    [3]map[string]sessions.Session // by writer: what it loaded last
	records map[string][]sessions.Record   // by conversation, which is their Question
	replies int64
}

func newModel(t *testing.T, s *sessions.Store, l sessions.Lane) *model {
	m := &model{
		t: t, store: s, lane: l, base: time.Now().Truncate(time.Second), kept: map[string]sessions.Session{},
		alarms: map[string]time.Time{}, records: map[string][]sessions.Record{},
	}
	for w := range m.held {
		m.held[w] = map[string]sessions.Session{}
	}
	return m
}

func (m *model) draw(rt *rapid.T) (held map[string]sessions.Session, conversation string, k sessions.Key) {
	held = m.held[rapid.IntRange(0, len(m.held)-1).Draw(rt, "writer")]
	conversation = rapid.SampledFrom([]string{"a", "b", "{b}", "*"}).Draw(rt, "conversation")
	return held, conversation, sessions.Key{Lane: m.lane, Conversation: conversation}
}

// time returns one of few, so that alarms meet each other and who asks.
func (m *model) time(rt *rapid.T) time.Time {
	return m.base.Add(time.Duration(rapid.IntRange(0, 5).Draw(rt, "ms")) * time.Millisecond)
}

func (m *model) load(rt *rapid.T) {
	held, c, k := m.draw(rt)
	got, err := m.store.Load(m.t.Context(), k)
	if err != nil {
		rt.Fatal(err)
	}
	if diff := cmp.Diff(m.kept[c], got); diff != "" {
		rt.Fatal(diff)
	}
	held[c] = got
}

func (m *model) commit(rt *rapid.T) {
	held, c, k := m.draw(rt)
	change := sessions.Change{
		Session: held[c],
		Replies: payloads(numbered("r", rapid.IntRange(0, 3).Draw(rt, "replies"))),
		Records: records(c, rapid.IntRange(0, 3).Draw(rt, "records")),
	}
	change.Session.Asked, change.Session.Due = rapid.StringN(0, 8, -1).Draw(rt, "asked"), time.Time{}
	if rapid.Bool().Draw(rt, "armed") {
		change.Session.Due = m.time(rt)
	}
	got, err := m.store.Commit(m.t.Context(), k, change)
	if change.Session.Version != m.kept[c].Version {
		if !errors.Is(err, sessions.ErrConflict) {
			rt.Fatalf("got %v, want ErrConflict", err)
		}
		return
	}
	if err != nil {
		rt.Fatal(err)
	}
	change.Session.Version++
	if diff := cmp.Diff(change.Session, got); diff != "" {
		rt.Fatal(diff)
	}
	m.kept[c], held[c] = got, got
	if delete(m.alarms, c); !got.Due.IsZero() {
		m.alarms[c] = got.Due
	}
	m.replies += int64(len(change.Replies))
	if len(change.Records) > 0 {
		m.records[c] = append(m.records[c], change.Records...)
	}
}

// end forgets a session in one of the ways there are.
func (m *model) end(rt *rapid.T) {
	_, c, k := m.draw(rt)
	var err error
	switch rapid.SampledFrom([]string{"expire", "remove", "purge", "disarm"}).Draw(rt, "how") {
	case "expire":
		err = m.store.Client().Del(m.t.Context(), sessions.SessionKey(k)).Err()
		delete(m.kept, c)
	case "remove":
		err = m.store.Remove(m.t.Context(), k)
		delete(m.kept, c)
		delete(m.alarms, c)
	case "purge":
		err = m.store.Purge(m.t.Context(), m.lane, c)
		delete(m.kept, c) // no name begins with another
		delete(m.alarms, c)
	case "disarm":
		err = m.store.Disarm(m.t.Context(), k)
		if m.kept[c].Version == 0 {
			delete(m.alarms, c)
		}
	}
	if err != nil {
		rt.Fatal(err)
	}
}

func (m *model) due(rt *rapid.T) {
	now, limit := m.time(rt), rapid.IntRange(0, 5).Draw(rt, "limit")
	want := []string{}
	for c, at := range m.alarms {
		if !at.After(now) {
			want = append(want, c)
		}
	}
	slices.Sort(want)
	slices.SortStableFunc(want, func(a, b string) int { return m.alarms[a].Compare(m.alarms[b]) })
	got, err := m.store.Due(m.t.Context(), m.lane, now, limit)
	if err != nil {
		rt.Fatal(err)
	}
	if want = want[:min(limit, len(want))]; !slices.Equal(want, got) {
		rt.Fatalf("got %q due, want %q", got, want)
	}
}

func (m *model) check(rt *rapid.T) {
	if got := outboxLen(m.t, m.store, m.lane); got != m.replies {
		rt.Fatalf("got %d replies, want %d", got, m.replies)
	}
	got := map[string][]sessions.Record{}
	for _, r := range ledger(m.t, m.store, m.lane, time.Time{}) {
		r.At = time.Time{}
		got[r.Question] = append(got[r.Question], r)
	}
	if diff := cmp.Diff(m.records, got); diff != "" {
		rt.Fatal(diff)
	}
}

// TestAnyInterleavingOfWritersFollowsTheModel lets writers load and commit in
// any order, each with what it loaded last, while sessions end and somebody
// asks what is due.
func TestAnyInterleavingOfWritersFollowsTheModel(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		m := newModel(t, s, sessions.Lane{Name: strings.Repeat("x", runs)})
		rt.Repeat(map[string]func(*rapid.T){
			"load": m.load, "commit": m.commit, "commit again": m.commit, "end": m.end, "due": m.due, "": m.check,
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
