package discordtest_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"apihelp/adapters/discord/discordtest"
)

// TestDiscordJSWorksHere runs a bot on discord.js against the fake. It needs
// node, npm and npm's registry; without them it is skipped, or fails if
// APIHELP_TEST_STRICT is 1.
func TestDiscordJSWorksHere(t *testing.T) {
	dir := installDiscordJS(t)
	s := start(t, discordtest.Options{})
	if v := spec(); v != nil {
		s.Check(func(kind, route string, payload []byte) error {
			method, path, _ := strings.Cut(route, " ")
			if kind != "request" {
				return nil
			}
			return v.Request(method, path, payload)
		})
	}
	g := s.Guild("Acme")
	ch, u := g.Channel("help"), g.User("ann")
	runDiscordJS(t, dir, s)
	until(t, s, "the commands", func() bool { return len(s.Commands(nil)) == 1 })

	said := u.Say(ch, "@apihelp help me")
	until(t, s, "the reply", func() bool { return len(ch.Messages()) == 2 })
	reply := ch.Messages()[1]
	if got, want := reply.Plain(), "Hello <@"+u.ID+">, what is wrong?\n[Tell me]"; got != want || reply.Reference != said.ID {
		t.Errorf("got %q, want %q", got, want)
	}
	if th := said.Thread(); th == nil || len(th.Messages()) != 1 || th.Messages()[0].Content != "In here." {
		t.Errorf("got thread %+v", th)
	}
	playDiscordModal(t, s, u, reply)
	playDiscordCommand(t, s, u, ch)

	s.CutSockets()
	u.DM("ping")
	until(t, s, "the answer in the direct message, after a resume", func() bool { return len(u.DMs()) == 2 })
	if got := u.DMs()[1].Content; got != "pong ping" {
		t.Errorf("got %q", got)
	}
	if x := s.Sessions(); len(x) != 1 || x[0].Resumes != 1 || !x[0].AtResumeURL {
		t.Errorf("got sessions %+v", x)
	}
	noProblems(t, s)
}

func playDiscordModal(t *testing.T, s *discordtest.Server, u *discordtest.User, reply *discordtest.Message) {
	t.Helper()
	press := u.Press(reply, "Tell me")
	if err := press.Err(); err != nil {
		t.Fatal(err)
	}
	if err := u.Submit(press, map[string]string{"What": "a 503"}).Err(); err != nil {
		t.Fatal(err)
	}
	if got := reply.Now().Plain(); got != "Noted: a 503" {
		t.Errorf("got %q", got)
	}
}

func playDiscordCommand(t *testing.T, s *discordtest.Server, u *discordtest.User, ch *discordtest.Channel) {
	t.Helper()
	if got := u.Autocomplete(ch, "apihelp", "question", "50").Choices(); len(got) != 1 || got[0] != "50!" {
		t.Errorf("got choices %q", got)
	}
	i := u.Command(ch, "apihelp", map[string]string{"question": "why"})
	if err := i.Err(); err != nil {
		t.Fatal(err)
	}
	until(t, s, "the answer and more", func() bool { return len(i.Followups()) == 1 })
	if got := i.Original(); got.Content != "You asked: why" || !got.Ephemeral {
		t.Errorf("got %+v", got)
	}
	if got := u.Ephemerals(); len(got) != 2 || got[1].Content != "And more." {
		t.Errorf("got %v", got)
	}
}

// installDiscordJS copies the bot into a folder of its own and installs what
// it needs there.
func installDiscordJS(t *testing.T) string {
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
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "discordjs"))); err != nil {
		t.Fatal(err)
	}
	npm := exec.CommandContext(t.Context(), "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		missing("npm install: %v\n%s", err, out)
	}
	return dir
}

// runDiscordJS starts the bot, and ends it with the test.
func runDiscordJS(t *testing.T, dir string, s *discordtest.Server) {
	t.Helper()
	node := exec.Command("node", "app.mjs")
	node.Dir = dir
	node.Env = append(os.Environ(), "DISCORD_API_URL="+s.URL()+"/api", "DISCORD_BOT_TOKEN="+s.Token())
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

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
