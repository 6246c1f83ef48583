package check

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const pageOperational = `{
 "page": {"id":"kctbh9vrtdwd","name":"Example","url":"https://status.example.com","time_zone":"Etc/UTC","updated_at":"2026-11-22T09:14:02.000Z"},
 "components": [{"id":"8l4","name":"API","status":"operational","created_at":"2014-05-03T01:22:07.274Z","updated_at":"2026-11-02T18:11:49.000Z","position":1,
  "description":null,"showcase":false,"start_date":null,"group_id":null,"page_id":"kctbh9vrtdwd","group":false,"only_show_if_degraded":false}],
 "incidents": [], "scheduled_maintenances": [%s],
 "status": {"indicator":"none","description":"All Systems Operational"}}`

const maintenanceSoon = `{"id":"m1","name":"Database upgrade","status":"scheduled","created_at":"2026-11-20T10:00:00.000Z","updated_at":"2026-11-20T10:00:00.000Z",
 "monitoring_at":null,"resolved_at":null,"impact":"maintenance","shortlink":"https://stspg.io/m1","started_at":"2026-11-20T10:00:00.000Z","page_id":"k",
 "incident_updates":[],"components":[],"scheduled_for":"2026-11-25T02:00:00.000Z","scheduled_until":"2026-11-25T04:00:00.000Z"}`

const pageMajor = `{
 "page": {"id":"k","name":"Example","url":"https://status.example.com","time_zone":"Etc/UTC","updated_at":"2026-11-22T12:01:00.000Z"},
 "components": [],
 "incidents": [
  {"name":"Slow dashboard","status":"monitoring","created_at":"2026-11-22T11:30:00.000-07:00","impact":"minor","shortlink":"https://stspg.io/i1","incident_updates":[]},
  {"name":"Elevated error rates\non the   API\u200b","status":"investigating","created_at":"2026-11-22T11:58:00.000Z","monitoring_at":null,"resolved_at":null,
   "impact":"major","shortlink":"https://stspg.io/i2","started_at":"2026-11-22T11:50:00.000+02:00","components":[{"name":"API","status":"major_outage"}],
   "incident_updates":[{"status":"investigating","body":"BODY of the update","created_at":"2026-11-22T11:58:00.000Z"}]},
  {"name":"Yesterday's outage","status":"resolved","created_at":"2026-11-21T11:58:00.000Z","impact":"critical","shortlink":"https://stspg.io/i3"}],
 "scheduled_maintenances": [],
 "status": {"indicator":"major","description":"Partial System Outage"}}`

var major = Incident{Name: "Elevated error rates on the API", Impact: "major", Status: "investigating",
	Since: time.Date(2026, 11, 22, 9, 50, 0, 0, time.UTC), URL: "https://stspg.io/i2"}

