package sessions_test

import (
	"testing"

	"apihelp/sessions"
)

func testPurge(t *testing.T, s *sessions.Store) {
	l := lane(t)
	gone := []string{"slack:T1:C1:", "slack:T1:C2:17.1", "slack:T1:*?[x]:"}
	kept := []string{"slack:T10:C1:", "slack:T2:C1:", "discord:T1:C1:"}
	for _, c := range append(append([]string(nil), gone...), kept...) {
		commit(t, s, sessions.Key{Lane: l, Conversation: c}, "r")
	}
	if err := s.Purge(t.Context(), l, "slack:T1:"); err != nil {
		t.Fatal(err)
	}
	for _, c := range gone {
		if version(t, s, l, c) != 0 {
			t.Errorf("%q is still kept", c)
		}
	}
	for _, c := range kept {
		if version(t, s, l, c) == 0 {
			t.Errorf("%q is gone as well", c)
		}
	}
	if err := s.Purge(t.Context(), l, "slack:T1:"); err != nil {
		t.Errorf("again: %v", err)
	}
}

func testRemove(t *testing.T, s *sessions.Store) {
	l := lane(t)
	for _, c := range []string{"c1", "c2"} {
		commit(t, s, sessions.Key{Lane: l, Conversation: c})
	}
	if err := s.Remove(t.Context(), sessions.Key{Lane: l, Conversation: "c1"}); err != nil {
		t.Fatal(err)
	}
	if version(t, s, l, "c1") != 0 || version(t, s, l, "c2") == 0 {
		t.Error("the wrong session is gone")
	}
}

func version(t *testing.T, s *sessions.Store, l sessions.Lane, conversation string) int64 {
	t.Helper()
	sess, err := s.Load(t.Context(), sessions.Key{Lane: l, Conversation: conversation})
	if err != nil {
		t.Fatal(err)
	}
	return sess.Version
}
