package slack

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A site is where the installation pages are.
type site struct {
	*place
	*httptest.Server
	installs *installations
}

func newSite(t testing.TB) *site {
	p := newPlace(t)
	s := &site{place: p, installs: p.process(t, "")}
	mux := http.NewServeMux()
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	flow, err := newOAuthFlow(s.installs, s.URL)
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", flow.handler())
	p.slack.codes["code"] = `{"ok":true,"access_token":"xoxb-granted","token_type":"bot","scope":"chat:write","bot_user_id":"U9",
		"app_id":"A1","team":{"id":"T1","name":"<b>Acme</b>"},"enterprise":null,"authed_user":{"id":"U1"}}`
	return s
}

// browser returns a browser that keeps cookies and follows no redirects.
func (s *site) browser(t testing.TB) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{
		Transport: s.Client().Transport, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// visit returns the status, the headers and the body of a page.
func (s *site) visit(t testing.TB, browser *http.Client, path string) (int, http.Header, string) {
	t.Helper()
	r, err := browser.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, r.Header, string(body)
}

// start returns the state that a browser is sent to Slack with.
func (s *site) start(t testing.TB, browser *http.Client) string {
	t.Helper()
	status, header, _ := s.visit(t, browser, "/slack/install")
	to, err := url.Parse(header.Get("Location"))
	if err != nil || status != http.StatusFound || to.Query().Get("state") == "" {
		t.Fatalf("got %d to %q, %v", status, to, err)
	}
	return to.Query().Get("state")
}

func callback(state string) string { return "/slack/oauth/callback?code=code&state=" + state }

func TestAWorkspaceInstallsTheApp(t *testing.T) {
	s := newSite(t)
	browser := s.browser(t)
	_, header, _ := s.visit(t, browser, "/slack/install")
	to, err := url.Parse(header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	q := to.Query()
	if got, want := to.Scheme+"://"+to.Host+to.Path, s.slack.URL+"/oauth/v2/authorize"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	scopes := "app_mentions:read,chat:write,commands,im:history"
	if q.Get("client_id") != "client" || q.Get("scope") != scopes || q.Get("redirect_uri") != s.URL+"/slack/oauth/callback" {
		t.Errorf("got %v", q)
	}
	status, header, body := s.visit(t, browser, callback(q.Get("state")))
	for _, want := range []string{"&lt;b&gt;Acme&lt;/b&gt;", "/invite @apihelp", "/app_redirect?app=A1&amp;team=T1"} {
		if !strings.Contains(body, want) {
			t.Errorf("got no %q in %s", want, body)
		}
	}
	if csp := header.Get("Content-Security-Policy"); status != 200 || !strings.HasPrefix(csp, "default-src 'none'") {
		t.Errorf("got %d with policy %q", status, csp)
	}
	if header.Get("Referrer-Policy") != "no-referrer" || header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %v", header)
	}
	_, inst, err := s.process(t, "").client(t.Context(), "", "T1")
	want := installation{
		AppID: "A1", TeamID: "T1", BotUserID: "U9", BotID: "BBOT", Scopes: "chat:write", Token: "xoxb-granted",
		Installer: "U1", InstalledAt: s.now(),
	}
	if err != nil || inst != want {
		t.Errorf("got %#v (%s), %v", inst, inst.Token, err)
	}
	if s.shelf.contains("xox") || strings.Contains(s.logged()+body, "xox") {
		t.Error("the token is on the shelf, in the log or on the page")
	}
}

func TestAnOrganisationInstallsTheApp(t *testing.T) {
	s := newSite(t)
	browser := s.browser(t)
	s.slack.codes["code"] = `{"ok":true,"access_token":"xoxb-org","refresh_token":"xoxe-1","expires_in":43200,"token_type":"bot","bot_user_id":"U9",
		"app_id":"A1","team":null,"enterprise":{"id":"E1","name":"Acme Group"},"is_enterprise_install":true,"authed_user":{"id":"U1"}}`
	status, _, body := s.visit(t, browser, callback(s.start(t, browser)))
	if status != 200 || !strings.Contains(body, "Acme Group") {
		t.Errorf("got %d %s", status, body)
	}
	_, inst, err := s.process(t, "").client(t.Context(), "E1", "")
	if err != nil || !inst.Org || inst.TeamID != "" || inst.RefreshToken != "xoxe-1" || !inst.Expires.Equal(s.now().Add(12*time.Hour)) {
		t.Errorf("got %q, org %v, %v, %v", inst.TeamID, inst.Org, inst.Expires, err)
	}
}

func TestAStateWorksOnceInItsBrowserForTenMinutes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		says   string
		path   func(t *testing.T, s *site, victim *http.Client) string
	}{
		{"used before", 400, "second time", func(t *testing.T, s *site, victim *http.Client) string {
			path := callback(s.start(t, victim))
			s.visit(t, victim, strings.Replace(path, "code=code", "error=access_denied", 1))
			return path
		}},
		{"of another browser", 403, "cookies", func(t *testing.T, s *site, victim *http.Client) string {
			s.start(t, victim)
			return callback(s.start(t, s.browser(t)))
		}},
		{"in a browser without cookies", 403, "cookies", func(t *testing.T, s *site, victim *http.Client) string {
			path := callback(s.start(t, victim))
			victim.Jar = nil
			return path
		}},
		{"too old", 400, "ten minutes", func(t *testing.T, s *site, victim *http.Client) string {
			path := callback(s.start(t, victim))
			s.elapse(10 * time.Minute)
			return path
		}},
		{"never given", 400, "second time", func(t *testing.T, s *site, victim *http.Client) string {
			s.start(t, victim)
			return callback(strings.Repeat("A", stateSize))
		}},
		{"of another form", 400, "second time", func(t *testing.T, s *site, victim *http.Client) string {
			s.installs.remember(installation{TeamID: "T1"})
			return callback("installation:T1")
		}},
		{"missing", 400, "without having started here", func(t *testing.T, s *site, victim *http.Client) string {
			s.start(t, victim)
			return callback("")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			victim := s.browser(t)
			status, _, body := s.visit(t, victim, tt.path(t, s, victim))
			if status != tt.status || !strings.Contains(body, tt.says) || !strings.Contains(body, `href="/slack/install"`) {
				t.Errorf("got %d %s, want %d and %q", status, body, tt.status, tt.says)
			}
			if n := s.slack.calls("oauth.v2.access"); n != 0 {
				t.Errorf("got %d codes exchanged, want none", n)
			}
		})
	}
}

