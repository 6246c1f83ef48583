package web_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"apihelp/adapters/web"
)

func TestAKeyIsCheckedAndTheResultComesToTheConversation(t *testing.T) {
	r := newSite(t, "production").start(t)
	link := r.ask()
	if page := open(t, link); page.code != http.StatusOK || !strings.Contains(page.body, `type="password"`) || strings.Contains(page.body, "checkbox") {
		t.Fatalf("got %d %s, want a form without a choice of environments", page.code, page.body)
	}
	got := post(t, link, planted)
	if got.code != http.StatusOK || strings.Count(got.body, "<li class=\"ok\">") < 4 || !strings.Contains(got.body, "result is in your conversation") {
		t.Errorf("got %d %s", got.code, got.body)
	}
	until(t, "the report", func() bool { return r.reports() == 1 })
	post := r.chat.Posts()[len(r.chat.Posts())-1]
	if post.In.Channel != "C1" || !strings.Contains(post.Reply.Plain(), "auth") {
		t.Errorf("got %+v", post)
	}
}

func TestARefusedKeyComesWithAdvice(t *testing.T) {
	r := newSite(t, "production").start(t)
	got := post(t, r.ask(), "sk_live_wrongwrongwrong12345")
	if !strings.Contains(got.body, `<li class="fail"><b>auth</b>`) || !strings.Contains(got.body, "<p>see 401</p>") {
		t.Errorf("got %s", got.body)
	}
	until(t, "the report", func() bool { return strings.Contains(r.chat.Heard(), "401: Unauthorized") })
}

func TestALinkWorksOnce(t *testing.T) {
	for _, tt := range []struct{ name, key string }{
		{"a good key", planted},
		{"a bad key", "sk_live_wrongwrongwrong12345"},
		{"a key that is never sent", "undefined"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newSite(t, "production").start(t)
			link := r.link()
			if got := post(t, link, tt.key); got.code != http.StatusOK {
				t.Fatalf("got %d %s", got.code, got.body)
			}
			for _, got := range []answered{open(t, link), post(t, link, planted)} {
				if got.code != http.StatusGone || !strings.Contains(got.body, "was used already") || !strings.Contains(got.body, "get a new one") {
					t.Errorf("got %d %s, want 410 that says how to get another", got.code, got.body)
				}
			}
		})
	}
}

func TestOfPostsAtOnceOneWins(t *testing.T) {
	s := newSite(t, "production")
	replicas := []*replica{s.start(t), s.start(t)}
	link := replicas[0].link()
	_, path, _ := strings.Cut(link, web.Path)
	codes := make([]int, 8)
	var posting sync.WaitGroup
	for i := range codes {
		posting.Go(func() { codes[i] = post(t, replicas[i%2].server.URL+web.Path+path, planted).code })
	}
	posting.Wait()
	slices.Sort(codes)
	if codes[0] != http.StatusOK || codes[1] != http.StatusGone || codes[7] != http.StatusGone {
		t.Errorf("got %v, want one 200 and the rest 410", codes)
	}
	until(t, "the report", func() bool { return s.reports() == 1 })
}

func TestALinkEndsAfterTenMinutes(t *testing.T) {
	r := newSite(t, "production").start(t)
	link := r.link()
	r.redis.FastForward(10*time.Minute - time.Second)
	if got := open(t, link); got.code != http.StatusOK {
		t.Errorf("got %d before the end", got.code)
	}
	r.redis.FastForward(time.Second)
	for _, got := range []answered{open(t, link), post(t, link, planted)} {
		if got.code != http.StatusNotFound || !strings.Contains(got.body, "get a new one") {
			t.Errorf("got %d %s", got.code, got.body)
		}
	}
}

func TestAnotherReplicaTakesTheKey(t *testing.T) {
	s := newSite(t, "production")
	one, two := s.start(t), s.start(t)
	_, token, _ := strings.Cut(one.link(), web.Path)
	if got := post(t, two.server.URL+web.Path+token, planted); got.code != http.StatusOK {
		t.Errorf("got %d %s", got.code, got.body)
	}
	if got := open(t, one.server.URL+web.Path+token); got.code != http.StatusGone {
		t.Errorf("got %d from the first", got.code)
	}
	until(t, "the report", func() bool { return s.reports() == 1 })
}

