package slacktest_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"apihelp/adapters/slack/slacktest"
)

// TestSlacksOwnFrameworkWorksHere runs an app on @slack/bolt against the fake.
// It needs node, npm and what npm downloads; without them it is skipped, or
// fails if APIHELP_TEST_STRICT is 1.
func TestSlacksOwnFrameworkWorksHere(t *testing.T) {
	dir := installBolt(t)
	s := start(t, slacktest.Options{})
	w := s.Workspace("T1")
	runBolt(t, dir, s, w)
	until(t, "the socket", func() bool { return s.Sockets() == 1 })
	u, ch := w.User("ann"), w.Channel("help")

	said := u.Say(ch, "@apihelp help me")
	until(t, "the reply in the thread", func() bool { return len(said.Thread()) == 1 })
	reply := said.Thread()[0]
	if got, want := reply.Plain(), "Hello @"+u.ID+", what is wrong?\n[Tell me]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	press := u.Press(reply, "Tell me")
	if err := press.Err(); err != nil {
		t.Fatal(err)
	}
	until(t, "the modal", func() bool { return len(u.Views()) == 1 })
	until(t, "the replaced message", func() bool { return reply.Now().Plain() == "Asked by ann" })
	playModal(t, u, said)

	x := u.Slash(ch, "more")
	if err := x.Err(); err != nil {
		t.Fatal(err)
	}
	until(t, "both answers to the command", func() bool { return len(x.Posts()) == 2 })
	got := []string{x.Posts()[0].Text, x.Posts()[1].Text}
	slices.Sort(got) // they come on two ways
	if want := []string{"A moment", "ann asked for more"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	u.DM("ping")
	until(t, "the answer in the direct message", func() bool { return len(u.DMs()) == 2 })
	until(t, "all acknowledgements", func() bool { return s.Unacked() == 0 })
	noProblems(t, s)
}

// playModal submits the modal, first with what the app refuses.
func playModal(t *testing.T, u *slacktest.User, said *slacktest.Message) {
	t.Helper()
	if err := u.Submit(u.Views()[0], map[string]string{"what": "nothing"}).Err(); err != nil {
		t.Fatal(err)
	}
	if got := u.Views()[0].Errors["what"]; got != "That is not much." {
		t.Errorf("got error %q", got)
	}
	if err := u.Submit(u.Views()[0], map[string]string{"what": "a 503"}).Err(); err != nil {
		t.Fatal(err)
	}
	if n := len(u.Views()); n != 0 {
		t.Errorf("got %d views, want none", n)
	}
	until(t, "what was told", func() bool { return len(said.Thread()) == 2 })
	if got := said.Thread()[1].Text; got != "Noted: a 503" {
		t.Errorf("got %q", got)
	}
}

// installBolt copies the app into a folder of its own and installs what it
// needs there.
func installBolt(t *testing.T) string {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("APIHELP_TEST_STRICT") == "1" {
		missing = t.Fatalf
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing("no %s: %v", tool, err)
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "bolt"))); err != nil {
		t.Fatal(err)
	}
	npm := exec.CommandContext(t.Context(), "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		missing("npm install: %v\n%s", err, out)
	}
	return dir
}

// runBolt starts the app, and ends it with the test.
func runBolt(t *testing.T, dir string, s *slacktest.Server, w *slacktest.Workspace) {
	t.Helper()
	node := exec.Command("node", "app.mjs")
	node.Dir = dir
	node.Env = append(os.Environ(), "SLACK_API_URL="+s.APIURL(), "SLACK_BOT_TOKEN="+w.BotToken(), "SLACK_APP_TOKEN="+s.AppToken())
	out := &lockedBuffer{}
	node.Stdout, node.Stderr = out, out
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		if err := node.Wait(); err != nil || t.Failed() {
			t.Logf("node: %v\n%s", err, strings.TrimSpace(out.String()))
		}
	})
}

// A lockedBuffer is a bytes.Buffer for two goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}
func (l *lockedBuffer) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }
