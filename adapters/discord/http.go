package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	bodyLimit  = 1 << 20
	signedSpan = 5 * time.Minute // around now in which a request may be signed
)

// Handler serves POST /discord/interactions, if the public key is set: the other
// way to receive commands and clicks.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	if a.key != nil {
		mux.HandleFunc("POST /discord/interactions", a.serveInteraction)
	}
	return mux
}

// serveInteraction takes an interaction. A wrong signature has to be
// refused with 401: Discord tries that, and removes the address if it is not.
func (a *Adapter) serveInteraction(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		http.Error(w, "the body is longer than 1 MB or broke off", http.StatusRequestEntityTooLarge)
		return
	}
	if !a.isSigned(r.Header, body) {
		http.Error(w, "the signature is missing, wrong or too old", http.StatusUnauthorized)
		return
	}
	var i interaction
	if err := json.Unmarshal(body, &i); err != nil {
		http.Error(w, "the body is no interaction", http.StatusBadRequest)
		return
	}
	if i.Type == typePing {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"type":1}`) // Discord is gone if this fails
		return
	}
	// As over the gateway: an answer in the body would reach Discord at some
	// time after this returns, and what follows could overtake it.
	a.answer(r.Context(), &i)
	w.WriteHeader(http.StatusAccepted)
}

func (a *Adapter) isSigned(h http.Header, body []byte) bool {
	stamp := h.Get("X-Signature-Timestamp")
	signature, err := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	seconds, bad := strconv.ParseInt(stamp, 10, 64)
	if err != nil || bad != nil || len(signature) != ed25519.SignatureSize {
		return false
	}
	if age := time.Since(time.Unix(seconds, 0)); age > signedSpan || age < -signedSpan {
		return false
	}
	return ed25519.Verify(a.key, append([]byte(stamp), body...), signature)
}
