package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"apihelp/adapters/web"
	"apihelp/bot"
	"apihelp/bot/check"
)

func TestEveryAnswerKeepsThePageToItself(t *testing.T) {
	r := newSite(t, "production").start(t)
	link := r.link()
	for name, got := range map[string]answered{
		"the form":      open(t, link),
		"no link":       open(t, r.server.URL+web.Path),
		"a method":      do(t, request(t, http.MethodDelete, link, "")),
		"another site":  post(t, link, planted, "Sec-Fetch-Site", "cross-site"),
		"no key":        post(t, link, ""),
		"the result":    post(t, link, planted),
		"the events":    post(t, r.link(), planted, "Accept", "text/event-stream"),
		"a used link":   open(t, link),
		"events, error": post(t, link, planted, "Accept", "text/event-stream"),
	} {
		for header, want := range map[string]string{
			"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp",
		} {
			if value := got.header.Get(header); !strings.HasPrefix(value, want) {
				t.Errorf("%s: got %s %q, want %q", name, header, value, want)
			}
		}
		policy := got.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "script-src 'sha256-", "style-src 'sha256-"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy %q lacks %q", name, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") || got.header.Get("Strict-Transport-Security") != "" || got.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: got %v", name, got.header)
		}
	}
}

func TestThePolicyAllowsThePagesOwnScriptAndStyle(t *testing.T) {
	r := newSite(t, "production").start(t)
	page := open(t, r.link())
	for _, tag := range []string{"script", "style"} {
		_, text, _ := strings.Cut(page.body, "<"+tag+">")
		text, _, ok := strings.Cut(text, "</"+tag+">")
		sum := sha256.Sum256([]byte(text))
		want := tag + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if policy := page.header.Get("Content-Security-Policy"); !ok || len(text) < 100 || !strings.Contains(policy, want) {
			t.Errorf("got policy %q, want %q", policy, want)
		}
	}
	if strings.Contains(page.body, " style=") || strings.Contains(page.body, " onclick=") {
		t.Error("the page has what its policy forbids")
	}
}

