package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds each wait for something to happen.
const patience = 30 * time.Second

// until waits for a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// buffer can be read while it is written to.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var listening = regexp.MustCompile(`"msg":"listening","addr":"([^"]+)"`)

// startServer runs "apihelp serve" on a free port and returns its address, its
// log and a function that ends it and returns its exit code.
func startServer(t *testing.T) (addr string, log *buffer, stop func() int) {
	t.Helper()
	t.Setenv("APIHELP_HTTP_ADDR", "127.0.0.1:0")
	log = &buffer{}
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() { code <- run(ctx, []string{"serve"}, stdio{strings.NewReader(""), io.Discard, log}) }()
	stop = sync.OnceValue(func() int {
		cancel()
		return <-code
	})
	t.Cleanup(func() { stop() })
	until(t, "the server", func() bool { return listening.MatchString(log.String()) })
	return listening.FindStringSubmatch(log.String())[1], log, stop
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func healthOf(t *testing.T, addr string) status {
	t.Helper()
	code, body := get(t, "http://"+addr+"/healthz")
	var s status
	if err := json.Unmarshal([]byte(body), &s); err != nil || code != http.StatusOK {
		t.Fatalf("got %d %s, error %v", code, body, err)
	}
	return s
}

func TestServeIsHealthyWithNothingConfigured(t *testing.T) {
	addr, _, stop := startServer(t)
	if got := healthOf(t, addr); got.Status != "ok" || got.Entries != 16 {
		t.Errorf("got %+v, want ok with 16 entries", got)
	}
	if code, body := get(t, "http://"+addr+"/readyz"); code != http.StatusOK {
		t.Errorf("got /readyz %d %s", code, body)
	}
	if _, body := get(t, "http://"+addr+"/metrics"); !strings.Contains(body, "apihelp_degraded 0") {
		t.Errorf("the metrics lack apihelp_degraded: %s", body)
	}
	t.Setenv("APIHELP_HTTP_ADDR", addr)
	if code := run(t.Context(), []string{"healthcheck"}, stdio{nil, io.Discard, io.Discard}); code != exitOK {
		t.Errorf("got exit code %d from healthcheck, want %d", code, exitOK)
	}
	if code := stop(); code != exitOK {
		t.Errorf("got exit code %d after a signal, want %d", code, exitOK)
	}
}

func TestServeSaysThatItIsDegradedWithoutRedis(t *testing.T) {
	t.Setenv("REDIS_URL", "redis://127.0.0.1:1")
	addr, _, _ := startServer(t)
	until(t, "degraded health", func() bool { return healthOf(t, addr).Status == "degraded" })
	if code, body := get(t, "http://"+addr+"/readyz"); code != http.StatusOK {
		t.Errorf("got /readyz %d %s, want 200: it still answers", code, body)
	}
	if _, body := get(t, "http://"+addr+"/metrics"); !strings.Contains(body, "apihelp_degraded 1") {
		t.Error("the metrics do not tell")
	}
}

func TestABrokenEditKeepsTheOldGuideAndSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guide.md")
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("# Keys\n\nAsk for one.\n")
	t.Setenv("APIHELP_GUIDE", path)
	addr, log, _ := startServer(t)
	if got := healthOf(t, addr).Entries; got != 1 {
		t.Fatalf("got %d entries, want 1", got)
	}
	write("# Keys\n\nAsk for one.\n\n## Limits\n\nWait.\n")
	until(t, "the new topic", func() bool { return healthOf(t, addr).Entries == 2 })
	write("")
	until(t, "a word about the broken edit", func() bool { return healthOf(t, addr).Status == "degraded" })
	if got := healthOf(t, addr); got.Entries != 2 || !strings.Contains(log.String(), "guide not reloaded") {
		t.Errorf("got %+v, want 2 entries and a line in the log: %s", got, log.String())
	}
	write("# Keys\n\nAsk for one.\n")
	until(t, "health", func() bool { h := healthOf(t, addr); return h.Status == "ok" && h.Entries == 1 })
}

func TestAnAddressInUseSaysWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	t.Setenv("APIHELP_HTTP_ADDR", taken.Addr().String())
	var errs buffer
	if code := run(t.Context(), []string{"serve"}, stdio{strings.NewReader(""), io.Discard, &errs}); code != exitFailed {
		t.Errorf("got exit code %d, want %d", code, exitFailed)
	}
	if !strings.Contains(errs.String(), "set APIHELP_HTTP_ADDR to an address that is free") {
		t.Errorf("got %q", errs.String())
	}
}