// page serves a status page on loopback.
func page(t *testing.T, h http.HandlerFunc) *StatusPage {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	p, err := ParseStatusPage(`{"url":"` + server.URL + `/api/v2/summary.json?token=TOKEN","allow_private":true}`)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// age makes what p knows older.
func (p *StatusPage) age(by time.Duration) {
	s := *p.known.Load()
	s.at, s.tried = s.at.Add(-by), s.tried.Add(-by)
	p.known.Store(&s)
}

func TestTheWorstOngoingIncidentIsTold(t *testing.T) {
	maintenance := strings.Replace(maintenanceSoon, `"status":"scheduled"`, `"status":"in_progress"`, 1)
	tests := []struct {
		name, body string
		want       Incident
		wantOK     bool
	}{
		{"all is well", fmt.Sprintf(pageOperational, ""), Incident{}, false},
		{"a maintenance to come", fmt.Sprintf(pageOperational, maintenanceSoon), Incident{}, false},
		{"a maintenance in progress", fmt.Sprintf(pageOperational, maintenanceSoon+","+maintenance), Incident{Name: "Database upgrade", Impact: "maintenance",
			Status: "in_progress", Since: time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC), URL: "https://stspg.io/m1"}, true},
		{"a major incident", pageMajor, major, true},
		{"an incident and a maintenance", strings.Replace(pageMajor, `"scheduled_maintenances": []`, `"scheduled_maintenances": [`+maintenance+`]`, 1), major, true},
		{"trouble without an incident", `{"page":{"url":"https://status.example.com"},"status":{"indicator":"minor","description":"Partially Degraded Service"}}`,
			Incident{Name: "Partially Degraded Service", Impact: "minor", URL: "https://status.example.com"}, true},
		{"hardly any member", `{"page":{},"status":{},"incidents":[{"name":"x"}]}`, Incident{Name: "x", Impact: "none"}, true},
		{"times and links that are none", `{"page":{"url":"javascript:alert(1)"},"status":{},"incidents":[{"name":"x","impact":"huge","created_at":"soon","shortlink":"https://u:p@x.example"}]}`,
			Incident{Name: "x", Impact: "none"}, true},
		{"the later of two alike", `{"page":{},"status":{},"incidents":[{"name":"b","impact":"minor","created_at":"2026-11-22T12:00:00Z"},{"name":"a","impact":"minor","created_at":"2026-11-22T11:00:00Z"}]}`,
			Incident{Name: "b", Impact: "minor", Since: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}, true},
		{"a long name", `{"page":{},"status":{},"incidents":[{"name":"` + strings.Repeat("ä", 5000) + `"}]}`, Incident{Name: strings.Repeat("ä", 199) + "…", Impact: "none"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := page(t, says(tt.body))
			if _, ok := p.Current(); ok {
				t.Error("an incident before the page was asked")
			}
			got, ok, err := p.Incident(t.Context())
			if err != nil || ok != tt.wantOK {
				t.Fatalf("got %v, %v, want %v", ok, err, tt.wantOK)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if again, _ := p.Current(); again != got {
				t.Errorf("Current: got %+v", again)
			}
		})
	}
}

func TestAnAnswerThatIsNoSummaryIsAnErrorThatQuotesNothing(t *testing.T) {
	tests := map[string]http.HandlerFunc{
		"garbage":     says("BODY \x00\xff"),
		"HTML":        says("<!doctype html><title>BODY</title>"),
		"other JSON":  says(`{"BODY":1}`),
		"a list":      says(`["BODY"]`),
		"cut off":     says(pageMajor[:300]),
		"nothing":     says(""),
		"deep":        says(strings.Repeat("[", 1<<20)),
		"503":         func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "BODY", http.StatusServiceUnavailable) },
		"304 unasked": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"a cut body": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			_, _ = io.WriteString(w, "BODY")
		},
		"to itself": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/BODY", http.StatusFound) },
		"to a password": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://u:TOKEN@"+r.Host, http.StatusFound)
		},
		"endless header": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-BODY", strings.Repeat("a", 1<<20)) },
	}
	for name, h := range tests {
		t.Run(name, func(t *testing.T) {
			_, ok, err := page(t, h).Incident(t.Context())
			if err == nil || ok || strings.Contains(err.Error(), "BODY") || strings.Contains(err.Error(), "TOKEN") {
				t.Errorf("got %v, %v", ok, err)
			}
		})
	}
}

func TestAHugeAnswerIsNeitherReadNorUnpackedWhole(t *testing.T) {
	var sent atomic.Int64 // MiB
	padding := bytes.Repeat([]byte(" "), 1<<20)
	pad := func(w io.Writer) {
		_, _ = io.WriteString(w, pageMajor) // a summary, if somebody were to read on
		for range 256 {
			if _, err := w.Write(padding); err != nil {
				return
			}
			sent.Add(1)
		}
	}
	tests := map[string]http.HandlerFunc{
		"plain": func(w http.ResponseWriter, _ *http.Request) { pad(w) },
		"gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			pad(z)
			_ = z.Close()
		},
		"just too much": says(pageMajor + string(padding) + string(padding)),
	}
	for name, h := range tests {
		t.Run(name, func(t *testing.T) {
			sent.Store(0)
			_, ok, err := page(t, h).Incident(t.Context())
			if err == nil || ok || !strings.Contains(err.Error(), "more than 2097152 bytes") {
				t.Errorf("got %v, %v", ok, err)
			}
			if n := sent.Load(); name == "plain" && n > 64 { // what the kernel's buffers hold is far less
				t.Errorf("%d MiB were taken", n)
			}
		})
	}
}

