package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// pageLink is the address of the private page in a message of Slack's.
var pageLink = regexp.MustCompile(`http://[0-9.:]+/check/[A-Za-z0-9_-]{43}`)

// accepting returns the setting of a target that takes the key of the lab.
func accepting(t *testing.T) string {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("Authorization") != "Bearer "+labKey {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(api.Close)
	return fmt.Sprintf(`[{"name":"production","url":%q,"header":{"Authorization":"Bearer {key}"},"allow_private":true}]`, api.URL)
}

func TestAKeyIsHandedInOnThePrivatePage(t *testing.T) {
	s, addr := startSlack(t), freeAddr(t)
	w := s.Workspace("T1")
	log := startServe(t, "SLACK_API_URL="+s.APIURL(), "SLACK_BOT_TOKEN="+w.BotToken(), "SLACK_APP_TOKEN="+s.AppToken(),
		"APIHELP_HTTP_ADDR="+addr, "APIHELP_PUBLIC_URL=http://"+addr, "APIHELP_CHECK_TARGETS="+accepting(t))
	until(t, "two sockets", func() bool { return strings.Count(log.String(), `"msg":"socket open"`) == 2 })
	ann := w.User("ann")
	ann.DM("check my key")
	read := func() string {
		var all strings.Builder
		for _, m := range ann.DMs() {
			all.WriteString(m.Plain() + string(m.Blocks))
		}
		return all.String()
	}
	until(t, "a link", func() bool { return pageLink.MatchString(read()) })
	link := pageLink.FindString(read())
	if code, page := get(t, link); code != http.StatusOK || !strings.Contains(page, "Check your key") {
		t.Fatalf("got %d %s", code, page)
	}
	resp, err := http.PostForm(link, url.Values{"value": {labKey}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if page, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK || !strings.Contains(string(page), "the key is accepted") {
		t.Errorf("got %d %s", resp.StatusCode, page)
	}
	until(t, "the report", func() bool { return strings.Contains(read(), "the key is accepted") })
	if strings.Contains(log.String()+read(), labKey) {
		t.Error("the key is in the log or in the chat")
	}
}

func TestThePrivatePageNeedsTargetsAndAnAddressThatIsEncrypted(t *testing.T) {
	for _, tt := range []struct {
		name, targets, public string
		title                 string // of what is answered
	}{
		{"both", accepting(t), "http://127.0.0.1", "This link does not work any more"},
		{"no address", accepting(t), "", "404 page not found"},
		{"no targets", "", "http://help.example.com", "404 page not found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("APIHELP_CHECK_TARGETS", tt.targets)
			t.Setenv("APIHELP_PUBLIC_URL", tt.public)
			addr, _, _ := startServer(t)
			if code, page := get(t, "http://"+addr+"/check/x"); code != http.StatusNotFound || !strings.Contains(page, tt.title) {
				t.Errorf("got %d %s", code, page)
			}
		})
	}
	t.Setenv("APIHELP_CHECK_TARGETS", accepting(t))
	t.Setenv("APIHELP_PUBLIC_URL", "http://help.example.com")
	var errs buffer
	if code := run(t.Context(), []string{"serve"}, stdio{strings.NewReader(""), io.Discard, &errs}); code != exitUsage || !strings.Contains(errs.String(), "must begin with https") {
		t.Errorf("for an address in the clear, got exit code %d, %q", code, errs.String())
	}
}
