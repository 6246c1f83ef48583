package main

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"apihelp/adapters/discord/discordtest"
)

// TestDiscordAfterKill9 kills the bot in the middle of 300 questions.
func TestDiscordAfterKill9(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	s, err := discordtest.Start(discordtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	start := func() *exec.Cmd {
		t.Helper()
		cmd := exec.Command("apihelp", "serve")
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), "REDIS_URL="+redis, "DISCORD_API_URL="+s.URL(), "DISCORD_BOT_TOKEN="+s.Token(), "APIHELP_HTTP_ADDR=127.0.0.1:0")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			cmd.Process.Kill()
			cmd.Wait()
		})
		return cmd
	}
	cmd := start()
	until(t, "a session", func() bool { return s.Sockets() == 1 && len(s.Sessions()) == 1 })
	g := s.Guild("acme")
	const people, each = 30, 10
	for i := range people * each {
		g.User(fmt.Sprint("u", i%people)).DM("getting a 503")
		if i == people*each/2 {
			cmd.Process.Kill()
			cmd.Wait()
			cmd = start()
		}
	}
	// The dead process holds the session's lease for ten seconds.
	until(t, "a resumed session", func() bool { return s.Sessions()[0].Resumes > 0 })
	answers := func(u *discordtest.User) (n int) {
		for _, m := range u.DMs() {
			if m.Author == s.AppID() {
				n++
			}
		}
		return n
	}
	for i := range people {
		u := g.User(fmt.Sprint("u", i))
		until(t, "the answers to "+u.Name, func() bool { return answers(u) >= each })
	}
	for i := range people {
		if u := g.User(fmt.Sprint("u", i)); answers(u) != each {
			t.Errorf("%s got %d answers, want %d", u.Name, answers(u), each)
		}
	}
}
