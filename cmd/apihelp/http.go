package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"

	"apihelp/bot"
)

const (
	readHeaderWait = 5 * time.Second
	shutdownWait   = 8 * time.Second // a live check takes five
	healthWait     = 2 * time.Second
)

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; set APIHELP_HTTP_ADDR to an address that is free", addr, err)
	}
	return l, nil
}

// serveHTTP serves until ctx is done, then lets open requests end.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: readHeaderWait}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve http: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWait)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("shut down http: %w", err)
	}
	return nil
}

// A route is what an adapter serves.
type route struct {
	path    string
	handler http.Handler
}

// handler serves what operators look at, and what the adapters take over HTTP.
func (p *program) handler(b *bot.Bot) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, p.status(b)) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		s := p.status(b)
		code := http.StatusOK
		if s.Status == "failed" {
			code = http.StatusServiceUnavailable
		}
		writeJSON(w, code, s)
	})
	for _, r := range p.web {
		mux.Handle(r.path, r.handler)
	}
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.registry, promhttp.HandlerOpts{}))
	return mux
}

// status is the body of /healthz and /readyz.
type status struct {
	// Status is ok; degraded when the store does not answer, the guide on
	// disk cannot be used or an adapter has given up; failed when all
	// adapters have. Only failed makes /readyz answer 503: a degraded bot
	// still answers, and a restart would not help it.
	Status   string            `json:"status"`
	Store    string            `json:"store"`
	Guide    string            `json:"guide"`
	Entries  int               `json:"entries"`
	Adapters map[string]string `json:"adapters"`
}

func (p *program) status(b *bot.Bot) status {
	h := b.Health()
	s := status{Status: "ok", Store: "ok", Guide: "ok", Entries: len(p.guide.Guide().Entries), Adapters: h.Adapters}
	if h.Degraded {
		s.Status, s.Store = "degraded", "does not answer; single questions are answered without it"
	}
	if p.guideErr.Load() != nil {
		s.Status, s.Guide = "degraded", "the last edit is broken, the guide before it is in use; see the log"
	}
	ended := 0
	for _, state := range h.Adapters {
		if state != "ok" {
			s.Status = "degraded"
		}
		if strings.HasPrefix(state, "ended") {
			ended++
		}
	}
	if ended > 0 && ended == len(h.Adapters) {
		s.Status = "failed"
	}
	return s
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(v) // the client is gone if this fails
}

// healthcheckCommand asks a running server how it is; containers without a
// shell use it.
func healthcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the server on APIHELP_HTTP_ADDR whether it is ready",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig()
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), healthWait)
			defer cancel()
			return healthcheck(ctx, string(c.HTTPAddr))
		},
	}
}

func healthcheck(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("healthcheck: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("healthcheck: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("healthcheck: %w; is 'apihelp serve' running there?", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("healthcheck: %s; see the server's log", resp.Status)
	}
	return nil
}
