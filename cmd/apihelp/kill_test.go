package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// startRedis runs a redis-server of its own for the test, if there is one on
// PATH.
func startRedis(t *testing.T) (url string) {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("APIHELP_TEST_STRICT") == "1" {
			t.Fatal("redis-server is not on PATH; install it, or unset APIHELP_TEST_STRICT")
		}
		t.Skip("redis-server is not on PATH")
	}
	_, port, _ := net.SplitHostPort(freeAddr(t))
	cmd := exec.Command(path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	until(t, "redis-server", func() bool {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return fmt.Sprintf("redis://127.0.0.1:%s", port)
}

// startChat runs "apihelp chat" as a process of its own.
func startChat(t *testing.T, redis string) (cmd *exec.Cmd, keys io.WriteCloser, screen *buffer) {
	t.Helper()
	cmd = exec.Command("apihelp", "chat")
	cmd.Env = append(os.Environ(), "REDIS_URL="+redis)
	screen = &buffer{}
	cmd.Stdout, cmd.Stderr = screen, screen
	keys, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return cmd, keys, screen
}

func TestAConversationGoesOnAfterKill9(t *testing.T) {
	redis := startRedis(t)
	cmd, keys, screen := startChat(t, redis)
	io.WriteString(keys, "our worker logs CONN_RESET every few minutes\nwhat next?\n")
	until(t, "step 2", func() bool { return strings.Contains(screen.String(), "Step 2 of 5") })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()

	_, keys, screen = startChat(t, redis)
	io.WriteString(keys, "what next?\n")
	until(t, "step 3", func() bool { return strings.Contains(screen.String(), "Step 3 of 5") })
}

func TestTheNewestTerminalTakesTheConversationOver(t *testing.T) {
	redis := startRedis(t)
	_, olderKeys, olderScreen := startChat(t, redis)
	io.WriteString(olderKeys, "hello\n")
	until(t, "an answer in the older terminal", func() bool { return strings.Contains(olderScreen.String(), "Hello!") })
	_, keys, screen := startChat(t, redis)
	io.WriteString(keys, "getting a 503\n")
	until(t, "an answer in the newer terminal", func() bool { return strings.Contains(screen.String(), "503: Service Unavailable") })
	until(t, "a word in the older terminal", func() bool { return strings.Contains(olderScreen.String(), "goes on in another terminal") })
}
