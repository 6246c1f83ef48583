package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apihelp/bot"
)

const owners = `[{"topic":"rate-limiting","slack":"C0123","team":"T01","group":"S0456"},
 {"topic":"*","discord":"123","guild":"9","role":"456"},
 {"topic":"*","webhook":"https://tickets.example.com/hook","secret":"s3cret"}]`

func TestOwnersAreReadFromTheSettingOrAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "owners.json")
	if err := os.WriteFile(file, []byte(owners), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, setting := range []string{owners, file} {
		var h handoff
		if err := h.Decode(setting); err != nil {
			t.Fatal(err)
		}
		want := bot.Owner{Topic: "rate-limiting", To: bot.Conversation{Adapter: "slack", Team: "T01", Channel: "C0123"}, Notify: []string{"S0456"}}
		if len(h.owners) != 3 || h.owners[0].To != want.To || h.owners[0].Topic != want.Topic || h.owners[0].Notify[0] != "S0456" {
			t.Errorf("got %+v, want %+v first", h.owners, want)
		}
		if got := h.owners[1].To; got != (bot.Conversation{Adapter: "discord", Team: "9", Channel: "123"}) {
			t.Errorf("got %+v second", got)
		}
		if len(h.hooks) != 1 || h.hooks[0].Secret != "s3cret" || h.owners[2].To != h.hooks[0].Conversation() {
			t.Errorf("got hooks %+v and owner %+v", h.hooks, h.owners[2])
		}
	}
}

func TestFaultsOfOwnersAreNamedAtOnceAndWithoutSecrets(t *testing.T) {
	for setting, want := range map[string][]string{
		`[{"slack":"C1"},{"topic":"*"},{"topic":"*","webhook":"http://example.com/s3cret","secret":"s3cret"},{"topic":"*","discord":"1"}]`: {
			`owner 1: "topic" is missing`, `owner 1: "team" is missing`, "owner 2: write one of", "owner 3: the webhook is not https", `owner 4: "guild" is missing`,
		},
		`{"topic":"*","webhook":"https://example.com","secret":"s3cret"}`:   {"not a list of owners"},
		`[{"topic":"*","webhook":"https://example.com","sekret":"s3cret"}]`: {"not a list of owners"},
		`[{"topic":"*","webhook":"https://example.com","secret":"s3cret"`:   {"not a list of owners"},
		`"secret":"s3cret"`: {"no file that this process can read"},
	} {
		t.Setenv("APIHELP_HANDOFF", setting)
		_, err := loadConfig()
		if err == nil {
			t.Errorf("%s: no fault", setting)
			continue
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("got %v, want %q in it", err, w)
			}
		}
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("a secret is shown: %v", err)
		}
	}
}

func TestTheWaitForAPersonIsAMinuteAtLeast(t *testing.T) {
	t.Setenv("APIHELP_HANDOFF_WAIT", "59s")
	if _, err := loadConfig(); err == nil || !strings.Contains(err.Error(), "APIHELP_HANDOFF_WAIT") {
		t.Errorf("got %v", err)
	}
}

func TestAnOwnerWhoCannotBeToldIsAFault(t *testing.T) {
	t.Setenv("APIHELP_HANDOFF", `[{"topic":"nosuch","webhook":"http://127.0.0.1:1/x"},{"topic":"*","slack":"C1","team":"T1"}]`)
	t.Setenv("APIHELP_HTTP_ADDR", "127.0.0.1:0")
	var errs strings.Builder
	if code := run(t.Context(), []string{"serve"}, stdio{strings.NewReader(""), &strings.Builder{}, &errs}); code != exitUsage {
		t.Errorf("got exit code %d", code)
	}
	for _, want := range []string{`no topic "nosuch"`, "slack is not configured"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("got %s, want %q in it", errs.String(), want)
		}
	}
}