func TestAnEncryptedPageStaysEncrypted(t *testing.T) {
	r := newSite(t, "production").start(t)
	o := r.page.Options
	o.PublicURL = "https://help.example.com/bot/"
	page, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	link, err := page.Link(t.Context(), bot.Message{})
	if err != nil || !strings.HasPrefix(link, "https://help.example.com/bot/check/") || len(link) != len("https://help.example.com/bot/check/")+43 {
		t.Errorf("got %q, %v", link, err)
	}
	// A proxy took /bot away, and passes a Host of its own on.
	req := httptest.NewRequest(http.MethodPost, strings.TrimPrefix(link, "https://help.example.com/bot"), strings.NewReader(form(planted)))
	req.Host = "10.0.0.7:8080"
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://help.example.com")
	w := httptest.NewRecorder()
	page.ServeHTTP(w, req)
	if w.Code != http.StatusOK || w.Header().Get("Strict-Transport-Security") == "" {
		t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestKeysAreNotAskedForInTheClear(t *testing.T) {
	for addr, want := range map[string]bool{
		"https://help.example.com": true, "https://help.example.com/bot": true, "http://127.0.0.1:8080": true, "http://localhost:8080/": true, "http://[::1]:80": true,
		"http://help.example.com": false, "http://10.0.0.1": false, "http://127.0.0.1.example.com": false, "ftp://127.0.0.1": false,
		"help.example.com": false, "": false, "https://": false, "https://a/?b": false, "https://a/#b": false, "https://me@a/": false, "https://\n": false,
	} {
		if _, err := web.New(web.Options{PublicURL: addr}); (err == nil) != want {
			t.Errorf("%q: got error %v", addr, err)
		}
	}
}

func TestWhatIsNotTheFormIsRefusedAndLeavesTheLink(t *testing.T) {
	r := newSite(t, "production", "staging").start(t)
	link := r.link()
	good := form(planted, "production")
	for _, tt := range []struct {
		name, body string
		header     []string
		want       int
	}{
		{"another site", good, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"a sister site", good, []string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		{"another origin in an old browser", good, []string{"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, http.StatusForbidden},
		{"a sandboxed frame", good, []string{"Sec-Fetch-Site", "", "Origin", "null"}, http.StatusForbidden},
		{"JSON", `{"value":"` + planted + `"}`, []string{"Content-Type", "application/json"}, http.StatusBadRequest},
		{"plain text", good, []string{"Content-Type", "text/plain"}, http.StatusBadRequest},
		{"no type", good, []string{"Content-Type", ""}, http.StatusBadRequest},
		{"a huge body", form(strings.Repeat(planted, 1000), "production"), nil, http.StatusRequestEntityTooLarge},
		{"no form", "value=" + planted + "%zz&target=production", nil, http.StatusBadRequest},
		{"a target that there is not", form(planted, "http://169.254.169.254/"), nil, http.StatusBadRequest},
		{"no target", form(planted), nil, http.StatusUnprocessableEntity},
		{"no key", form("", "production"), nil, http.StatusUnprocessableEntity},
		{"nothing", "", nil, http.StatusUnprocessableEntity},
	} {
		for _, accept := range []string{"text/html", "text/event-stream"} {
			t.Run(tt.name+", "+accept, func(t *testing.T) {
				got := do(t, request(t, http.MethodPost, link, tt.body, append(tt.header, "Accept", accept)...))
				if got.code != tt.want || strings.Contains(got.body, planted) {
					t.Errorf("got %d %s, want %d", got.code, got.body, tt.want)
				}
				if e := got.header.Get("Content-Type"); !strings.HasPrefix(e, accept) {
					t.Errorf("got %q, want %q", e, accept)
				}
			})
		}
	}
	if got := do(t, request(t, http.MethodPut, link, good)); got.code != http.StatusMethodNotAllowed || got.header.Get("Allow") == "" {
		t.Errorf("PUT: got %d", got.code)
	}
	if got := do(t, request(t, http.MethodPost, link, good)); got.code != http.StatusOK {
		t.Errorf("then, got %d %s", got.code, got.body)
	}
}

func TestANewlineInAKeyIsNamedAndNeverSent(t *testing.T) {
	r := newSite(t, "production").start(t)
	got := post(t, r.link(), planted+"\r\nX-Injected: yes")
	if !strings.Contains(got.body, `<li class="fail"><b>credential</b>`) || strings.Contains(got.body, "X-Injected") {
		t.Errorf("got %s", got.body)
	}
	if got := post(t, r.link(), planted+"\n"); !strings.Contains(got.body, "there is a line end behind it") {
		t.Errorf("got %s", got.body)
	}
}

func TestWhatAServerSaysStaysText(t *testing.T) {
	r := newSite(t, "production").start(t)
	o := r.page.Options
	o.Check = func(_ context.Context, q bot.CheckRequest) (bot.Checked, error) {
		hostile := "</li><script>alert(1)</script>\n\nevent: over\ndata: {}\n\n\" onload='x'"
		f := bot.Finding{Result: check.Result{Check: "http", Status: check.Fail, Detail: hostile}, Topic: "x"}
		q.Progress("production", f)
		return bot.Checked{Passport: hostile, Diagnoses: []bot.Diagnosis{{Verdict: hostile, Findings: []bot.Finding{f}}}}, nil
	}
	o.Advice = func(f bot.Finding) string { return f.Detail }
	o.Report = func(context.Context, bot.Message, bot.Checked) error { return nil }
	r.serve(o)
	if got := post(t, r.link(), planted); strings.Contains(got.body, "<script") || strings.Contains(got.body, "' onload") || strings.Count(got.body, "&lt;script&gt;") != 4 {
		t.Errorf("got %s", got.body)
	}
	got := post(t, r.link(), planted, "Accept", "text/event-stream")
	if all := parseEvents(t, got.body); len(all) != 2 || strings.Contains(got.body, "<script") {
		t.Errorf("got %s", got.body)
	}
}

func TestMissesOfANetworkAreLimited(t *testing.T) {
	r := newSite(t, "production").start(t)
	get := func(remote, forwarded, token string) int {
		req := httptest.NewRequest(http.MethodGet, web.Path+token, nil)
		req.RemoteAddr = remote
		if forwarded != "" {
			req.Header.Set("X-Forwarded-For", forwarded)
		}
		w := httptest.NewRecorder()
		r.page.ServeHTTP(w, req)
		return w.Code
	}
	_, good, _ := strings.Cut(r.link(), web.Path)
	for i := range 60 {
		// Whoever comes directly can forge the header, which counts for nothing.
		if got := get("[2001:db8::1]:80", fmt.Sprintf("198.51.100.%d", i), strings.Repeat("A", 43)); got != http.StatusNotFound {
			t.Fatalf("miss %d: got %d", i, got)
		}
		if got := get("10.0.0.1:80", "198.51.100.1, 203.0.113.9", "guess"); got != http.StatusNotFound {
			t.Fatalf("miss %d behind a proxy: got %d", i, got)
		}
	}
	for _, tt := range []struct {
		name, remote, forwarded string
		want                    int
	}{
		{"the same", "[2001:db8::1]:81", "", http.StatusTooManyRequests},
		{"the same network", "[2001:db8::2]:80", "", http.StatusTooManyRequests},
		{"another network", "[2001:db8:0:1::1]:80", "", http.StatusOK},
		{"the same behind the proxy", "10.0.0.1:80", "192.0.2.1,203.0.113.9", http.StatusTooManyRequests},
		{"another behind the proxy", "10.0.0.1:80", "192.0.2.1", http.StatusOK},
		{"the proxy itself", "10.0.0.1:80", "", http.StatusOK},
		{"no address", "@", "", http.StatusOK},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := get(tt.remote, tt.forwarded, good); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestAUsedLinkIsNoMiss(t *testing.T) {
	r := newSite(t, "production").start(t)
	link := r.link()
	post(t, link, planted)
	for range 70 {
		if got := open(t, link); got.code != http.StatusGone {
			t.Fatalf("got %d", got.code)
		}
	}
}

func TestWithoutRedisThePageSaysSo(t *testing.T) {
	r := newSite(t, "production").start(t)
	link := r.link()
	r.redis.SetError("LOADING Redis is loading the dataset in memory")
	for _, got := range []answered{open(t, link), post(t, link, planted), post(t, link, planted, "Accept", "text/event-stream")} {
		if got.code != http.StatusServiceUnavailable || !strings.Contains(got.body, "try again in a minute") || got.header.Get("Retry-After") == "" {
			t.Errorf("got %d %s", got.code, got.body)
		}
	}
	if _, err := r.page.Link(t.Context(), bot.Message{}); err == nil {
		t.Error("got a link that nobody keeps")
	}
	r.redis.SetError("")
	if got := post(t, link, planted); got.code != http.StatusOK {
		t.Errorf("then, got %d %s", got.code, got.body)
	}
}

func TestACheckThatCannotBeRunOrReportedSaysSo(t *testing.T) {
	for _, tt := range []struct {
		name   string
		check  bot.Checked
		err    error
		report error
		code   int
		says   string
	}{
		{"not run", bot.Checked{}, errors.New("no such target"), nil, http.StatusInternalServerError, "could not be run"},
		{"busy", bot.Checked{Busy: &check.BusyError{After: 1500e6, Why: check.UserLimit}}, nil, nil, http.StatusTooManyRequests, "wait 2 seconds"},
		{"not reported", bot.Checked{}, nil, errors.New("away"), http.StatusOK, "it is only here"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newSite(t, "production").start(t)
			o := r.page.Options
			o.Check = func(context.Context, bot.CheckRequest) (bot.Checked, error) { return tt.check, tt.err }
			o.Report = func(context.Context, bot.Message, bot.Checked) error { return tt.report }
			r.serve(o)
			if got := post(t, r.link(), planted); got.code != tt.code || !strings.Contains(got.body, tt.says) {
				t.Errorf("got %d %s", got.code, got.body)
			}
			if got := post(t, r.link(), planted, "Accept", "text/event-stream"); !strings.Contains(got.body, tt.says) {
				t.Errorf("got %s", got.body)
			}
		})
	}
}

func TestAReportKnowsWhoAskedAndInWhichLanguage(t *testing.T) {
	r := newSite(t, "production").start(t)
	o := r.page.Options
	var got bot.Message
	o.Report = func(_ context.Context, m bot.Message, _ bot.Checked) error { got = m; return nil }
	r.serve(o)
	want := bot.Message{In: bot.Conversation{Adapter: "a", Team: "b", Channel: "c", Thread: "d"}, From: bot.User{ID: "e", Name: "f", Team: "g"}, Lang: "de-AT", Direct: true}
	asked := want
	asked.ID, asked.Text = "m1", "my key is "+planted
	link, err := r.page.Link(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	post(t, link, planted)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if strings.Contains(r.wire.String(), planted) {
		t.Error("the text of a message went to Redis")
	}
}

// TestAKeyIsFoundNowhere hands a key in on every way, with every failure, and
// searches all that the process wrote, sent or stored.
func TestAKeyIsFoundNowhere(t *testing.T) {
	s := newSite(t, "production", "staging")
	r := s.start(t)
	var seen strings.Builder
	hand := func(link, body string, header ...string) {
		for _, accept := range []string{"text/html", "text/event-stream"} {
			req := request(t, http.MethodPost, link, body, append(header, "Accept", accept)...)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				continue // the server panicked
			}
			fmt.Fprint(&seen, resp.Header)
			_ = resp.Write(&seen)
			resp.Body.Close()
			link = r.link()
		}
	}
	good := form(planted, "production", "staging")
	hand(r.ask(), good)
	hand(r.link(), form("Bearer "+planted+"\n", "production"))
	hand(r.link(), form(planted+"\x00"+planted, "staging"))
	hand(r.link(), "value="+planted+"%zz")
	hand(r.link(), good, "Content-Type", "text/plain")
	hand(r.link(), good, "Sec-Fetch-Site", "cross-site")
	hand(r.link(), form(strings.Repeat(planted, 1000)))
	hand(r.server.URL+web.Path+"nothing", good)
	hand(r.server.URL+web.Path+url.PathEscape(good), good)
	until(t, "reports", func() bool { return s.reports() >= 4 })
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "bad key "+r.Header.Get("Authorization"), http.StatusTeapot)
	}
	hand(r.link(), good)
	s.redis.SetError("LOADING")
	r.page.Log.Warn("redis is gone")
	req := request(t, http.MethodPost, r.server.URL+web.Path+strings.Repeat("A", 43), good)
	fmt.Fprint(&seen, do(t, req))
	s.redis.SetError("")
	s.api.Close()
	hand(r.link(), good)
	o := r.page.Options
	o.Check = func(_ context.Context, q bot.CheckRequest) (bot.Checked, error) {
		slog.New(slog.NewTextHandler(s.log, nil)).Warn("about to panic", "request", q)
		panic(fmt.Sprintf("while checking %v %+v", q.Key, q))
	}
	r.serve(o)
	hand(r.link(), good)
	until(t, "the panic", func() bool { return strings.Contains(s.log.String(), "while checking") })
	for where, text := range map[string]string{
		"Redis": s.redis.Dump(), "the wire to Redis": s.wire.String(), "the log": s.log.String(), "the answers": seen.String(), "the chat": s.chat.Heard(),
	} {
		for _, part := range []string{planted, planted[:12], planted[len(planted)-12:]} {
			if i := strings.Index(text, part); i >= 0 {
				t.Errorf("the key is in %s: %q", where, text[max(0, i-80):min(len(text), i+80)])
			}
		}
		if text == "" {
			t.Errorf("nothing was written to %s", where)
		}
	}
}

func TestATokenIsNotKept(t *testing.T) {
	r := newSite(t, "production").start(t)
	link := r.link()
	_, token, _ := strings.Cut(link, web.Path)
	post(t, link, planted)
	for where, text := range map[string]string{"Redis": r.redis.Dump(), "the wire to Redis": r.wire.String(), "the log": r.log.String(), "the chat": r.chat.Heard()} {
		if strings.Contains(text, token) {
			t.Errorf("the token is in %s", where)
		}
	}
	if !strings.Contains(r.wire.String(), "apihelp:shelf:{web}:") {
		t.Error("nothing was kept")
	}
}
