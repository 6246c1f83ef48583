package sessions

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// errURL says which URLs are understood. It repeats nothing of the one that is
// not, and no error of a parser that would: a password may be in any part.
var errURL = errors.New("the Redis URL is not understood; use redis://[user:password@]host:port[/db], " +
	"rediss://… for TLS, unix:///path, several of them or host:port addresses separated by commas for a Cluster " +
	"(database 0), or sentinel://[user:password@]host:port[,host:port…]/master-name" +
	"[?db=0&sentinel_username=…&sentinel_password=…]; special characters in a password are percent-encoded")

// An engine is the Redis behind a [Store].
type engine struct {
	connect  func() redis.UniversalClient // a further client, with connections of its own
	stop     func()                       // after the last client is closed
	scripts  scripts
	embedded *embedded // nil for a Redis elsewhere
}

// newEngine chooses the engine for a URL as [Options] describes it.
func newEngine(rawURL string) (engine, error) {
	// go-redis prints to standard error on its own. What matters of that
	// reaches callers as errors.
	logging.Disable()
	e := engine{stop: func() {}, scripts: newScripts()}
	if rawURL == "" {
		e.embedded = startEmbedded()
		e.connect, e.stop = e.embedded.connect, e.embedded.stop
		return e, nil
	}
	var err error
	switch {
	case strings.HasPrefix(rawURL, "sentinel://"):
		e.connect, err = sentinelEngine(rawURL)
	case strings.Contains(rawURL, ","):
		e.connect, err = clusterEngine(strings.Split(rawURL, ","))
	default:
		e.connect, err = singleEngine(rawURL)
	}
	return e, err
}

func singleEngine(rawURL string) (func() redis.UniversalClient, error) {
	o, err := serverOptions(rawURL)
	if err != nil {
		return nil, err
	}
	return func() redis.UniversalClient { return redis.NewClient(o.Simple()) }, nil
}

// clusterEngine takes credentials and TLS from the first address, as the
// servers of a Cluster share them.
func clusterEngine(addresses []string) (func() redis.UniversalClient, error) {
	var seeds []string
	var first *redis.UniversalOptions
	for _, a := range addresses {
		o, err := serverOptions(strings.TrimSpace(a))
		if err != nil {
			return nil, err
		}
		if o.DB != 0 || strings.HasPrefix(o.Addrs[0], "/") {
			return nil, errURL
		}
		if first == nil {
			first = o
		}
		seeds = append(seeds, o.Addrs[0])
	}
	first.Addrs = seeds
	return func() redis.UniversalClient {
		o := first.Cluster()
		o.DisableRoutingPolicies = true // every command of ours has a key; the policies cost a COMMAND at start
		return redis.NewClusterClient(o)
	}, nil
}

func sentinelEngine(rawURL string) (func() redis.UniversalClient, error) {
	// net/url takes one host only, so the list is cut out first.
	authority, rest, _ := strings.Cut(strings.TrimPrefix(rawURL, "sentinel://"), "/")
	user, hosts := "", authority
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		user, hosts = authority[:i+1], authority[i+1:]
	}
	u, err := url.Parse("sentinel://" + user + "sentinel/" + rest)
	if err != nil || len(u.Path) < 2 {
		return nil, errURL
	}
	o := clientOptions()
	o.Addrs = strings.Split(hosts, ",")
	for _, a := range o.Addrs {
		if !isAddress(a) {
			return nil, errURL
		}
	}
	o.MasterName = u.Path[1:]
	o.Username = u.User.Username()
	o.Password, _ = u.User.Password()
	q := u.Query()
	o.SentinelUsername, o.SentinelPassword = q.Get("sentinel_username"), q.Get("sentinel_password")
	if o.DB, err = strconv.Atoi(q.Get("db")); err != nil && q.Has("db") {
		return nil, errURL
	}
	return func() redis.UniversalClient { return redis.NewFailoverClient(o.Failover()) }, nil
}

// serverOptions reads a URL or a host:port address of one server.
func serverOptions(rawURL string) (*redis.UniversalOptions, error) {
	if isAddress(rawURL) {
		rawURL = "redis://" + rawURL
	}
	parsed, err := redis.ParseURL(rawURL)
	if err != nil {
		return nil, errURL
	}
	o := clientOptions()
	o.Addrs = []string{parsed.Addr}
	o.Username, o.Password, o.DB = parsed.Username, parsed.Password, parsed.DB
	o.TLSConfig = parsed.TLSConfig
	o.ClientName, o.PoolSize = parsed.ClientName, parsed.PoolSize
	return o, nil
}

// isAddress reports whether s is host:port and no URL.
func isAddress(s string) bool {
	host, port, err := net.SplitHostPort(s)
	if err != nil || host == "" || strings.ContainsAny(s, "/@?") {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// clientOptions are common to all engines. Nothing is retried below us: who
// calls knows whether it may be, and how long to wait.
func clientOptions() *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Protocol:                 2, // we need no push messages, and every server speaks it
		ContextTimeoutEnabled:    true,
		MaxRetries:               -1,
		DialerRetries:            1,
		DialTimeout:              2 * time.Second, // a far server with TLS; contexts end callers' waits earlier
		ReadTimeout:              2 * time.Second,
		WriteTimeout:             2 * time.Second,
		ReadBufferSize:           4 << 10, // an answer is a session or a few replies
		WriteBufferSize:          4 << 10,
		PipelinePoolSize:         -1, // our pipelines are a few commands long
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}
