package lab

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// addAnswers adds the faults of what comes back.
func (l *Lab) addAnswers() {
	l.http(Fault{Name: "slow headers", Status: "fail", Cause: "net.timeout", Says: "sends no answer in time"}, l.wait)
	l.http(Fault{Name: "captive portal", Status: "fail", Cause: "net.proxy", Says: "captive portal"}, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<!DOCTYPE html>\n<html><head><title>Welcome to Hotel Wi-Fi</title></head><body><form>Accept</form></body></html>")
	})
	l.http(Fault{Name: "clock behind", Status: "warn", Cause: "tls.expired", Says: "the clock here is 2 h behind the server's"}, dated(2*time.Hour+time.Minute))
	l.http(Fault{Name: "clock ahead", Status: "warn", Cause: "tls.expired", Says: "the clock here is 7 min ahead of the server's"}, dated(-7*time.Minute-20*time.Second))
	l.http(Fault{Name: "compressed", Status: "ok", Says: "over HTTP/1.1, compressed ("}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fmt.Fprint(z, `{"id":"usr_1"}`)
		z.Close()
	})
}

// http adds a fault of plain HTTP that the row of that name tells unless f
// says otherwise.
func (l *Lab) http(f Fault, handle http.HandlerFunc) {
	f.URL = "http://" + l.serve(nil, "/v1/me", handle)
	if f.Check == "" {
		f.Check = "http"
	}
	l.add(f)
}

// wait ends with the client or the lab.
func (l *Lab) wait(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-l.done:
	}
}

// dated is a server whose clock is off.
func dated(by time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(by).UTC().Format(http.TimeFormat))
		ok(w, r)
	}
}

// addBodies adds bodies that nobody wants to the end.
func (l *Lab) addBodies() {
	slow := Fault{Status: "fail", Cause: "perf.slow"}
	slow.Name, slow.Says = "slow body", "does not end in time"
	l.http(slow, func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			if _, err := io.WriteString(w, " "); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			select {
			case <-tick.C:
			case <-r.Context().Done():
				return
			case <-l.done:
				return
			}
		}
	})
	slow.Name, slow.Says = "endless body", "does not end: 1.0 MiB read and more to come"
	l.http(slow, pour)
	slow.Name, slow.Says = "huge body", "is 5.0 GiB long"
	l.http(slow, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(5<<30))
		pour(w, r)
	})
	slow.Name, slow.Says = "gzip bomb", "to more than 1.0 MiB"
	l.http(slow, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		zeros := make([]byte, 1<<20)
		for range 32 {
			if _, err := z.Write(zeros); err != nil {
				return
			}
		}
		z.Close()
	})
	l.http(Fault{Name: "broken gzip", Status: "fail", Cause: "srv.error", Says: "does not unpack"}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		fmt.Fprint(w, `{"id":"usr_1","name":"not compressed at all"}`)
	})
	l.http(Fault{Name: "cut body", Status: "fail", Cause: "net.reset", Says: "cut in the middle of the answer"}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		ok(w, r)
	})
}

// pour sends JSON until the client has enough.
func pour(w http.ResponseWriter, _ *http.Request) {
	chunk := "[" + strings.Repeat(`{"id":"usr_1"},`, 2000)
	for {
		if _, err := io.WriteString(w, chunk); err != nil {
			return
		}
	}
}
