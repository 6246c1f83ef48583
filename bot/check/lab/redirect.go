package lab

import (
	"fmt"
	"net/http"
	"strings"
)

// addRedirects adds the faults of redirects.
func (l *Lab) addRedirects() {
	loop := Fault{Status: "fail", Cause: "req.notfound"}
	loop.Name, loop.Says = "redirect loop", "redirects in a loop"
	l.http(loop, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, map[string]string{"/v1/me": "/login", "/login": "/v1/me"}[r.URL.Path], http.StatusFound)
	})
	loop.Name, loop.Says = "endless redirects", "redirects more than 5 times"
	l.http(loop, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, fmt.Sprintf("%s/x", strings.TrimSuffix(r.URL.Path, "/")), http.StatusFound)
	})
	loop.Name, loop.Says = "redirect to nowhere", "to no valid address"
	l.http(loop, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "gopher://example.com/")
		w.WriteHeader(http.StatusFound)
	})
	inside := Fault{Status: "fail", Cause: "net.blocked"}
	trap := l.serve(nil, "/", func(http.ResponseWriter, *http.Request) {
		l.t.Errorf("the internal server was asked")
	})
	for name, to := range map[string]string{
		"redirect to an internal address": "http://" + trap,
		"redirect to the metadata server": "http://169.254.169.254/latest/meta-data/",
	} {
		inside.Name, inside.Says = name, "not followed"
		l.http(inside, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
	}
	l.http(Fault{Name: "redirect", Status: "ok", Says: "after a redirect, which the key does not follow"}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/me" {
			http.Redirect(w, r, "/v1/me/", http.StatusMovedPermanently)
			return
		}
		if r.Header.Get("Authorization") != "" {
			l.t.Errorf("the key was carried along")
		}
		ok(w, r)
	})
}
