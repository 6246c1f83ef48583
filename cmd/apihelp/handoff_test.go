package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"apihelp/adapters/slack/slacktest"
)

// tickets is a program that tickets are posted to.
type tickets struct {
	mu   sync.Mutex
	data []byte
	sign string
}

func (h *tickets) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.data, _ = io.ReadAll(r.Body)
	h.sign = r.Header.Get("X-Apihelp-Signature")
}

func (h *tickets) got() (data []byte, sign string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.data, h.sign
}

// TestAPersonOnDiscordTakesOverWhatIsAskedOnSlack goes the whole way, through the
// program and both platforms.
func TestAPersonOnDiscordTakesOverWhatIsAskedOnSlack(t *testing.T) {
	slack, discord, hook := startSlack(t), startDiscord(t), &tickets{}
	web := httptest.NewServer(hook)
	t.Cleanup(web.Close)
	w, g := slack.Workspace("T1"), discord.Guild("acme")
	ann, general, sue, oncall := w.User("ann"), w.Channel("general"), g.User("sue"), g.Channel("oncall")
	owners, err := json.Marshal([]map[string]string{
		{"topic": "*", "discord": oncall.ID, "guild": g.ID},
		{"topic": "*", "webhook": web.URL + "/s3cret", "secret": "s1gn"},
	})
	if err != nil {
		t.Fatal(err)
	}
	log := startServe(t,
		"SLACK_API_URL="+slack.APIURL(), "SLACK_BOT_TOKEN="+w.BotToken(), "SLACK_APP_TOKEN="+slack.AppToken(),
		"DISCORD_API_URL="+discord.URL(), "DISCORD_BOT_TOKEN="+discord.Token(),
		"APIHELP_HANDOFF="+string(owners), "APIHELP_HTTP_ADDR=127.0.0.1:0")
	until(t, "sessions", func() bool { return slack.Sockets() > 0 && len(discord.Sessions()) == 1 })

	m := ann.Say(general, "@apihelp our worker logs CONN_RESET")
	until(t, "an answer", func() bool { return len(m.Thread()) == 1 })
	ann.Reply(m, "@apihelp talk to a human")
	until(t, "the ticket on both ways", func() bool {
		data, _ := hook.got()
		return len(oncall.Messages()) == 1 && len(data) > 0
	})
	ticket := oncall.Messages()[0]
	for _, want := range []string{"Needs a human: Connection Timeout Error", "our worker logs", "/archives/" + general.ID} {
		if !strings.Contains(strings.ReplaceAll(ticket.Plain(), `\`, ""), want) {
			t.Errorf("the ticket lacks %q:\n%s", want, ticket.Plain())
		}
	}
	if data, sign := hook.got(); !strings.Contains(string(data), "our worker logs CONN_RESET") || !strings.HasPrefix(sign, "t=") {
		t.Errorf("the webhook got %s, signed %q", data, sign)
	}
	if err := sue.Press(ticket, "I take it").Err(); err != nil {
		t.Fatal(err)
	}
	until(t, "both to know", func() bool {
		return saysInThread(m, "Somebody has it now") && ticket.Thread() != nil && len(ticket.Thread().Messages()) == 1
	})
	taken := ticket.Thread().Messages()[0]
	if !strings.Contains(taken.Plain(), "sue takes it") {
		t.Errorf("got %s", taken.Plain())
	}
	if err := sue.Press(taken, "Closed").Err(); err != nil {
		t.Fatal(err)
	}
	until(t, "the bot to be back", func() bool { return saysInThread(m, "I'm back") })
	for _, secret := range []string{"s3cret", "s1gn", "worker"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log contains %q", secret)
		}
	}
}

// saysInThread reports whether something was said in the thread of a message.
func saysInThread(m *slacktest.Message, what string) bool {
	for _, r := range m.Thread() {
		if strings.Contains(r.Plain(), what) {
			return true
		}
	}
	return false
}
