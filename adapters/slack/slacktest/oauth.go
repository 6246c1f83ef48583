package slacktest

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

const tokenLife = 12 * time.Hour

type oauth struct {
	next      *Workspace // that the next authorization is for
	installer *User
	codes     map[string]grant
	refresh   map[string]*install
}

// A grant is what a code stands for.
type grant struct {
	w        *Workspace
	by       *User
	redirect string
	scopes   []string
	used     bool
}

func newOAuth() oauth {
	return oauth{codes: map[string]grant{}, refresh: map[string]*install{}}
}

// Installing says which workspace, and who, the next authorizations are for.
// An organization's workspace stands for the whole organization.
func (s *Server) Installing(w *Workspace, by *User) {
	defer s.lock()()
	s.oauth.next, s.oauth.installer = w, by
}

// serveAuthorize is the consent page of somebody who always agrees: it
// redirects at once.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Host == "" {
		s.problem("authorize: bad redirect_uri")
		http.Error(w, "bad_redirect_uri", http.StatusBadRequest)
		return
	}
	if q.Get("client_id") != s.clientID {
		s.problem("authorize: invalid client_id")
		http.Error(w, "invalid_client_id", http.StatusBadRequest)
		return
	}
	if q.Get("state") == "" {
		s.problem("authorize: no state")
	}
	answer := back.Query()
	answer.Set("code", s.grantCode(q))
	answer.Set("state", q.Get("state"))
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (s *Server) grantCode(q url.Values) string {
	defer s.lock()()
	g := grant{w: s.oauth.next, by: s.oauth.installer, redirect: q.Get("redirect_uri"), scopes: strings.Split(q.Get("scope"), ",")}
	if g.w == nil {
		g.w = s.workspace("T0OAUTH")
	}
	code := s.id("") + "." + secret(32)
	s.oauth.codes[code] = g
	return code
}

func oauthMethods() map[string]method {
	return map[string]method{
		"oauth.v2.access": {"none", "", "client_id client_secret code redirect_uri grant_type refresh_token code_verifier", (*call).access},
		"auth.revoke":     {"bot", "", "test", (*call).authRevoke},
		"apps.uninstall":  {"bot", "", "client_id client_secret", (*call).appUninstall},
	}
}

// client checks the app's own credentials, from the form or basic auth.
func (c *call) client() error {
	id, key := c.Args["client_id"], c.Args["client_secret"]
	if c.basic[0] != "" {
		id, key = c.basic[0], c.basic[1]
	}
	switch {
	case id != c.s.clientID:
		return refuse("invalid_client_id")
	case key != c.s.clientSecret:
		return refuse("bad_client_secret")
	}
	return nil
}

func (c *call) access() (object, error) {
	if err := c.client(); err != nil {
		return nil, err
	}
	if c.Args["grant_type"] == "refresh_token" {
		return c.refreshed()
	}
	g, there := c.s.oauth.codes[c.Args["code"]]
	switch {
	case !there:
		return nil, refuse("invalid_code")
	case g.used:
		return nil, refuse("code_already_used")
	case g.redirect != c.Args["redirect_uri"]:
		return nil, refuse("bad_redirect_uri")
	}
	g.used = true
	c.s.oauth.codes[c.Args["code"]] = g
	in := c.s.installed(g)
	body := c.s.credentials(in)
	by := g.by
	if by == nil {
		by = &User{ID: "U0INSTALLER"}
	}
	body["authed_user"] = object{"id": by.ID}
	return body, nil
}

// installed is the installation that the grant makes, or already has made.
func (s *Server) installed(g grant) *install {
	if g.w.in != nil {
		g.w.in.scopes = g.scopes
		return g.w.in
	}
	teams := []*Workspace{g.w}
	in := s.install(g.w, nil)
	if g.w.org != nil {
		teams, in.team, in.org = g.w.org.teams, nil, g.w.org
		g.w.org.in = in
	}
	for _, w := range teams {
		w.in = in
		for _, c := range w.channels {
			c.bots = append(c.bots, in)
		}
	}
	in.scopes = g.scopes
	return in
}

// credentials are an installation as oauth.v2.access shows it, with a new
// token if tokens rotate.
func (s *Server) credentials(in *install) object {
	w := s.homeOf(in)
	body := object{
		"app_id": s.appID, "scope": strings.Join(in.granted(), ","), "token_type": "bot", "access_token": in.token, "bot_user_id": in.botUser,
		"team": object{"id": w.ID, "name": w.Name}, "enterprise": nil, "is_enterprise_install": in.org != nil,
	}
	if in.org != nil {
		body["team"], body["enterprise"] = nil, object{"id": in.org.ID, "name": in.org.Name}
	}
	if s.o.Rotate {
		access, refresh := "xoxe.xoxb-1-"+secret(32), "xoxe-1-"+secret(32)
		s.tokens[access] = &token{in: in, expires: s.o.Clock().Add(tokenLife).Unix()}
		s.oauth.refresh[refresh] = in
		body["access_token"], body["refresh_token"], body["expires_in"] = access, refresh, int(tokenLife.Seconds())
	}
	return body
}

// refreshed answers to a refresh token, which works once.
func (c *call) refreshed() (object, error) {
	key := c.Args["refresh_token"]
	in := c.s.oauth.refresh[key]
	if in == nil || in.dead != "" {
		return nil, refuse("invalid_refresh_token")
	}
	delete(c.s.oauth.refresh, key)
	return c.s.credentials(in), nil
}

func (c *call) authRevoke() (object, error) {
	if c.Args["test"] == "true" || c.Args["test"] == "1" {
		return object{"revoked": false}, nil
	}
	c.s.revoke(c.in)
	return object{"revoked": true}, nil
}

func (c *call) appUninstall() (object, error) {
	if err := c.client(); err != nil {
		return nil, err
	}
	c.s.uninstall(c.in)
	return object{}, nil
}
