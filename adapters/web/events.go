package web

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

const eventType = "text/event-stream"

// writeTime is how long a browser may take to accept a row. All of them
// together fit into the buffers of a connection, so it does not hold up checks.
const writeTime = time.Second

// wantsEvents reports whether a request is of the page's own script.
func wantsEvents(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.Contains(r.Header.Get("Accept"), eventType)
}

// events shows a run as server-sent events: one "row" for each row, and "over"
// with the outcome. They are the answer to the POST that carried the key, so
// there is no address to listen at.
type events struct {
	w      http.ResponseWriter
	status int
	begun  bool
}

func (e *events) row(r row) { e.send("row", r) }

func (e *events) over(o outcome) { e.send("over", o) }

func (e *events) send(name string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		return // not with these types
	}
	if !e.begun {
		e.begun = true
		e.w.Header().Set("Content-Type", eventType)
		e.w.Header().Set("X-Accel-Buffering", "no") // nginx would collect the rows
		e.w.WriteHeader(e.status)
	}
	push(e.w, "event: "+name+"\ndata: "+string(data)+"\n\n")
}

// push sends a text to the browser at once.
func push(w http.ResponseWriter, text string) {
	rc := http.NewResponseController(w)
	// None of these fails but for a browser that has left, or a writer that
	// has no connection.
	_ = rc.SetWriteDeadline(time.Now().Add(writeTime))
	_, _ = io.WriteString(w, text)
	_ = rc.Flush()
	_ = rc.SetWriteDeadline(time.Time{})
}
