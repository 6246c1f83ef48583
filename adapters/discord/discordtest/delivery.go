package discordtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const interactionsPath = "/discord/interactions"

// DeliverTo makes interactions come as signed POSTs to base +
// /discord/interactions instead of over the gateway; "" goes back to it.
func (s *Server) DeliverTo(base string) {
	defer s.lock()()
	s.base = strings.TrimSuffix(base, "/")
}

// Verify does what the portal does before it takes an interactions endpoint
// URL: a PING must be answered with type 1, and one with a bad signature with
// 401. The endpoint is as in [Server.DeliverTo].
func (s *Server) Verify(ctx context.Context, base string) error {
	ping := []byte(`{"id":"1","application_id":"` + s.appID + `","type":1,"token":"ping","version":1,"entitlements":[],"authorizing_integration_owners":{},"user":null}`)
	status, body, err := s.Sign(ctx, base, ping, time.Now(), true)
	if err != nil {
		return err
	}
	if text := strings.Join(strings.Fields(string(body)), ""); status != http.StatusOK || text != `{"type":1}` {
		return fmt.Errorf("discordtest: the endpoint answered a PING with %d %q", status, text)
	}
	status, _, err = s.Sign(ctx, base, ping, time.Now(), false)
	if err == nil && status != http.StatusUnauthorized {
		err = fmt.Errorf("discordtest: the endpoint answered a bad signature with %d", status)
	}
	return err
}

// Sign posts a body to the endpoint at base with a signature of this time, or
// a wrong one, and returns the answer.
func (s *Server) Sign(ctx context.Context, base string, body []byte, at time.Time, right bool) (int, []byte, error) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	signature := ed25519.Sign(s.key, append([]byte(stamp), body...))
	if !right {
		signature[0] ^= 1
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(base, "/")+interactionsPath, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("discordtest: make the request: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(signature))
	r.Header.Set("X-Signature-Timestamp", stamp)
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, nil, fmt.Errorf("discordtest: deliver an interaction: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	out, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return 0, nil, fmt.Errorf("discordtest: read the answer to an interaction: %w", err)
	}
	return answer.StatusCode, out, nil
}

// post delivers an interaction over HTTP. A 200 is the response itself; after
// 202 it comes by REST.
func (s *Server) post(i *Interaction, base string, body []byte) {
	ctx, cancel := context.WithTimeout(s.ctx, ackWait)
	defer cancel()
	status, out, err := s.Sign(ctx, base, body, s.o.Clock(), true)
	if err == nil && status == http.StatusOK {
		s.checked("response", "POST /interactions/{}/{}/callback", out)
	}
	defer s.lock()()
	switch {
	case i.response != 0 || ctx.Err() != nil: // answered by REST, or too late
		return
	case err == nil && status == http.StatusAccepted:
		return
	case err == nil && status == http.StatusOK && !i.late():
		if _, err = i.answer(out, nil); err == nil {
			return
		}
		s.complain("answer to an interaction: %v", err)
	}
	if err == nil {
		err = fmt.Errorf("status %d", status)
		s.complain("answer to an interaction: %v", err)
	}
	i.end(fmt.Errorf("%w: %w", ErrDispatch, err))
}