func TestTwoTabsOfOneBrowserBothWork(t *testing.T) {
	s := newSite(t)
	browser := s.browser(t)
	first, second := s.start(t, browser), s.start(t, browser)
	if first == second {
		t.Errorf("got the state %s twice", first)
	}
	if status, _, body := s.visit(t, browser, callback(first)); status != 200 {
		t.Errorf("got %d %s", status, body)
	}
	if status, _, body := s.visit(t, browser, callback(second)); !strings.Contains(body, "too old") {
		t.Errorf("the code again: got %d %s", status, body)
	}
}

func TestEveryFailureSaysWhatToDo(t *testing.T) {
	refused := func(code string) string { return `{"ok":false,"error":"` + code + `"}` }
	for _, tt := range []struct {
		name, query string
		answers     []string // of Slack, instead of its own
		status      int
		says        string
	}{
		{"nobody consented", "error=access_denied", nil, 403, "administrator"},
		{"no code", "", nil, 403, "administrator"},
		{"code used", "code=other", nil, 400, "Start again"},
		{"wrong address", "code=code", []string{refused("bad_redirect_uri")}, 502, "Redirect URLs"},
		{"wrong secret", "code=code", []string{refused("bad_client_secret")}, 502, "Basic Information"},
		{"not distributed", "code=code", []string{refused("invalid_team_for_non_distributed_app")}, 502, "Manage Distribution"},
		{"code that nobody knows", "code=code", []string{refused("<script>")}, 502, "&lt;script&gt;"},
		{"Slack broken", "code=code", []string{""}, 502, "in a minute"},
		{"nothing granted", "code=code", []string{`{"ok":true}`}, 502, "in a minute"},
		{"no workspace", "code=code", []string{`{"ok":true,"access_token":"xoxb-1","team":null}`}, 502, "in a minute"},
		{"token refused", "code=code", []string{`{"ok":true,"access_token":"nonsense","team":{"id":"T1"}}`}, 502, "invalid_auth"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			browser := s.browser(t)
			state := s.start(t, browser)
			s.slack.failNext(tt.answers...)
			status, _, body := s.visit(t, browser, "/slack/oauth/callback?state="+state+"&"+tt.query)
			if status != tt.status || !strings.Contains(body, tt.says) || !strings.Contains(body, `href="/slack/install"`) {
				t.Errorf("got %d %s, want %d and %q", status, body, tt.status, tt.says)
			}
			if len(s.shelf.values) != 0 {
				t.Errorf("got %d values on the shelf, want none", len(s.shelf.values))
			}
			for _, secret := range []string{"s3cret", "xoxb-1", "nonsense", state} {
				if strings.Contains(s.logged()+body, secret) {
					t.Errorf("got %q in the log or on the page", secret)
				}
			}
		})
	}
}