func TestARedirectGivesNothingUp(t *testing.T) {
	tests := []struct {
		from, to string
		hops     int
		want     bool
	}{
		{"https://a.example", "https://b.example", 1, true},
		{"http://a.example", "https://a.example", 3, true},
		{"http://a.example", "http://a.example/x", 1, true},
		{"https://a.example", "https://b.example", 4, false},
		{"https://a.example", "http://a.example", 1, false},
		{"https://a.example", "https://u:p@a.example", 1, false},
	}
	for _, tt := range tests {
		request := func(url string) *http.Request { return httptest.NewRequest(http.MethodGet, url, nil) }
		via := slices.Repeat([]*http.Request{request(tt.from)}, tt.hops)
		if err := checkStatusRedirect(request(tt.to), via); (err == nil) != tt.want {
			t.Errorf("%s to %s after %d: got %v", tt.from, tt.to, tt.hops, err)
		}
	}
}

func TestAPageIsAskedOnceAMinuteAndConditionally(t *testing.T) {
	var asked, unchanged atomic.Int32
	p := page(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") == "Sun, 22 Nov 2026 12:00:00 GMT" {
			unchanged.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT")
		_, _ = io.WriteString(w, pageMajor)
	})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if got, ok, err := p.Incident(t.Context()); got != major || !ok || err != nil {
				t.Errorf("got %+v, %v, %v", got, ok, err)
			}
		})
	}
	all.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times, want 1", n)
	}
	p.age(9 * time.Minute)
	before := p.known.Load().at
	if got, ok, err := p.Incident(t.Context()); got != major || !ok || err != nil {
		t.Errorf("got %+v, %v, %v", got, ok, err)
	}
	if asked.Load() != 2 || unchanged.Load() != 1 || !p.known.Load().at.After(before) {
		t.Errorf("asked %d times, %d unchanged, heard at %v", asked.Load(), unchanged.Load(), p.known.Load().at)
	}
}

func TestAPageThatFailsIsNotAskedMoreOftenAndItsAnswerGrowsStale(t *testing.T) {
	var asked atomic.Int32
	p := page(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			_, _ = io.WriteString(w, pageMajor)
			return
		}
		w.WriteHeader(http.StatusBadGateway)
	})
	if _, _, err := p.Incident(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.age(2 * time.Minute)
	for range 3 {
		if got, ok, err := p.Incident(t.Context()); got != major || !ok || err == nil {
			t.Errorf("got %+v, %v, %v, want what was known, and an error", got, ok, err)
		}
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("asked %d times, want 2", n)
	}
	p.age(8 * time.Minute)
	if got, ok := p.Current(); ok {
		t.Errorf("got %+v after ten minutes", got)
	}
}

func TestASlowPageKeepsNobodyWaitingBeyondTheirTime(t *testing.T) {
	release := make(chan struct{})
	p := page(t, func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush() // headers at once, the body never
		<-release
	})
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if _, _, err := p.Incident(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, ok := p.Current(); ok {
		t.Error("an incident from nowhere")
	}
	all.Wait()
	if !p.known.Load().tried.IsZero() {
		t.Error("the asker's impatience was kept as the page's failure")
	}
	if p.client.Timeout != 5*time.Second {
		t.Errorf("got a timeout of %v", p.client.Timeout)
	}
}

