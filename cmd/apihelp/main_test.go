package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"strings"
	"testing"
	"time"
)

// Two versions of a guide.
const (
	planOld = "../../knowledge/troubleshooting-guide.md"
	planNew = "testdata/edited-guide.md"
)

var updateScripts = flag.Bool("update", false, "rewrite what scripts compare with")

func TestExitCodesTellWhatKindOfFailureItWas(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		env  string
		want int
	}{
		{"an answer", []string{"ask", "getting a 503"}, "", exitOK},
		{"no answer", []string{"ask", "what's for lunch"}, "", exitOK},
		{"an empty question", []string{"ask", ""}, "", exitUsage},
		{"no question", []string{"ask"}, "", exitUsage},
		{"an unknown command", []string{"aks"}, "", exitUsage},
		{"an unknown subcommand", []string{"guide", "lnit"}, "", exitUsage},
		{"an unknown flag", []string{"chat", "--fast"}, "", exitUsage},
		{"flags that exclude each other", []string{"ask", "--json", "--jsonl"}, "", exitUsage},
		{"a superfluous argument", []string{"serve", "now"}, "", exitUsage},
		{"eval without files", []string{"eval"}, "", exitUsage},
		{"eval of a file that is not there", []string{"eval", "nothere.jsonl"}, "", exitFailed},
		{"cases that pass", []string{"guide", "test", "testdata/cases.jsonl"}, "", exitOK},
		{"cases that fail", []string{"guide", "test", "testdata/cases.jsonl", "--guide", "testdata/edited-guide.md"}, "", exitFailed},
		{"a guide to test that is not there", []string{"guide", "test", "testdata/cases.jsonl", "--guide", "nothere.md"}, "", exitFailed},
		{"a guide to test without a name", []string{"guide", "test", "testdata/cases.jsonl", "--guide", ""}, "", exitUsage},
		{"a test without cases", []string{"guide", "test"}, "", exitUsage},
		{"a plan", []string{"guide", "plan", planOld, planNew, "testdata/cases.jsonl"}, "", exitOK},
		{"a plan with what must not be", []string{"guide", "plan", planOld, planNew, "testdata/cases.jsonl", "--fail-on", "changed,vanished"}, "", exitFailed},
		{"a plan without what must not be", []string{"guide", "plan", planOld, planOld, "testdata/cases.jsonl", "--fail-on", "changed,appeared,vanished,reworded"}, "", exitOK},
		{"a plan that fails on nothing known", []string{"guide", "plan", planOld, planNew, "testdata/cases.jsonl", "--fail-on", "lost"}, "", exitUsage},
		{"a plan without messages", []string{"guide", "plan", planOld, planNew}, "", exitUsage},
		{"a plan from a guide that is not there", []string{"guide", "plan", "nothere.md", planNew, "testdata/cases.jsonl"}, "", exitFailed},
		{"a plan with messages that are not there", []string{"guide", "plan", planOld, planNew, "nothere.jsonl"}, "", exitFailed},
		{"a fault of the configuration", []string{"ask", "hi"}, "APIHELP_SESSION_TTL=never", exitUsage},
		{"a guide that is not there", []string{"ask", "hi"}, "APIHELP_GUIDE=nothere.md", exitUsage},
		{"a Redis URL that is none", []string{"serve"}, "REDIS_URL=ftp://x", exitUsage},
		{"nobody serves", []string{"healthcheck"}, "APIHELP_HTTP_ADDR=127.0.0.1:1", exitFailed},
		{"a port that is none", []string{"serve"}, "APIHELP_HTTP_ADDR=127.0.0.1:99999", exitUsage},
		{"help", []string{"--help"}, "", exitOK},
		{"help about a command", []string{"help", "guide", "lint"}, "", exitOK},
		{"help about what is no command", []string{"help", "nosuch"}, "", exitUsage},
		{"completion for what is no shell", []string{"completion", "nosuch"}, "", exitUsage},
		{"the version", []string{"--version"}, "", exitOK},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if name, value, ok := strings.Cut(tt.env, "="); ok {
				t.Setenv(name, value)
			}
			var out, errs bytes.Buffer
			got := run(t.Context(), tt.args, stdio{strings.NewReader(""), &out, &errs})
			if got != tt.want {
				t.Errorf("got exit code %d, want %d; stderr: %s", got, tt.want, errs.String())
			}
			if (got == exitOK) != (errs.Len() == 0) {
				t.Errorf("got exit code %d and stderr %q", got, errs.String())
			}
		})
	}
}

func TestASignalEndsACommandThatWaitsForInput(t *testing.T) {
	for _, args := range [][]string{{"chat"}, {"chat", "--jsonl"}, {"ask", "--jsonl"}, {"ask", "-"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			keys, typist := io.Pipe()
			defer typist.Close()
			ctx, cancel := context.WithCancel(t.Context())
			code := make(chan int, 1)
			go func() { code <- run(ctx, args, stdio{keys, io.Discard, io.Discard}) }()
			cancel()
			select {
			case <-code:
			case <-time.After(patience):
				t.Error("the command goes on")
			}
		})
	}
}