func TestAPreviewUsesNothingUp(t *testing.T) {
	r := newSite(t, "production").start(t)
	link := r.link()
	for _, method := range []string{http.MethodHead, http.MethodGet, http.MethodHead, http.MethodGet} {
		got := do(t, request(t, method, link, "", "User-Agent", "Slackbot-LinkExpanding 1.0", "Purpose", "prefetch"))
		if got.code != http.StatusOK || (got.body == "") != (method == http.MethodHead) {
			t.Errorf("%s: got %d %q", method, got.code, got.body)
		}
	}
	if got := post(t, link, planted); got.code != http.StatusOK {
		t.Errorf("got %d %s", got.code, got.body)
	}
}

// event is one of the server's.
type event struct {
	name string
	data struct{ Target, Check, Status, Detail, Title, Text, Passport string }
	raw  string
}

func parseEvents(t *testing.T, body string) (out []event) {
	t.Helper()
	for _, block := range strings.Split(strings.TrimSuffix(body, "\n\n"), "\n\n") {
		name, data, ok := strings.Cut(block, "\ndata: ")
		e := event{name: strings.TrimPrefix(name, "event: "), raw: data}
		if err := json.Unmarshal([]byte(data), &e.data); err != nil || !ok || strings.Contains(data, "\n") {
			t.Fatalf("got %q, error %v, want an event", block, err)
		}
		out = append(out, e)
	}
	return out
}

func TestRowsComeAsEventsInTheirOrder(t *testing.T) {
	r := newSite(t, "production", "staging").start(t)
	got := do(t, request(t, http.MethodPost, r.link(), form(planted, "production", "staging"), "Accept", "text/event-stream"))
	if got.code != http.StatusOK || got.header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("got %d %v", got.code, got.header)
	}
	rows := map[string][]string{}
	all := parseEvents(t, got.body)
	for _, e := range all[:len(all)-1] {
		if e.name != "row" {
			t.Errorf("got event %q before the last", e.name)
		}
		rows[e.data.Target] = append(rows[e.data.Target], e.data.Check)
	}
	want := []string{"credential", "dns", "tcp", "tls", "http", "auth", "limits"}
	for _, target := range r.targets {
		if !slices.Equal(rows[target], want) {
			t.Errorf("got rows %v of %s, want %v", rows[target], target, want)
		}
	}
	last := all[len(all)-1]
	if last.name != "over" || last.data.Title != "Checked" || last.data.Passport == "" || strings.Count(last.raw, `"ok":true`) != 2 {
		t.Errorf("got %s %s", last.name, last.raw)
	}
	if again := do(t, request(t, http.MethodGet, r.server.URL+web.Path+"x", "", "Accept", "text/event-stream")); again.header.Get("Content-Type") == "text/event-stream" {
		t.Error("a GET gets events")
	}
}

// TestRowsComeBeforeTheEnd holds the API up until the first rows have arrived.
func TestRowsComeBeforeTheEnd(t *testing.T) {
	for _, accept := range []string{"text/event-stream", "text/html"} {
		t.Run(accept, func(t *testing.T) {
			s := newSite(t, "production")
			arrived := make(chan struct{})
			s.answer = func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-arrived:
				case <-r.Context().Done():
				}
			}
			r := s.start(t)
			resp, err := http.DefaultClient.Do(request(t, http.MethodPost, r.link(), form(planted), "Accept", accept))
			if err != nil {
				t.Fatal(err)
			}
			defer http.DefaultClient.CloseIdleConnections()
			defer resp.Body.Close()
			var got strings.Builder
			part := make([]byte, 1<<10)
			for !strings.Contains(got.String(), "tls") {
				n, err := resp.Body.Read(part)
				if got.Write(part[:n]); err != nil {
					t.Fatalf("got %q, error %v", got.String(), err)
				}
			}
			if strings.Contains(got.String(), "auth") {
				t.Errorf("got %q before the API has answered", got.String())
			}
			close(arrived)
			until(t, "the report", func() bool { return s.reports() == 1 })
		})
	}
}

func TestABrowserThatLeavesGetsItsReportInTheConversation(t *testing.T) {
	s := newSite(t, "production")
	asked, left := make(chan struct{}), make(chan struct{})
	s.answer = func(http.ResponseWriter, *http.Request) {
		close(asked)
		<-left
	}
	r := s.start(t)
	resp, err := http.DefaultClient.Do(request(t, http.MethodPost, r.link(), form(planted), "Accept", "text/event-stream"))
	if err != nil {
		t.Fatal(err)
	}
	<-asked
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	close(left)
	until(t, "the report", func() bool { return s.reports() == 1 })
	if heard := s.chat.Heard(); strings.Contains(heard, "not reached") {
		t.Errorf("the checks were cut short: %s", heard)
	}
}