func TestAPageIsNotFollowedToAnInternalAddress(t *testing.T) {
	port, reached := canary(t)
	p := page(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:"+port+"/", http.StatusFound)
	})
	_, _, err := p.Incident(t.Context())
	if blocked, ok := errors.AsType[*BlockedError](err); !ok || blocked.Why != "loopback" || reached.Load() != 0 {
		t.Errorf("got %v, reached %d times", err, reached.Load())
	}
}

func TestAPageWithAnAuthorityOfItsOwnIsTrusted(t *testing.T) {
	server := httptest.NewUnstartedServer(says(pageMajor))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	defer server.Close()
	file := writeFile(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	for ca, want := range map[string]bool{file: true, "": false} {
		p, err := ParseStatusPage(`{"url":"` + server.URL + `","ca_file":"` + ca + `","allow_private":true}`)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok, err := p.Incident(t.Context()); ok != want || (err == nil) != want {
			t.Errorf("ca_file %q: got %v, %v", ca, ok, err)
		}
	}
}

func TestFaultsOfTheStatusPagesSettingAreToldAtOnce(t *testing.T) {
	tests := []struct{ setting, want string }{
		{"", "must begin with https://"},
		{"status.example.com", "must begin with https://"},
		{"https://", "has no host"},
		{"https://127.0.0.1/summary.json", "allow_private"},
		{`{"url":"https://u:SECRET@[::1]/#a","ca_file":"/nowhere","key":"SECRET"}`, "user name or password"},
		{`{"url":"https://u:SECRET@[::1]/#a","ca_file":"/nowhere","key":"SECRET"}`, "part after a #"},
		{`{"url":"https://u:SECRET@[::1]/#a","ca_file":"/nowhere","key":"SECRET"}`, "no public address (loopback)"},
		{`{"url":"https://u:SECRET@[::1]/#a","ca_file":"/nowhere","key":"SECRET"}`, `"ca_file": open /nowhere`},
		{`{"url":"https://u:SECRET@[::1]/#a","ca_file":"/nowhere","key":"SECRET"}`, `"key" is unknown`},
		{`{"url":"https://status.example.com","url":"https://status.example.com"}`, "is there twice"},
		{`{"url":"https://status.example.com"`, "is no JSON"},
		{`{"url":5}`, `"url" must be text`},
	}
	for _, tt := range tests {
		_, err := ParseStatusPage(tt.setting)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: got %v, want %q in it", tt.setting, err, tt.want)
		}
	}
	for _, setting := range []string{"https://status.example.com/api/v2/summary.json", ` {"url":"https://status.example.com/api/v2/summary.json"}`} {
		if _, err := ParseStatusPage(setting); err != nil {
			t.Error(err)
		}
	}
}

type answerer func() (*http.Response, error)

func (a answerer) RoundTrip(*http.Request) (*http.Response, error) { return a() }

func TestRunAsksEveryMinuteAndLogsAFailureOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := ParseStatusPage("https://status.example.com/api/v2/summary.json")
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		p.client = &http.Client{Transport: answerer(func() (*http.Response, error) {
			asked++
			time.Sleep(2 * time.Second)
			w := httptest.NewRecorder()
			if asked > 1 && asked < 5 {
				w.WriteHeader(http.StatusBadGateway)
			}
			_, _ = io.WriteString(w, pageMajor)
			return w.Result(), nil
		})}
		var out bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		go p.Run(ctx, slog.New(slog.NewTextHandler(&out, nil)))
		time.Sleep(10*time.Minute + 5*time.Second)
		if got, ok := p.Current(); got != major || !ok || asked != 11 {
			t.Errorf("got %+v, %v, asked %d times, want 11", got, ok, asked)
		}
		cancel()
		synctest.Wait()
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 2 || !strings.Contains(lines[0], "status 502") || !strings.Contains(lines[1], "can be read again") || strings.Contains(out.String(), "BODY") {
			t.Errorf("got %s", out.String())
		}
	})
}
