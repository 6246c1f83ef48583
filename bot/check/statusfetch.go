package check

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	// statusTime bounds a request with all its redirects, like a live check.
	statusTime = 5 * time.Second

	// statusBody bounds the summary, unpacked. Those of the largest public
	// pages, with hundreds of components, have some 300 kB.
	statusBody = 2 << 20

	// statusRedirects bounds the hops; a page that moved needs one or two.
	statusRedirects = 3
)

// A validator makes a request conditional: RFC 9110 section 13.1.
type validator struct{ etag, modified string }

// statusClient returns the client for a page. It uses no proxy, keeps no
// connection open between two requests a minute apart, and goes where a
// redirect leads only if the guard lets it.
func statusClient(g guard, pool *x509.CertPool) *http.Client {
	return &http.Client{
		Timeout: statusTime,
		Transport: &http.Transport{
			DialContext:            g.dialer(net.Dialer{}),
			TLSClientConfig:        &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: checkStatusRedirect,
	}
}

func checkStatusRedirect(r *http.Request, via []*http.Request) error {
	switch {
	case len(via) > statusRedirects:
		return errors.New("redirected too often")
	case via[len(via)-1].URL.Scheme == "https" && r.URL.Scheme != "https":
		return errors.New("redirected from https to http")
	case r.URL.User != nil:
		return errors.New("redirected to a URL with a password")
	}
	return nil
}

// ask asks the page and returns s with what it said. Errors quote neither the
// URL nor the body.
func (p *StatusPage) ask(ctx context.Context, s pageState) (pageState, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
	if err != nil {
		return s, fmt.Errorf("check: status page: %w", withoutURL(err))
	}
	r.Header.Set("Accept", "application/json")
	if s.validator.etag != "" {
		r.Header.Set("If-None-Match", s.validator.etag)
	}
	if s.validator.modified != "" {
		r.Header.Set("If-Modified-Since", s.validator.modified)
	}
	response, err := p.client.Do(r)
	if err != nil {
		return s, fmt.Errorf("check: status page: %w", withoutURL(err))
	}
	defer response.Body.Close() // what is left of it is of no use: the connection is not kept
	return s.read(response)
}

// read returns s with what the page answered.
func (s pageState) read(response *http.Response) (pageState, error) {
	switch {
	case response.StatusCode == http.StatusNotModified && !s.at.IsZero():
		s.at = time.Now()
		return s, nil
	case response.StatusCode != http.StatusOK:
		return s, fmt.Errorf("check: status page: answered with status %d", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, statusBody+1))
	if err != nil {
		return s, fmt.Errorf("check: status page: %w", withoutURL(err))
	}
	if len(body) > statusBody {
		return s, fmt.Errorf("check: status page: the answer has more than %d bytes", statusBody)
	}
	var answer summary
	if err := json.Unmarshal(body, &answer); err != nil || !answer.valid() {
		return s, errors.New("check: status page: the answer is no summary; give the URL that ends in /api/v2/summary.json")
	}
	s.incident, s.ongoing = answer.worst()
	s.at = time.Now()
	s.validator = validator{etag: response.Header.Get("Etag"), modified: response.Header.Get("Last-Modified")}
	return s, nil
}

// withoutURL takes the URL out of an error of net/http, since its query may
// hold a token.
func withoutURL(err error) error {
	if with, ok := errors.AsType[*url.Error](err); ok {
		return with.Err
	}
	return err
}
