package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/discord/discordtest"
)

// TestDiscordInFiveMinutes does what README says, and sees what README shows.
func TestDiscordInFiveMinutes(t *testing.T) {
	s, err := discordtest.Start(discordtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, p := range s.Problems() {
			t.Errorf("discord would not like it: %s", p)
		}
		s.Close()
	})
	settings := []string{"DISCORD_API_URL=" + s.URL(), "DISCORD_BOT_TOKEN=" + s.Token()}
	discord := func(arg, want string) {
		t.Helper()
		cmd := exec.Command("apihelp", "discord", arg)
		cmd.Env = append(os.Environ(), settings...)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("discord %s: %v, %s", arg, err, out)
		}
	}
	discord("register", "the commands are registered")
	discord("register", "the commands are as they should be")
	discord("invite", "https://discord.com/oauth2/authorize?client_id="+s.AppID())

	log := startServe(t, append(settings, "APIHELP_HTTP_ADDR=127.0.0.1:0")...)
	until(t, "a session", func() bool { return s.Sockets() == 1 && len(s.Sessions()) == 1 })
	_, part, ok := strings.Cut(readme(t), "## Discord in five minutes")
	shown := blocks(part, "text")
	if !ok || len(shown) == 0 {
		t.Fatal("README has no part on Discord with what one sees")
	}
	said, want, _ := strings.Cut(shown[0], "\n\n")
	g := s.Guild("acme")
	m := g.User("ann").Say(g.Channel("help"), said)
	until(t, "an answer", func() bool { return m.Thread() != nil && len(m.Thread().Messages()) == 1 })
	// What people see of the Markdown.
	seen := regexp.MustCompile(`(?m)^(### |-# )|\*\*|`+"`"+`|\\([[:punct:]])`).ReplaceAllString(m.Thread().Messages()[0].Plain(), "$2")
	seen = strings.ReplaceAll(seen, `\`, "")
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(seen)); diff != "" {
		t.Errorf("-README +real:\n%s", diff)
	}
	if strings.Contains(log.String(), s.Token()) || strings.Contains(log.String(), "503") {
		t.Error("the log contains the token or what somebody wrote")
	}
}
