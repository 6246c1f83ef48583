package slacktest

import "strings"

// A Workspace is one team.
type Workspace struct {
	ID, Name string // T…

	s        *Server
	org      *Org
	in       *install // nil: the app isn't installed
	channels map[string]*Channel
	users    map[string]*User
}

// An Org is an Enterprise Grid organization with the app installed for all of
// its workspaces at once.
type Org struct {
	ID, Name string // E…

	s     *Server
	in    *install
	teams []*Workspace
}

// An install is the app in one workspace, or in one organization.
type install struct {
	team           *Workspace // nil if org-wide
	org            *Org
	botUser, botID string
	token          string
	scopes         []string
	dead           string // the error that its tokens give
	name           string
}

// A token is a secret that the Web API accepts.
type token struct {
	app     bool // app-level
	in      *install
	expires int64 // Unix seconds; 0 = never
	dead    string
}

type world struct {
	orgs       map[string]*Org
	workspaces map[string]*Workspace
	channels   map[string]*Channel // by id, DMs as well
	users      map[string]*User    // by id
	installs   []*install
}

func newWorld() world {
	return world{orgs: map[string]*Org{}, workspaces: map[string]*Workspace{}, channels: map[string]*Channel{}, users: map[string]*User{}}
}

// Workspace returns the workspace with this id (T…), made at first use with
// the app installed.
func (s *Server) Workspace(id string) *Workspace {
	defer s.lock()()
	known := s.world.workspaces[id] != nil
	w := s.workspace(id)
	if !known {
		w.in = s.install(w, nil)
	}
	return w
}

// Outside returns the workspace with this id, made at first use without the
// app: a customer's, to share channels with.
func (s *Server) Outside(id string) *Workspace {
	defer s.lock()()
	return s.workspace(id)
}

// Org returns the organization with this id (E…), made at first use with the
// app installed for all of it.
func (s *Server) Org(id string) *Org {
	defer s.lock()()
	o := s.world.orgs[id]
	if o == nil {
		o = &Org{ID: id, Name: "Org " + id, s: s}
		s.world.orgs[id] = o
		o.in = s.install(nil, o)
	}
	return o
}

// Workspace returns the organization's workspace with this id, made at first
// use. Its tokens are the organization's.
func (o *Org) Workspace(id string) *Workspace {
	defer o.s.lock()()
	w := o.s.workspace(id)
	if w.org == nil {
		w.org, w.in = o, o.in
		o.teams = append(o.teams, w)
	}
	return w
}

func (s *Server) workspace(id string) *Workspace {
	w := s.world.workspaces[id]
	if w == nil {
		w = &Workspace{ID: id, Name: "Team " + id, s: s, channels: map[string]*Channel{}, users: map[string]*User{}}
		s.world.workspaces[id] = w
	}
	return w
}

func (s *Server) install(w *Workspace, o *Org) *install {
	in := &install{team: w, org: o, botUser: s.id("U"), botID: s.id("B"), scopes: s.o.Scopes, name: s.o.Name}
	in.token = "xoxb-" + strings.TrimLeft(in.botUser, "U") + "-" + secret(24)
	s.tokens[in.token] = &token{in: in}
	s.world.installs = append(s.world.installs, in)
	return in
}

// BotToken is the installation's token, xoxb-…, and empty without one. It never
// expires, unlike those that OAuth gives with [Options.Rotate].
func (w *Workspace) BotToken() string {
	defer w.s.lock()()
	if w.in == nil {
		return ""
	}
	return w.in.token
}

// BotUser is the bot's user id, U…, and empty without an installation.
func (w *Workspace) BotUser() string {
	defer w.s.lock()()
	if w.in == nil {
		return ""
	}
	return w.in.botUser
}

// domain is the workspace's at slack.com.
func (w *Workspace) domain() string { return strings.ToLower(w.ID) }

func (w *Workspace) enterpriseID() any {
	if w.org == nil {
		return nil
	}
	return w.org.ID
}

// serves reports whether the installation is one of w.
func (in *install) serves(w *Workspace) bool {
	return in.team == w && w != nil || in.org != nil && in.org == w.org
}
