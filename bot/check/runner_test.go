package check_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"apihelp/bot/check"
	"apihelp/bot/check/lab"
)

// server is a well API that looks at its requests.
func server(t *testing.T, see http.HandlerFunc) check.Target {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if see != nil {
			see(w, r)
		}
		json.NewEncoder(w).Encode(map[string]string{"id": "usr_1"})
	}))
	t.Cleanup(s.Close)
	return check.Target{Name: "production", URL: s.URL + "/v1/me", AllowPrivate: true,
		Header: map[string]string{"Authorization": "Bearer {key}", "X-Version": "3"}}
}

func TestTheEnvironmentsProxiesAreIgnored(t *testing.T) {
	proxy := lab.Raw(t, func() []byte { t.Error("the proxy was asked"); return nil })
	t.Setenv("HTTP_PROXY", "http://"+proxy)
	t.Setenv("http_proxy", "http://"+proxy)
	l := lab.Start(t)
	f := l.Fault("alias") // by a name: loopback addresses are never proxied
	if r := run(t, target(f), check.Options{Nameserver: l.Nameserver}, check.Secret{}); r.Code != 200 {
		t.Errorf("got %q, want the API's answer", r.Verdict)
	}
}

func TestOneRequestCarriesTheKey(t *testing.T) {
	t.Parallel()
	var requests []http.Header
	api := server(t, func(_ http.ResponseWriter, r *http.Request) { requests = append(requests, r.Header) })
	r := run(t, api, check.Options{}, check.NewSecret(" "+key+"\n"))
	if len(requests) != 1 || !r.OK || r.Code != 200 {
		t.Fatalf("got %d requests and %q, want one that is well", len(requests), r.Verdict)
	}
	if got, want := requests[0].Get("Authorization"), "Bearer "+key; got != want {
		t.Errorf("got Authorization %q, want %q", got, want)
	}
	if got := requests[0].Get("X-Version"); got != "3" {
		t.Errorf("got X-Version %q, want 3", got)
	}
	requests = nil
	run(t, api, check.Options{}, check.Secret{})
	if got := requests[0].Get("Authorization"); got != "" || requests[0].Get("X-Version") != "3" {
		t.Errorf("got Authorization %q without a key, want none, and X-Version", got)
	}
}

func TestAKeyThatCannotBeRightIsNotSent(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"undefined", "sk_live_1\r\nHost: evil", "sk\x00live"} {
		api := server(t, func(http.ResponseWriter, *http.Request) { t.Errorf("%q was sent", bad) })
		r := run(t, api, check.Options{}, check.NewSecret(bad))
		if broke, _ := r.Broke(); broke.Check != check.Credential {
			t.Errorf("%q: got the break at %q, want it at credential", bad, broke.Check)
		}
	}
}

func TestTheKeyDoesNotComeBackInARedirect(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 50) + "." + key // that is cut to 64 characters
	for _, host := range []string{key, strings.ToLower(key), long} {
		api := server(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+host+".invalid/"+key, http.StatusFound)
		})
		l := lab.Start(t)
		r := run(t, api, check.Options{Nameserver: l.Nameserver}, check.NewSecret(key))
		if broke, _ := r.Broke(); broke.Check != check.HTTP || !strings.Contains(broke.Detail, "sk_l…4yLp") {
			t.Errorf("got %+v, want the host with the key hidden", broke)
		}
	}
}

func TestARedirectToAnotherInternalHostOfThatPortIsNotFollowed(t *testing.T) {
	t.Parallel()
	here, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(here.Addr().String())
	there, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil {
		here.Close()
		t.Skip("there is only one loopback address")
	}
	other := "http://" + there.Addr().String()
	serve := func(l net.Listener, handle http.HandlerFunc) {
		s := &httptest.Server{Listener: l, Config: &http.Server{Handler: handle}}
		s.Start()
		t.Cleanup(s.Close)
	}
	serve(here, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusFound) })
	serve(there, func(http.ResponseWriter, *http.Request) { t.Error("the other host was asked") })
	r := run(t, check.Target{Name: "x", URL: "http://127.0.0.1:" + port, AllowPrivate: true}, check.Options{}, check.Secret{})
	if broke, _ := r.Broke(); broke.Cause != "net.blocked" {
		t.Errorf("got %+v, want it blocked", broke)
	}
}

func TestNothingAServerSaysGetsIntoTheProcessLog(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	for _, answer := range []string{
		"SSH-2.0-x " + key + "\r\n", // before it is asked
		"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 " + key + "\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" + key,
	} {
		there := lab.Raw(t, func() []byte { return []byte(answer) })
		for range 300 { // it is a race which of them talks first
			run(t, check.Target{Name: "x", URL: "http://" + there, AllowPrivate: true}, check.Options{}, check.NewSecret(key))
		}
	}
	if logged.Len() > 0 {
		t.Errorf("got %s, want nothing", logged.String())
	}
}

func TestConnectionsEndWithTheRun(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the collector would close them, too, at some time
	tests := []struct{ name, scheme, answer string }{
		{"both addresses connect, one is used", "http", "HTTP/1.1 204 No Content\r\n\r\n"},
		{"the handshake breaks down", "https", "SSH-2.0-x\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := lab.Start(t)
			four, six := pair(t)
			ended := make(chan error)
			for _, listener := range []net.Listener{four, six} {
				go func() { ended <- untilEnd(listener, tt.answer) }()
			}
			_, port, _ := net.SplitHostPort(four.Addr().String())
			api := check.Target{Name: "x", URL: tt.scheme + "://half.lab.test:" + port, AllowPrivate: true, Expect: []int{204}}
			run(t, api, check.Options{Nameserver: l.Nameserver}, check.Secret{})
			for range 2 {
				if err := <-ended; errors.Is(err, os.ErrDeadlineExceeded) {
					t.Error("a connection is still open after the run")
				}
			}
		})
	}
}

