package slack

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestATokenIsRenewedTwoHoursBeforeItsEnd(t *testing.T) {
	p := newPlace(t)
	i := p.installed(t, p.slack.rotating("T1", p.now(), 12*time.Hour))
	for _, tt := range []struct {
		elapse time.Duration
		want   string
	}{
		{10*time.Hour - time.Second, "xoxe.xoxb-1-old-T1"},
		{time.Second, "xoxe.xoxb-1-token-1"},
		{10*time.Hour - time.Second, "xoxe.xoxb-1-token-1"},
		{13 * time.Hour, "xoxe.xoxb-1-token-2"}, // nobody asked in the meantime
	} {
		p.elapse(tt.elapse)
		if got := token(t, i, "", "T1"); got != tt.want {
			t.Errorf("%v later: got %s, want %s", tt.elapse, got, tt.want)
		}
		if got := token(t, p.process(t, ""), "", "T1"); got != tt.want {
			t.Errorf("%v later: kept is %s, want %s", tt.elapse, got, tt.want)
		}
	}
	if p.shelf.contains("xox") {
		t.Error("a renewed token is kept in the clear")
	}
}

func TestManyProcessesRenewOnceAndUseNoRefreshTokenTwice(t *testing.T) {
	for _, left := range []time.Duration{time.Hour, -time.Hour} { // it still works, it does not
		p := newPlace(t)
		p.installed(t, p.slack.rotating("T1", p.now(), left))
		for round := 1; round <= 3; round++ {
			var wg sync.WaitGroup
			for range 4 {
				i := p.process(t, "")
				for range 5 {
					wg.Go(func() {
						if got := token(t, i, "", "T1"); left < 0 && !strings.HasPrefix(got, "xoxe.xoxb-1-token-") {
							t.Errorf("got %s", got)
						}
					})
				}
			}
			wg.Wait()
			if n := p.slack.calls("oauth.v2.access"); n != round {
				t.Errorf("round %d: got %d renewals", round, n)
			}
			p.elapse(12*time.Hour - left)
		}
		p.slack.mu.Lock()
		for refresh, n := range p.slack.spent {
			if n != 1 {
				t.Errorf("%s was used %d times", refresh, n)
			}
		}
		p.slack.mu.Unlock()
	}
}

func TestARenewedTokenIsKeptBeforeItIsUsed(t *testing.T) {
	p := newPlace(t)
	i := p.installed(t, p.slack.rotating("T1", p.now(), -time.Second))
	p.slack.entered, p.slack.hold = make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, _, err := i.client(ctx, "", "T1")
		done <- err
	}()
	<-p.slack.entered // Slack has the refresh token: its answer must not be lost
	cancel()
	p.shelf.breakDown(errDown)
	p.slack.hold <- struct{}{}
	select {
	case <-p.shelf.failed: // Slack has answered, and saving fails at first
	case err := <-done:
		t.Fatalf("got %v before anything was saved", err)
	}
	p.shelf.breakDown(nil)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := token(t, p.process(t, ""), "", "T1"); got != "xoxe.xoxb-1-token-1" {
		t.Errorf("kept is %s", got)
	}
}

func TestATokenThatStillWorksIsUsedWhenItCannotBeRenewed(t *testing.T) {
	p := newPlace(t)
	i := p.installed(t, p.slack.rotating("T1", p.now(), time.Hour))
	p.slack.failNext("", "", `{"ok":false,"error":"invalid_refresh_token"}`, "{}")
	for n, elapse := range []time.Duration{0, renewRetry - time.Second, time.Second} {
		p.elapse(elapse)
		if got := token(t, i, "", "T1"); got != "xoxe.xoxb-1-old-T1" {
			t.Errorf("call %d: got %s", n, got)
		}
	}
	if n := p.slack.calls("oauth.v2.access"); n != 2 {
		t.Errorf("got %d attempts, want one a minute", n)
	}
	if log := p.logged(); strings.Count(log, "could not be renewed") != 2 || strings.Contains(log, "xox") {
		t.Errorf("got log %s", log)
	}
	p.elapse(time.Hour)
	_, _, err := i.client(t.Context(), "", "T1")
	if !errors.Is(err, errTokenRefused) || !strings.Contains(err.Error(), "install it in the workspace again") {
		t.Errorf("it does not work any more: got %v, want it refused", err)
	}
	if _, _, err := i.client(t.Context(), "", "T1"); !errors.Is(err, errNoToken) {
		t.Errorf("an answer without a token: got %v, want %v", err, errNoToken)
	}
}

func TestARenewalUnderWayDoesNotBringBackWhatWasUninstalled(t *testing.T) {
	p := newPlace(t)
	i, other := p.installed(t, p.slack.rotating("T1", p.now(), -time.Second)), p.process(t, "")
	p.slack.entered, p.slack.hold = make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { token(t, i, "", "T1") })
	<-p.slack.entered
	wg.Go(func() {
		if _, err := other.remove(t.Context(), "", "T1", time.Now()); err != nil {
			t.Error(err)
		}
	})
	p.slack.hold <- struct{}{}
	wg.Wait()
	if n := len(p.shelf.values); n != 0 {
		t.Errorf("got %d values left on the shelf", n)
	}
	p.elapse(rereadEvery)
	if _, _, err := i.client(t.Context(), "", "T1"); !errors.Is(err, errNotInstalled) {
		t.Errorf("got %v, want %v", err, errNotInstalled)
	}
}