func TestInstallationPagesSayWhenNothingCanBeKept(t *testing.T) {
	s := newSite(t)
	browser := s.browser(t)
	state := s.start(t, browser)
	s.shelf.breakDown(errDown)
	for _, path := range []string{"/slack/install", callback(state)} {
		if status, _, body := s.visit(t, browser, path); status != 503 || !strings.Contains(body, "try again") {
			t.Errorf("%s: got %d %s", path, status, body)
		}
	}
}

func TestTheCookieIsOutOfReach(t *testing.T) {
	p := newPlace(t)
	for origin, want := range map[string]http.Cookie{
		"https://help.example.com": {Name: "__Host-apihelp-install", Secure: true},
		"http://127.0.0.1:8080":    {Name: "apihelp-install"},
	} {
		flow, err := newOAuthFlow(p.process(t, ""), origin)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		flow.handler().ServeHTTP(w, httptest.NewRequest("GET", "/slack/install", nil))
		c := w.Result().Cookies()[0]
		if c.Name != want.Name || c.Secure != want.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 600 {
			t.Errorf("%s: got %v", origin, c)
		}
		if p.shelf.contains(c.Value) {
			t.Errorf("%s: the cookie is on the shelf", origin)
		}
		w = httptest.NewRecorder()
		flow.handler().ServeHTTP(w, httptest.NewRequest("POST", "/slack/install", nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: got %d for a POST", origin, w.Code)
		}
	}
}

func TestSlacksPagesAreOnTheHostOfItsAPI(t *testing.T) {
	for api, want := range map[string]string{
		"https://slack.com/api/":     "https://slack.com/oauth/v2/authorize?",
		"https://slack-gov.com/api/": "https://slack-gov.com/oauth/v2/authorize?",
		"http://127.0.0.1:9/api/":    "http://127.0.0.1:9/oauth/v2/authorize?",
	} {
		flow, err := newOAuthFlow(newInstallations(installOptions{APIURL: api}), "https://help.example.com")
		if err != nil {
			t.Fatal(err)
		}
		if got := flow.authorizeURL("x"); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s", api, got)
		}
	}
	if _, err := newOAuthFlow(newInstallations(installOptions{APIURL: "slack.com/api/"}), "https://h.example.com"); err == nil {
		t.Error("got no error for an API URL without a host")
	}
}

func TestTheClientSecretFollowsNoRedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the request went elsewhere")
	}))
	defer elsewhere.Close()
	slack := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer slack.Close()
	i := newInstallations(installOptions{APIURL: slack.URL + "/api/", ClientID: "client", ClientSecret: "s3cret"})
	defer i.HTTP.CloseIdleConnections()
	if _, err := i.exchange(t.Context(), installation{TeamID: "T1", RefreshToken: "xoxe-1"}); err == nil {
		t.Error("got no error")
	}
}
