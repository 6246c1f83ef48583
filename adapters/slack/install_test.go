package slack

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAFixedTokenAnswersForEveryWorkspaceAndIsAskedOnce(t *testing.T) {
	p := newPlace(t)
	i := p.process(t, "xoxb-fixed")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got := token(t, i, "", "T1"); got != "xoxb-fixed" {
				t.Errorf("got %s", got)
			}
		})
	}
	wg.Wait()
	_, got, err := i.client(t.Context(), "E9", "T9") // of an outsider in a shared channel
	want := installation{TeamID: "T1", BotUserID: "UBOT", BotID: "BBOT", Scopes: "chat:write,commands", Token: "xoxb-fixed"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if n := p.slack.calls("auth.test"); n != 1 {
		t.Errorf("got auth.test %d times, want once", n)
	}
	_, got, err = p.process(t, "xoxb-org").client(t.Context(), "", "T1")
	if !got.Org || got.TeamID != "" || got.EnterpriseID != "E1" || err != nil {
		t.Errorf("organisation: got %q of %q, org %v, %v", got.TeamID, got.EnterpriseID, got.Org, err)
	}
}

func TestAFixedTokenIsAskedAgainAfterAFailure(t *testing.T) {
	p := newPlace(t)
	i := p.process(t, "xoxb-fixed")
	p.slack.failNext("", `{"ok":false,"error":"internal_error"}`)
	if got := token(t, i, "", "T1"); got != "xoxb-fixed" {
		t.Errorf("two failures: got %s", got)
	}
	i = p.process(t, "xoxb-fixed")
	p.slack.failNext("", "{}", "")
	if _, _, err := i.client(t.Context(), "", "T1"); err == nil || errors.Is(err, errTokenRefused) {
		t.Errorf("three failures: got %v, want an error that may pass", err)
	}
	if got := token(t, i, "", "T1"); got != "xoxb-fixed" {
		t.Errorf("next call: got %s", got)
	}
}

func TestARefusedFixedTokenSaysWhatToDo(t *testing.T) {
	for code, advice := range map[string]string{
		"invalid_auth":           "begins with xoxb-",
		"account_inactive":       "install it in the workspace again",
		"token_expired":          "twelve hours",
		"not_allowed_token_type": "xoxb-",
	} {
		p := newPlace(t)
		p.slack.failNext(`{"ok":false,"error":"` + code + `"}`)
		_, _, err := p.process(t, "xoxb-hunter2").client(t.Context(), "", "T1")
		if !errors.Is(err, errTokenRefused) || !strings.Contains(err.Error(), advice) || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: got %v, want %q", code, err, advice)
		}
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("%s: got the token in %v", code, err)
		}
		if n := p.slack.calls("auth.test"); n != 1 {
			t.Errorf("%s: got %d calls, want no second one", code, n)
		}
	}
}

func TestAnInstallationIsFoundByEveryProcess(t *testing.T) {
	p := newPlace(t)
	want := installation{
		AppID: "A1", EnterpriseID: "E1", TeamID: "T1", BotUserID: "UBOT", BotID: "BBOT", Scopes: "a,b", Token: "xoxb-team",
		RefreshToken: "xoxe-refresh", Expires: p.now().Add(12 * time.Hour), Installer: "U1", InstalledAt: p.now(),
	}
	p.installed(t, want)
	p.installed(t, installation{EnterpriseID: "E1", Token: "xoxb-org", Org: true})
	i := p.process(t, "")
	_, got, err := i.client(t.Context(), "E1", "T1")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, tt := range []struct{ enterprise, team, want string }{
		{"", "T1", "xoxb-team"}, {"E2", "T1", "xoxb-team"}, {"E1", "", "xoxb-org"}, {"E1", "T2", "xoxb-org"},
	} {
		if got := token(t, i, tt.enterprise, tt.team); got != tt.want {
			t.Errorf("%q in %q: got %s, want %s", tt.team, tt.enterprise, got, tt.want)
		}
	}
	for _, tt := range [][2]string{{"", "T2"}, {"E2", ""}, {"E2", "T2"}, {"", ""}} {
		if _, _, err := i.client(t.Context(), tt[0], tt[1]); !errors.Is(err, errNotInstalled) {
			t.Errorf("%q: got %v, want %v", tt, err, errNotInstalled)
		}
	}
}

func TestANewInstallationReplacesTheOldInEveryProcess(t *testing.T) {
	p := newPlace(t)
	i, other := p.installed(t, installation{TeamID: "T1", Token: "xoxb-old"}), p.process(t, "")
	token(t, other, "", "T1")
	if err := i.install(t.Context(), installation{TeamID: "T1", Token: "xoxb-new"}); err != nil {
		t.Fatal(err)
	}
	if got := token(t, i, "", "T1"); got != "xoxb-new" {
		t.Errorf("here: got %s", got)
	}
	p.elapse(rereadEvery)
	if got := token(t, other, "", "T1"); got != "xoxb-new" {
		t.Errorf("elsewhere, after a minute: got %s", got)
	}
}

func TestWhatIsKeptContainsNoToken(t *testing.T) {
	p := newPlace(t)
	inst := installation{TeamID: "T1", Token: "xoxb-hunter2-hunter2", RefreshToken: "xoxe-hunter3-hunter3"}
	p.installed(t, inst)
	p.shelf.raw(t, "installation:T1")
	for _, text := range []string{"xox", "hunter", base64.StdEncoding.EncodeToString([]byte(inst.Token))[:12]} {
		if p.shelf.contains(text) {
			t.Errorf("got %q on the shelf", text)
		}
	}
	printed := fmt.Sprintf("%v %+v %#v %s %q %d", inst, inst, inst, inst, &inst, inst)
	slog.New(slog.NewJSONHandler(p, nil)).Error("x", "installation", inst)
	if s := printed + p.logged(); strings.Contains(s, "hunter") || !strings.Contains(s, "T1") {
		t.Errorf("got %s", s)
	}
}

