package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"apihelp/adapters/discord/discordtest"
)

// TestAKeyIsTakenInFormsAndNotLogged runs the program against both platforms
// and an API.
func TestAKeyIsTakenInFormsAndNotLogged(t *testing.T) {
	const key = "sk_test_4f9QmZr7Tx2LkW8vBn5Hc3Jd"
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+key {
			w.WriteHeader(http.StatusUnauthorized)
		}
		fmt.Fprint(w, "{}")
	}))
	t.Cleanup(api.Close)
	s, d := startSlack(t), startDiscord(t)
	w, g := s.Workspace("T1"), d.Guild("acme")
	log := startServe(t, "SLACK_API_URL="+s.APIURL(), "SLACK_BOT_TOKEN="+w.BotToken(), "SLACK_APP_TOKEN="+s.AppToken(),
		"DISCORD_API_URL="+d.URL(), "DISCORD_BOT_TOKEN="+d.Token(), "DISCORD_KEY_FORMS=dm, "+g.ID, "APIHELP_HTTP_ADDR=127.0.0.1:0", "APIHELP_LOG_LEVEL=debug",
		`APIHELP_CHECK_TARGETS=[{"name":"production","url":"`+api.URL+`/v1/me","header":{"Authorization":"Bearer {key}"},"allow_private":true}]`)
	until(t, "connections", func() bool { return s.Sockets() == 2 && d.Sockets() == 1 && len(d.Sessions()) == 1 })
	t.Run("slack", func(t *testing.T) {
		ann := w.User("ann")
		asked := ann.Say(w.Channel("general"), "@apihelp run live check")
		until(t, "an offer", func() bool { return len(asked.Thread()) == 2 })
		ann.Press(asked.Thread()[0], "Check my key")
		until(t, "the form", func() bool { return len(ann.Views()) == 1 })
		ann.Submit(ann.Views()[0], map[string]string{"key": key})
		until(t, "the report", func() bool { return len(asked.Thread()) == 3 && strings.Contains(asked.Thread()[2].Plain(), "OK auth") })
		until(t, "the result", func() bool { return strings.Contains(ann.Views()[0].Plain(), "OK auth") })
	})
	t.Run("discord", func(t *testing.T) {
		ann := g.User("ann")
		asked := ann.Say(g.Channel("help"), "@apihelp run live check")
		thread := func() (all []*discordtest.Message) {
			if asked.Thread() != nil {
				all = asked.Thread().Messages()
			}
			return all
		}
		until(t, "an offer", func() bool { return len(thread()) == 2 })
		form := ann.Submit(ann.Press(thread()[0], "Check my key"), map[string]string{"key": key, "consent": "test"})
		until(t, "the report", func() bool { return len(thread()) == 3 && strings.Contains(thread()[2].Plain(), "**OK** auth") })
		until(t, "the result", func() bool { return strings.Contains(form.Original().Plain(), "**OK** auth") })
	})
	if text := log.String(); strings.Contains(text, "4f9QmZr7Tx2LkW8v") || !strings.Contains(text, "check-") {
		t.Error("the log contains the key, or nothing of the checks")
	}
}

func startDiscord(t *testing.T) *discordtest.Server {
	t.Helper()
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
	return s
}

func TestServersOfKeyFormsAreNumbers(t *testing.T) {
	t.Setenv("DISCORD_KEY_FORMS", "1234567890, dm")
	c, err := loadConfig()
	if err != nil || strings.Join(c.DiscordKeyForms, "|") != "1234567890|dm" {
		t.Errorf("got %q and %v", c.DiscordKeyForms, err)
	}
	t.Setenv("DISCORD_KEY_FORMS", "acme")
	if _, err := loadConfig(); err == nil || !strings.Contains(err.Error(), "write the IDs of servers") {
		t.Errorf("got %v, want what to write", err)
	}
}
