package bot_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"apihelp/bot"
	"apihelp/bot/check"
)

// finds is a check that finds a row at every one of some times.
func finds(at ...time.Duration) func(context.Context, bot.CheckRequest) (bot.Checked, error) {
	return func(ctx context.Context, q bot.CheckRequest) (bot.Checked, error) {
		start := time.Now()
		for n, d := range at {
			time.Sleep(d - time.Since(start))
			q.Progress("production", bot.Finding{Result: check.Result{Check: fmt.Sprint("row", n), Status: check.OK}})
		}
		return bot.Checked{Passport: "done"}, nil
	}
}

func TestFindingsAreShownOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ms = time.Millisecond
		var shown []string
		start := time.Now()
		c, err := bot.Watch(t.Context(), time.Second, bot.CheckRequest{}, finds(0, 100*ms, 2500*ms, 2600*ms, 3500*ms), func(found []bot.Block) {
			shown = append(shown, fmt.Sprint(time.Since(start), " ", len(found[1].(bot.Report))))
		})
		if err != nil || c.Passport != "done" {
			t.Errorf("got %+v and %v", c, err)
		}
		if diff := cmp.Diff([]string{"1s 2", "3s 4"}, shown); diff != "" {
			t.Errorf("wrong times and rows (-want +got):\n%s", diff)
		}
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("got the outcome after %v, want it a second after the last rows", took)
		}
	})
}

func TestWatchingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		start := time.Now()
		wait := func(ctx context.Context, _ bot.CheckRequest) (bot.Checked, error) {
			<-ctx.Done()
			return bot.Checked{}, ctx.Err()
		}
		_, err := bot.Watch(ctx, time.Second, bot.CheckRequest{}, wait, func([]bot.Block) { t.Error("nothing was found") })
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != 1500*time.Millisecond {
			t.Errorf("got %v after %v", err, took)
		}
	})
}

func TestAnOutcomeIsReadAsRowsOrAsAWait(t *testing.T) {
	for name, c := range map[string]struct {
		checked bot.Checked
		want    string
	}{
		"busy": {bot.Checked{Busy: &check.BusyError{After: 1500 * time.Millisecond, Why: check.Running}}, "Many checks are running. Please try again in 2 seconds."},
		"rows": {bot.Checked{Passport: "The key is one of staging.", Diagnoses: []bot.Diagnosis{{Verdict: "production: works", Findings: []bot.Finding{
			{Result: check.Result{Check: "dns", Status: check.OK, Detail: "1 address"}}}}}}, "production: works\n\n[ok] dns: 1 address\n\nThe key is one of staging."},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, bot.Reply{Blocks: c.checked.Blocks("")}.Plain()); diff != "" {
				t.Errorf("wrong text (-want +got):\n%s", diff)
			}
		})
	}
}
