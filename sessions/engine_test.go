package sessions_test

import (
	"strings"
	"testing"

	"apihelp/sessions"
	"github.com/redis/go-redis/v9"
)

func TestOpenUnderstandsURLs(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "redis://h:1", "redis://h", "redis://:p%40ss@h:1/2", "rediss://u:p@h:1", "unix:///run/redis.sock?db=1", "h:1",
		"h1:1,h2:2,h3:3", "redis://u:p@h1:1,redis://h2:2", "rediss://u:p@h1:1, h2:2",
		"sentinel://h:1/main", "sentinel://:p@h1:1,h2:2/main?db=3&sentinel_password=x", "sentinel://u:p@[::1]:1,h2:2/main",
	} {
		s, err := sessions.Open(sessions.Options{URL: url})
		if err != nil {
			t.Errorf("%q: got %v", url, err)
			continue
		}
		_ = s.Close()
	}
}

func TestOpenRefusesOtherURLsWithoutRepeatingThem(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"hunter2", "http://u:hunter2@h", "redis://u:hunter2/x@h:1", "redis://h:1/hunter2", "redis://h:hunter2", "h:hunter2",
		"h1:1,hunter2", "redis://u:hunter2@h1:1/3,redis://h2:2", "unix:///a:hunter2,unix:///b", "h1:1,", ":1",
		"sentinel://u:hunter2@h:1", "sentinel://u:hunter2@h/main", "sentinel://h:1/main?db=hunter2", "sentinel://h:1,/main",
		"redis://h:1?hunter2=1", "sentinel://u:hunter2%zz@h:1/main",
	} {
		s, err := sessions.Open(sessions.Options{URL: url})
		if err == nil {
			_ = s.Close()
			t.Errorf("%q: got no error", url)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "rediss://") {
			t.Errorf("%q: got %q", url, err)
		}
	}
}

func TestURLsReachTheClient(t *testing.T) {
	t.Parallel()
	single := open(t, "redis://u:p%40@h:1/2").Client().(*redis.Client).Options()
	if single.Addr != "h:1" || single.Username != "u" || single.Password != "p@" || single.DB != 2 || single.MaxRetries != 0 {
		t.Errorf("single: got %+v", single)
	}
	if o := open(t, "unix:///run/r.sock?db=1").Client().(*redis.Client).Options(); o.Network != "unix" || o.Addr != "/run/r.sock" || o.DB != 1 {
		t.Errorf("unix: got %+v", o)
	}
	cluster := open(t, "rediss://u:p@h1:1,redis://h2:2").Client().(*redis.ClusterClient).Options()
	if strings.Join(cluster.Addrs, " ") != "h1:1 h2:2" || cluster.Password != "p" || cluster.TLSConfig == nil {
		t.Errorf("cluster: got %+v", cluster)
	}
	o := open(t, "sentinel://:p@h1:1,h2:2/main?db=3").Client().(*redis.Client).Options()
	if o.Password != "p" || o.DB != 3 {
		t.Errorf("sentinel: got %+v", o)
	}
}
