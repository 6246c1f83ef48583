package slack

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// An authServer is the part of Slack that gives out tokens. Its refresh tokens
// work once.
type authServer struct {
	*httptest.Server
	mu       sync.Mutex
	issued   int
	live     map[string]string // refresh token to workspace
	codes    map[string]string // code to answer
	asked    []string          // method names, in order
	spent    map[string]int    // how often a refresh token was presented
	failures []string          // answers before the real ones; an empty one is a 500
	entered  chan struct{}     // if not nil, told when a renewal begins
	hold     chan struct{}     // if not nil, renewals wait for it
}

func newAuthServer(t testing.TB) *authServer {
	s := &authServer{live: map[string]string{}, codes: map[string]string{}, spent: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/auth.test", s.authTest)
	mux.HandleFunc("POST /api/oauth.v2.access", s.access)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// failing answers and reports true if this call is to fail.
func (s *authServer) failing(w http.ResponseWriter, method string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, method)
	if len(s.failures) == 0 {
		return false
	}
	answer := s.failures[0]
	s.failures = s.failures[1:]
	if answer == "" {
		w.WriteHeader(http.StatusInternalServerError)
		return true
	}
	fmt.Fprint(w, answer)
	return true
}

func (s *authServer) failNext(answers ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = answers
}

func (s *authServer) calls(method string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.asked {
		if m == method {
			n++
		}
	}
	return n
}

func (s *authServer) authTest(w http.ResponseWriter, r *http.Request) {
	if s.failing(w, "auth.test") {
		return
	}
	w.Header().Set("X-OAuth-Scopes", "chat:write,commands")
	switch token := r.FormValue("token"); {
	case strings.HasPrefix(token, "xoxb-org"):
		fmt.Fprint(w, `{"ok":true,"team_id":"E1","enterprise_id":"E1","user_id":"UBOT","bot_id":"BBOT"}`)
	case strings.HasPrefix(token, "xox"):
		fmt.Fprint(w, `{"ok":true,"team_id":"T1","user_id":"UBOT","bot_id":"BBOT"}`)
	default:
		fmt.Fprint(w, `{"ok":false,"error":"invalid_auth"}`)
	}
}

func (s *authServer) access(w http.ResponseWriter, r *http.Request) {
	if s.failing(w, "oauth.v2.access") {
		return
	}
	if r.FormValue("client_id") != "client" || r.FormValue("client_secret") != "s3cret" {
		fmt.Fprint(w, `{"ok":false,"error":"bad_client_secret"}`)
		return
	}
	if r.FormValue("grant_type") == "refresh_token" {
		s.refresh(w, r)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, ok := s.codes[r.FormValue("code")]
	delete(s.codes, r.FormValue("code"))
	if !ok {
		answer = `{"ok":false,"error":"invalid_code"}`
	}
	fmt.Fprint(w, answer)
}

func (s *authServer) refresh(w http.ResponseWriter, r *http.Request) {
	if s.entered != nil {
		s.entered <- struct{}{}
	}
	if s.hold != nil {
		<-s.hold
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := r.FormValue("refresh_token")
	s.spent[old]++
	team, ok := s.live[old]
	if !ok {
		fmt.Fprint(w, `{"ok":false,"error":"invalid_refresh_token"}`)
		return
	}
	delete(s.live, old)
	s.issued++
	next := fmt.Sprintf("xoxe-1-refresh-%d", s.issued)
	s.live[next] = team
	_ = json.NewEncoder(w).Encode(map[string]any{
		"ok": true, "access_token": fmt.Sprintf("xoxe.xoxb-1-token-%d", s.issued), "refresh_token": next,
		"expires_in": 43200, "token_type": "bot", "team": map[string]string{"id": team},
	})
}

// rotating gives the workspace a token that ends after left.
func (s *authServer) rotating(team string, now time.Time, left time.Duration) installation {
	s.mu.Lock()
	defer s.mu.Unlock()
	refresh := "xoxe-1-first-" + team
	s.live[refresh] = team
	return installation{
		AppID: "A1", TeamID: team, BotUserID: "UBOT", BotID: "BBOT",
		Token: "xoxe.xoxb-1-old-" + team, RefreshToken: refresh, Expires: now.Add(left),
	}
}

// A place for tests: one Slack, one shelf, one clock.
type place struct {
	slack *authServer
	shelf *memoryShelf
	keys  string

	mu  sync.Mutex
	at  time.Time
	log strings.Builder
}

const (
	firstKey  = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	secondKey = "/+7dzLuqmYh3ZlVEMyIRAP/u3cy7qpmId2ZVRDMiEQA="
)

func newPlace(t testing.TB) *place {
	p := &place{slack: newAuthServer(t), keys: firstKey, at: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	p.shelf = newMemoryShelf(p.now)
	return p
}

func (p *place) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

func (p *place) elapse(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = p.at.Add(d)
}

// Write takes the log.
func (p *place) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

func (p *place) logged() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// process returns installations as a process of its own has them. With a token
// it has that one only.
func (p *place) process(t testing.TB, token string) *installations {
	t.Helper()
	keys, err := parseKeys(p.keys)
	if err != nil {
		t.Fatal(err)
	}
	i := newInstallations(installOptions{
		APIURL: p.slack.URL + "/api/", Token: token, ClientID: "client", ClientSecret: "s3cret",
		Shelf: p.shelf, Keys: keys, HTTP: p.slack.Client(), Log: slog.New(slog.NewJSONHandler(p, nil)),
	})
	i.now = p.now
	return i
}

// installed returns a process in which inst is installed.
func (p *place) installed(t testing.TB, inst installation) *installations {
	t.Helper()
	i := p.process(t, "")
	if err := i.install(t.Context(), inst); err != nil {
		t.Fatal(err)
	}
	return i
}

// token returns the token that is found for a workspace, or what went wrong.
func token(t testing.TB, i *installations, enterprise, team string) string {
	t.Helper()
	client, inst, err := i.client(t.Context(), enterprise, team)
	if err != nil {
		return err.Error()
	}
	if client == nil {
		t.Fatal("got no client and no error")
	}
	return inst.Token
}
