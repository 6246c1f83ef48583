package slack

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// bodyLimit bounds what Slack delivers at once. A message has 40,000 characters
// at most, a few times over with its blocks; the rest is room for what others
// may send through the same door.
const bodyLimit = 4 << 20

// signed lets only requests through that Slack signed in the last five
// minutes. A replay within them is found by its message's ID, like a retry.
func (a *Adapter) signed(serve func(w http.ResponseWriter, r *http.Request, body []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
		if err != nil {
			http.Error(w, "the body is longer than 4 MB or broke off", http.StatusRequestEntityTooLarge)
			return
		}
		if string(body) == "ssl_check=1" || strings.HasPrefix(string(body), "ssl_check=1&") {
			return // a probe that may be unsigned, and of which nothing is used
		}
		verifier, err := slackgo.NewSecretsVerifier(r.Header, a.SigningSecret)
		if err == nil {
			_, _ = verifier.Write(body) // a hash never fails
			err = verifier.Ensure()
		}
		if err != nil {
			a.Log.Warn("request refused: signature or time is wrong", "adapter", Name)
			http.Error(w, "the signature is missing, wrong or too old", http.StatusUnauthorized)
			return
		}
		serve(w, r, body)
	}
}

func (a *Adapter) serveEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	var d struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal(body, &d) == nil && d.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, d.Challenge)
		return
	}
	a.serve(w, r, kindEvent, body)
}

// serveCommand answers a command. Slack shows no failure of ours but a status
// other than 200, as its own words.
func (a *Adapter) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("ssl_check") != "" {
		return
	}
	fields := make(map[string]string, len(form))
	for name := range form {
		fields[name] = form.Get(name)
	}
	payload, err := json.Marshal(fields)
	if err != nil {
		return
	}
	a.serve(w, r, kindCommand, payload)
}

func (a *Adapter) serveInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "the body is no form", http.StatusBadRequest)
		return
	}
	a.serve(w, r, kindInteraction, []byte(form.Get("payload")))
}

// serve acknowledges with 200, or asks for another delivery with 503.
func (a *Adapter) serve(w http.ResponseWriter, r *http.Request, kind string, payload []byte) {
	ack, err := a.receive(r.Context(), kind, payload)
	if err != nil {
		a.Log.Warn("delivery not taken", "adapter", Name, "entry", kind, "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	if ack == nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(ack); err != nil {
		a.Log.Warn("acknowledgement broke off", "adapter", Name, "entry", kind, "err", err)
	}
}
