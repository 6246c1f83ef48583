package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"apihelp/adapters/web"
	"apihelp/bot"
)

// A shelf is one in memory on which nothing ends.
type shelf struct{ values sync.Map }

func (s *shelf) Get(_ context.Context, key string) ([]byte, error) {
	value, _ := s.values.Load(key)
	data, _ := value.([]byte)
	return data, nil
}

func (s *shelf) Put(_ context.Context, key string, value []byte, _ time.Duration) error {
	s.values.Store(key, value)
	return nil
}

func (s *shelf) Lock(ctx context.Context, _ string, do func(context.Context) error) error {
	return do(ctx)
}

// FuzzPath opens paths that are not the one link there is.
func FuzzPath(f *testing.F) {
	o := web.Options{PublicURL: "https://help.example.com", Shelf: &shelf{}, Log: slog.New(slog.DiscardHandler)}
	maker, err := web.New(o)
	if err != nil {
		f.Fatal(err)
	}
	link, err := maker.Link(f.Context(), bot.Message{})
	if err != nil {
		f.Fatal(err)
	}
	path := strings.TrimPrefix(link, o.PublicURL)
	token := strings.TrimPrefix(path, web.Path)
	for _, seed := range []string{path, path + "=", path + "/", path + "\n", "/check//" + token, "/check/check/" + token, path[:len(path)-1], path + path, "/check/../check/" + token, "", "/", web.Path, token, "/check/" + strings.Repeat("\xff", 43), strings.ToUpper(path)} {
		f.Add(seed)
	}
	miss := httptest.NewRecorder()
	maker.ServeHTTP(miss, httptest.NewRequest(http.MethodGet, "/check/x", nil))
	nothing := miss.Body.String()
	f.Fuzz(func(t *testing.T, p string) {
		page, err := web.New(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			req := httptest.NewRequest(method, "/", nil)
			req.URL = &url.URL{Path: p}
			w := httptest.NewRecorder()
			page.ServeHTTP(w, req)
			want := http.StatusNotFound
			if p == path {
				want = map[string]int{http.MethodGet: http.StatusOK, http.MethodPost: http.StatusBadRequest}[method]
			}
			if w.Code != want || w.Header().Get("Cache-Control") == "" {
				t.Errorf("%s %q: got %d, want %d", method, p, w.Code, want)
			}
			if want == http.StatusNotFound && w.Body.String() != nothing {
				t.Errorf("%s %q: the answer tells of it: %s", method, p, w.Body)
			}
		}
	})
}