func TestARecordThatCannotBeOpenedSaysWhy(t *testing.T) {
	p := newPlace(t)
	p.installed(t, installation{TeamID: "T1", Token: "xoxb-1"})
	p.installed(t, installation{TeamID: "T2", Token: "xoxb-2"})
	good := p.shelf.raw(t, "installation:T1")
	flipped := append([]byte{}, good...)
	flipped[len(flipped)-1] ^= 1
	k := keys(t, firstKey)
	for _, tt := range []struct {
		name, keys string
		record     []byte
		says       string
	}{
		{"another key", secondKey, good, keys(t, firstKey).keys[0].name},
		{"a damaged record", firstKey, flipped, "install the app again"},
		{"no record of ours", firstKey, []byte("{}"), "install the app again"},
		{"a record of another workspace", firstKey, p.shelf.raw(t, "installation:T2"), "install the app again"},
		{"a record that is no installation", firstKey, k.seal("installation:T1", []byte("[")), "JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := p.shelf.Put(t.Context(), "installation:T1", tt.record, 0); err != nil {
				t.Fatal(err)
			}
			p.keys = tt.keys
			_, _, err := p.process(t, "").client(t.Context(), "", "T1")
			if err == nil || errors.Is(err, errNotInstalled) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "T1") {
				t.Errorf("got %v, want %q", err, tt.says)
			}
		})
	}
}

func TestAnOldKeyCanBeGivenUpOnceRecordsWereRead(t *testing.T) {
	p := newPlace(t)
	p.installed(t, installation{TeamID: "T1", Token: "xoxb-1"})
	p.keys = secondKey + "," + firstKey
	token(t, p.process(t, ""), "", "T1")
	p.keys = secondKey
	if got := token(t, p.process(t, ""), "", "T1"); got != "xoxb-1" {
		t.Errorf("got %s", got)
	}
}

func TestAnUninstalledAppIsForgottenEverywhere(t *testing.T) {
	p := newPlace(t)
	i, other := p.installed(t, installation{EnterpriseID: "E1", TeamID: "T1", Token: "xoxb-team"}), p.process(t, "")
	p.installed(t, installation{EnterpriseID: "E1", Token: "xoxb-org", Org: true})
	token(t, other, "E1", "T1")
	for _, tt := range [][2]string{{"E1", "T1"}, {"E1", "T1"}, {"E1", ""}, {"", "T9"}} { // events come twice and unasked
		if _, err := i.remove(t.Context(), tt[0], tt[1], time.Now()); err != nil {
			t.Errorf("%q: %v", tt, err)
		}
		_, inst, _ := i.client(t.Context(), "E1", "T1")
		if tt[1] == "T1" && inst.Token != "xoxb-org" {
			t.Errorf("workspace removed: got %s, want that of the organisation left", inst.Token)
		}
	}
	if n := len(p.shelf.values); n != 0 {
		t.Errorf("got %d values left on the shelf", n)
	}
	p.elapse(rereadEvery)
	for name, i := range map[string]*installations{"here": i, "elsewhere": other} {
		if _, _, err := i.client(t.Context(), "E1", "T1"); !errors.Is(err, errNotInstalled) {
			t.Errorf("%s: got %v, want %v", name, err, errNotInstalled)
		}
	}
	fixed := p.process(t, "xoxb-fixed")
	token(t, fixed, "", "T1")
	if _, err := fixed.remove(t.Context(), "", "T1", time.Now()); err != nil {
		t.Error(err)
	}
	p.slack.failNext(`{"ok":false,"error":"account_inactive"}`)
	if _, _, err := fixed.client(t.Context(), "", "T1"); !errors.Is(err, errTokenRefused) {
		t.Errorf("fixed token: got %v, want it asked anew and refused", err)
	}
}

func TestAKnownWorkspaceIsFoundWhileTheShelfIsDown(t *testing.T) {
	p := newPlace(t)
	i := p.installed(t, p.slack.rotating("T1", p.now(), 90*time.Minute))
	p.shelf.breakDown(errDown)
	p.elapse(time.Hour)
	if got := token(t, i, "E1", "T1"); got != "xoxe.xoxb-1-old-T1" {
		t.Errorf("got %s", got)
	}
	if _, _, err := i.client(t.Context(), "", "T2"); !errors.Is(err, errDown) {
		t.Errorf("unknown workspace: got %v, want %v", err, errDown)
	}
	if _, err := i.remove(t.Context(), "", "T1", time.Now()); !errors.Is(err, errDown) {
		t.Errorf("remove: got %v, want %v, so that the event comes again", err, errDown)
	}
	if n := p.slack.calls("oauth.v2.access"); n != 0 {
		t.Errorf("got %d renewals that nobody could save", n)
	}
}

func TestClientsInMemoryAreBounded(t *testing.T) {
	p := newPlace(t)
	i := p.process(t, "")
	for n := range clientLimit + 50 {
		i.remember(installation{TeamID: fmt.Sprint("T", n)})
	}
	if got := len(i.cached); got != clientLimit {
		t.Errorf("got %d, want %d", got, clientLimit)
	}
}

func TestWaitingForATokenEndsWithTheContext(t *testing.T) {
	p := newPlace(t)
	i := p.process(t, "xoxb-fixed")
	i.turn <- struct{}{} // somebody asks Slack, which does not answer
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := i.client(ctx, "", "T1"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
