package slack_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"apihelp/adapters/slack"
	"apihelp/adapters/slack/slacktest"
)

// doors is an HTTP server whose address is known before what it serves.
type doors struct{ handler http.Handler }

// ServeHTTP implements [http.Handler].
func (d *doors) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }

// manyWorkspaces starts the bot as an app that any workspace installs.
func manyWorkspaces(r *rig) (web string, b *replica) {
	d := &doors{}
	server := httptest.NewServer(d)
	r.t.Cleanup(server.Close)
	o := r.options()
	o.BotToken, o.PublicURL = "", server.URL
	o.ClientID, o.ClientSecret = r.ClientID(), r.ClientSecret()
	o.Keys, o.Shelf = strings.Repeat("ab", 32), r.store.Shelf(slack.Name)
	b, d.handler = r.start(o)
	r.DeliverTo(server.URL)
	return server.URL, b
}

// install lets a person install the app in their browser, and returns the page
// that they end on.
func (r *rig) install(web string, w *slacktest.Workspace, by *slacktest.User) string {
	r.t.Helper()
	r.Installing(w, by)
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	resp, err := (&http.Client{Jar: jar}).Get(web + "/slack/install")
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		r.t.Fatalf("got status %d, %v: %s", resp.StatusCode, err, page)
	}
	return string(page)
}

func TestWorkspacesInstallAreServedApartAndUninstall(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{Rotate: true})
	r.http = true
	redis := r.withRedis()
	web, _ := manyWorkspaces(r)
	one, two := r.Outside("T1"), r.Outside("T2")
	ann, bob := one.User("ann"), two.User("bob")
	contains(t, r.install(web, one, ann), "installed")
	r.install(web, two, bob)

	a, b := ann.Say(one.Channel("general"), "@apihelp getting a 503"), bob.Say(two.Channel("general"), "@apihelp getting a 403")
	contains(t, r.thread(a, 1)[0].Plain(), "503: Service Unavailable")
	contains(t, r.thread(b, 1)[0].Plain(), "403: Forbidden")
	if strings.Contains(redis.Dump(), "xoxb-") || strings.Contains(redis.Dump(), "xoxe") {
		t.Error("a token is kept in the clear")
	}

	one.Uninstall()
	r.settled()
	r.until("the conversations of T1 gone", func() bool { return !strings.Contains(redis.Dump(), "session:slack:T1:") })
	if !strings.Contains(redis.Dump(), "session:slack:T2:") {
		t.Error("the conversations of T2 are gone as well")
	}
	m := bob.Say(two.Channel("general"), "@apihelp getting a 429")
	contains(t, r.thread(m, 1)[0].Plain(), "429")

	contains(t, r.install(web, one, ann), "installed")
	m = ann.Say(one.Channel("general"), "@apihelp getting a 404")
	contains(t, r.thread(m, 1)[0].Plain(), "404: Not Found")
}