// pair listens at one port of both families.
func pair(t *testing.T) (four, six net.Listener) {
	t.Helper()
	six, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("there is no IPv6")
	}
	t.Cleanup(func() { six.Close() })
	_, port, _ := net.SplitHostPort(six.Addr().String())
	four, err = net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Skip("the port is taken")
	}
	t.Cleanup(func() { four.Close() })
	return four, six
}

// untilEnd answers one connection and waits for its end, but not for long.
func untilEnd(l net.Listener, answer string) error {
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	io.WriteString(conn, answer)
	conn.SetReadDeadline(time.Now().Add(2 * time.Second))
	_, err = io.Copy(io.Discard, conn)
	return err
}

func TestAKeyIsNotJudgedByAnAnswerThatItDidNotGet(t *testing.T) {
	t.Parallel()
	l := lab.Start(t)
	r := run(t, target(l.Fault("redirect")), check.Options{}, check.NewSecret(key))
	if got := r.Row(check.Auth); got.Status != check.Skip || !strings.HasSuffix(r.Verdict, ", the key was not judged") {
		t.Errorf("got %+v and %q, want the key not judged", got, r.Verdict)
	}
}

func TestAnUnknownTargetIsNamedWithThoseThereAre(t *testing.T) {
	t.Parallel()
	secret := check.NewSecret(key)
	r := check.NewRunner([]check.Target{{Name: "production"}, {Name: "staging"}}, check.Options{})
	_, err := r.Run(t.Context(), check.Request{Targets: []string{"staging", "prod"}, Key: secret})
	if !errors.Is(err, check.ErrUnknownTarget) {
		t.Fatalf("got error %v, want ErrUnknownTarget", err)
	}
	if got, want := err.Error(), `check: no such target: "prod"; there are: production, staging`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !secret.IsZero() {
		t.Error("the key is still there")
	}
}

func TestTargetsRunSideBySideInTheOrderOfTheRequest(t *testing.T) {
	t.Parallel()
	var inside sync.WaitGroup
	inside.Add(2)
	meet := func(http.ResponseWriter, *http.Request) { inside.Done(); inside.Wait() }
	production, staging := server(t, meet), server(t, meet)
	staging.Name = "staging"
	r := check.NewRunner([]check.Target{production, staging}, check.Options{})
	var telling atomic.Int32
	reports, err := r.Run(t.Context(), check.Request{Targets: []string{"staging", "production", "staging"}, Key: check.NewSecret(key),
		Progress: func(string, check.Result) {
			if telling.Add(1) > 1 {
				t.Error("two goroutines tell progress at a time")
			}
			telling.Add(-1)
		}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range reports {
		wellFormed(t, r)
		names = append(names, r.Target)
		if !r.OK {
			t.Errorf("got %q, want it to work", r.Verdict)
		}
	}
	if diff := cmp.Diff([]string{"staging", "production"}, names); diff != "" {
		t.Errorf("wrong reports (-want +got):\n%s", diff)
	}
}

func TestAPanicReachesTheCallerAndTheKeyIsCleared(t *testing.T) {
	t.Parallel()
	secret := check.NewSecret(key)
	defer func() {
		got := fmt.Sprint(recover())
		if !strings.Contains(got, `"production": progress is broken`) || !strings.Contains(got, "runner_test.go") || strings.Contains(got, key) {
			t.Errorf("got panic %s, want that of progress and where it was", got)
		}
		if !secret.IsZero() {
			t.Error("the key is still there")
		}
	}()
	r := check.NewRunner([]check.Target{server(t, nil)}, check.Options{})
	r.Run(t.Context(), check.Request{Key: secret, Progress: func(string, check.Result) { panic("progress is broken") }})
}

func TestACancelledRunReportsWhatItFound(t *testing.T) {
	t.Parallel()
	l := lab.Start(t)
	f := l.Fault("slow headers")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := check.NewRunner([]check.Target{target(f)}, check.Options{})
	reports, err := r.Run(ctx, check.Request{Progress: func(_ string, row check.Result) {
		if row.Check == check.TLS {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || len(reports) != 1 {
		t.Fatalf("got %d reports and error %v, want one and context.Canceled", len(reports), err)
	}
	wellFormed(t, reports[0])
	if got := reports[0].Row(check.TCP).Status; got != check.OK {
		t.Errorf("got tcp %s, want it found before", got)
	}
}

func TestATargetThatWasNeverValidatedGetsAReport(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "://", "http://", "http://[::1", "https://%zz/", "http://127.0.0.1:99999/", "ftp://127.0.0.1/"} {
		run(t, check.Target{Name: "x", URL: url}, check.Options{Deadline: time.Second}, check.NewSecret(key))
	}
}

func TestAThousandRunsAtOnceTakeTurns(t *testing.T) {
	t.Parallel()
	var now, peak atomic.Int32
	api := server(t, func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		for {
			p := peak.Load()
			if n <= p || peak.CompareAndSwap(p, n) {
				break
			}
		}
	})
	r := check.NewRunner([]check.Target{api}, check.Options{})
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			reports, err := r.Run(t.Context(), check.Request{Key: check.NewSecret(key), Progress: func(_ string, row check.Result) {
				if row.Check == check.HTTP {
					now.Add(-1)
				}
			}})
			if err != nil || !reports[0].OK {
				t.Errorf("got %+v and error %v, want it to work", reports, err)
			}
		})
	}
	all.Wait()
	if got := peak.Load(); got > 64 {
		t.Errorf("got %d requests at a time, want at most 64", got)
	}
}
