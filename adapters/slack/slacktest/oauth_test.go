package slacktest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"apihelp/adapters/slack/slacktest"
)

const callback = "https://bot.example/slack/oauth/callback"

// consent goes through the consent page and returns the code.
func consent(t *testing.T, s *slacktest.Server) string {
	t.Helper()
	page := s.APIURL() + "../oauth/v2/authorize?" + url.Values{
		"client_id": {s.ClientID()}, "scope": {"chat:write,commands"}, "state": {"s"}, "redirect_uri": {callback},
	}.Encode()
	hc := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	u, _ := url.Parse(page)
	res, err := hc.Get(u.JoinPath().String())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil || back.Query().Get("state") != "s" {
		t.Fatalf("got %v, %v", back, err)
	}
	return back.Query().Get("code")
}

func access(t *testing.T, s *slacktest.Server, args map[string]string) object {
	t.Helper()
	all := map[string]string{"client_id": s.ClientID(), "client_secret": s.ClientSecret()}
	for k, v := range args {
		all[k] = v
	}
	return post(t, s, "oauth.v2.access", "", all)
}

func TestACodeIsExchangedOnce(t *testing.T) {
	s := start(t, slacktest.Options{})
	w := s.Outside("T7")
	s.Installing(w, w.User("ann"))
	code := consent(t, s)
	var got []any
	for _, args := range []map[string]string{
		{"code": "x", "redirect_uri": callback},
		{"code": code, "redirect_uri": "https://evil.example"},
		{"code": code, "redirect_uri": callback, "client_secret": "x"},
		{"code": code, "redirect_uri": callback},
		{"code": code, "redirect_uri": callback},
	} {
		got = append(got, access(t, s, args)["error"])
	}
	if diff := cmp.Diff([]any{"invalid_code", "bad_redirect_uri", "bad_client_secret", nil, "code_already_used"}, got); diff != "" {
		t.Error(diff)
	}
	a := post(t, s, "auth.test", w.BotToken(), nil)
	if a["team_id"] != "T7" || a["user_id"] != w.BotUser() {
		t.Errorf("got %v", a)
	}
	if a := post(t, s, "users.info", w.BotToken(), map[string]string{"user": w.User("ann").ID}); a["error"] != "missing_scope" || a["needed"] != "users:read" {
		t.Errorf("got %v, want missing_scope", a)
	}
}

func TestAnOrganizationInstalls(t *testing.T) {
	s := start(t, slacktest.Options{})
	s.Installing(s.Org("E1").Workspace("T1"), nil)
	a := access(t, s, map[string]string{"code": consent(t, s), "redirect_uri": callback})
	if a["team"] != nil || a["is_enterprise_install"] != true || a["enterprise"].(object)["id"] != "E1" {
		t.Errorf("got %v", a)
	}
}

func TestRotatedTokensExpireAndRefreshOnce(t *testing.T) {
	now := newClock()
	s := start(t, slacktest.Options{Rotate: true, Clock: now.Now})
	s.Installing(s.Outside("T7"), nil)
	first := access(t, s, map[string]string{"code": consent(t, s), "redirect_uri": callback})
	token, refresh := first["access_token"].(string), map[string]string{"grant_type": "refresh_token", "refresh_token": first["refresh_token"].(string)}
	now.move(12*time.Hour - time.Second)
	alive := post(t, s, "auth.test", token, nil)["error"]
	now.move(time.Second)
	dead := post(t, s, "auth.test", token, nil)["error"]
	second := access(t, s, refresh)
	fresh := post(t, s, "auth.test", second["access_token"].(string), nil)["error"]
	again := access(t, s, refresh)["error"]
	if diff := cmp.Diff([]any{nil, "token_expired", nil, "invalid_refresh_token", 43200.0}, []any{alive, dead, fresh, again, second["expires_in"]}); diff != "" {
		t.Error(diff)
	}
}

func TestTheAppRevokesAndUninstallsItself(t *testing.T) {
	s := start(t, slacktest.Options{})
	c := dial(t, s)
	one, two := s.Workspace("T1"), s.Workspace("T2")
	tokens := []string{one.BotToken(), two.BotToken()}
	if a := post(t, s, "auth.revoke", tokens[0], nil); a["revoked"] != true {
		t.Error(a)
	}
	if a := post(t, s, "apps.uninstall", tokens[1], map[string]string{"client_id": s.ClientID(), "client_secret": s.ClientSecret()}); a["ok"] != true {
		t.Error(a)
	}
	if diff := cmp.Diff([]any{"token_revoked", "account_inactive"}, []any{post(t, s, "auth.test", tokens[0], nil)["error"], post(t, s, "auth.test", tokens[1], nil)["error"]}); diff != "" {
		t.Error(diff)
	}
	c.until("the events", func() bool { return c.count("events_api") == 3 })
	// A new installation in the same place works.
	s.Installing(one, nil)
	if a := access(t, s, map[string]string{"code": consent(t, s), "redirect_uri": callback}); a["access_token"] != one.BotToken() || one.BotToken() == tokens[0] {
		t.Errorf("got %v", a)
	}
}
