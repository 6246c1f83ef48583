package main

import (
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/slack/slacktest"
)

// startServe runs "apihelp serve" with settings, and returns what it logs.
func startServe(t *testing.T, settings ...string) *buffer {
	t.Helper()
	cmd := exec.Command("apihelp", "serve")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), settings...)
	log := &buffer{}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve ended with %v: %s", err, log)
		}
	})
	return log
}

func startSlack(t *testing.T) *slacktest.Server {
	t.Helper()
	s, err := slacktest.Start(slacktest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, p := range s.Problems() {
			t.Errorf("slack would not like it: %s", p)
		}
		s.Close()
	})
	return s
}

// TestSlackInFiveMinutes does what README says, and sees what README shows.
func TestSlackInFiveMinutes(t *testing.T) {
	s := startSlack(t)
	w := s.Workspace("T1")
	log := startServe(t, "SLACK_API_URL="+s.APIURL(), "SLACK_BOT_TOKEN="+w.BotToken(), "SLACK_APP_TOKEN="+s.AppToken(), "APIHELP_HTTP_ADDR=127.0.0.1:0")
	until(t, "two sockets", func() bool { return strings.Count(log.String(), `"msg":"socket open"`) == 2 })
	_, part, ok := strings.Cut(readme(t), "## Slack in five minutes")
	shown := blocks(part, "text")
	if !ok || len(shown) == 0 {
		t.Fatal("README has no part on Slack with what one sees")
	}
	said, want, _ := strings.Cut(shown[0], "\n\n")
	m := w.User("ann").Say(w.Channel("general"), said)
	until(t, "an answer", func() bool { return len(m.Thread()) == 1 })
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(m.Thread()[0].Plain())); diff != "" {
		t.Errorf("-README +real:\n%s", diff)
	}
	if strings.Contains(log.String(), w.BotToken()) || strings.Contains(log.String(), "503") {
		t.Error("the log contains a token or what somebody wrote")
	}
}

func TestSlackOverHTTPForManyWorkspaces(t *testing.T) {
	s := startSlack(t)
	addr := freeAddr(t)
	web := "http://" + addr
	log := startServe(t, "SLACK_API_URL="+s.APIURL(), "SLACK_SIGNING_SECRET="+s.SigningSecret(), "SLACK_CLIENT_ID="+s.ClientID(),
		"SLACK_CLIENT_SECRET="+s.ClientSecret(), "APIHELP_ENCRYPTION_KEYS="+hex.EncodeToString(make([]byte, 32)), "APIHELP_PUBLIC_URL="+web, "APIHELP_HTTP_ADDR="+addr)
	until(t, "the server", func() bool { return strings.Contains(log.String(), `"msg":"listening"`) })
	s.DeliverTo(web)
	w := s.Outside("T1")
	ann := w.User("ann")
	s.Installing(w, ann)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Jar: jar}).Get(web + "/slack/install")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if page, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		t.Fatalf("got status %d: %s", resp.StatusCode, page)
	}
	m := ann.Say(w.Channel("general"), "@apihelp getting a 503")
	until(t, "an answer", func() bool { return len(m.Thread()) == 1 })
}

// freeAddr returns an address that nobody listens on at the moment.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
