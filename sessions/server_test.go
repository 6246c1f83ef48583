package sessions_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// servers are what the tests of this binary share: one server, a Sentinel of
// it, and a Cluster, each started when first asked for.
var servers struct {
	dir                       string
	mu                        sync.Mutex
	running                   []*server
	single, sentinel, cluster func() (string, error)
}

// startShared prepares servers; the result stops what was started.
func startShared() (stop func()) {
	dir, err := os.MkdirTemp("", "sessions")
	if err != nil {
		panic(err)
	}
	servers.dir = dir
	servers.single = sync.OnceValues(func() (string, error) {
		s, err := startServer(dir)
		return "redis://" + s.addr(), err
	})
	servers.sentinel = sync.OnceValues(startSentinel)
	servers.cluster = sync.OnceValues(startCluster)
	return func() {
		for _, s := range servers.running {
			s.kill()
		}
		_ = os.RemoveAll(dir)
	}
}

// needRedis skips the test where there is no redis-server, and fails it where
// there must be one.
func needRedis(t testing.TB) {
	if _, err := exec.LookPath("redis-server"); err == nil {
		return
	}
	if os.Getenv("APIHELP_TEST_STRICT") == "1" {
		t.Fatal("no redis-server on PATH")
	}
	t.Skip("no redis-server on PATH")
}

// sharedURL returns the URL of one of servers.
func sharedURL(t testing.TB, start func() (string, error)) string {
	t.Helper()
	needRedis(t)
	url, err := start()
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// ownServer starts a server that the test may stop.
func ownServer(t testing.TB, args ...string) *server {
	t.Helper()
	needRedis(t)
	s, err := startServer(t.TempDir(), args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	return s
}

// A server is a redis-server process.
type server struct {
	port int
	dir  string
	args []string
	cmd  *exec.Cmd
}

func startServer(dir string, args ...string) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return nil, err
	}
	s := &server{port: port, dir: dir, args: args}
	servers.mu.Lock()
	servers.running = append(servers.running, s)
	servers.mu.Unlock()
	return s, s.start()
}

func (s *server) addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// start starts the process and waits until it answers.
func (s *server) start() error {
	args := append([]string{}, s.args...)
	args = append(args, "--port", fmt.Sprint(s.port), "--bind", "127.0.0.1", "--dir", s.dir, "--save", "")
	s.cmd = exec.Command("redis-server", args...)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	return s.until(func(ctx context.Context, c *redis.Client) bool { return c.Ping(ctx).Err() == nil })
}

// until waits for a condition of the server.
func (s *server) until(ok func(context.Context, *redis.Client) bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c := s.client()
	defer c.Close()
	for !ok(ctx, c) {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("redis-server on %s: %w", s.addr(), ctx.Err())
		}
	}
	return nil
}

func (s *server) client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: s.addr(), Protocol: 2, MaxRetries: -1, DialerRetries: 1})
}

// kill ends the process without a chance to say goodbye.
func (s *server) kill() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

func startSentinel() (string, error) {
	url, err := servers.single()
	if err != nil {
		return "", err
	}
	master := strings.TrimPrefix(url, "redis://")
	conf := filepath.Join(servers.dir, "sentinel.conf")
	line := "sentinel monitor main " + strings.Replace(master, ":", " ", 1) + " 1\n"
	if err := os.WriteFile(conf, []byte(line), 0o600); err != nil {
		return "", err
	}
	// --save is no option of a Sentinel, so it is started by its own line.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s := &server{port: l.Addr().(*net.TCPAddr).Port, dir: servers.dir}
	_ = l.Close()
	s.cmd = exec.Command("redis-server", conf, "--sentinel", "--port", fmt.Sprint(s.port), "--bind", "127.0.0.1")
	servers.running = append(servers.running, s)
	if err := s.cmd.Start(); err != nil {
		return "", err
	}
	err = s.until(func(ctx context.Context, c *redis.Client) bool { return c.Ping(ctx).Err() == nil })
	return "sentinel://" + s.addr() + "/main", err
}

func startCluster() (string, error) {
	ranges := [][2]int{{0, 5460}, {5461, 10922}, {10923, 16383}}
	var nodes []*server
	var addrs []string
	for i, r := range ranges {
		s, err := startServer(servers.dir, "--cluster-enabled", "yes", "--cluster-config-file", fmt.Sprintf("nodes-%d.conf", i))
		if err != nil {
			return "", err
		}
		nodes, addrs = append(nodes, s), append(addrs, s.addr())
		c := s.client()
		err = c.ClusterAddSlotsRange(context.Background(), r[0], r[1]).Err()
		if err == nil {
			err = c.ClusterMeet(context.Background(), "127.0.0.1", fmt.Sprint(nodes[0].port)).Err()
		}
		_ = c.Close()
		if err != nil {
			return "", err
		}
	}
	for _, s := range nodes {
		err := s.until(func(ctx context.Context, c *redis.Client) bool {
			info, err := c.ClusterInfo(ctx).Result()
			return err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3")
		})
		if err != nil {
			return "", err
		}
	}
	return strings.Join(addrs, ","), nil
}
