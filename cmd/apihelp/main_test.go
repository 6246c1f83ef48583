package main

import (
	"bytes"
	"flag"
	"strings"
	"testing"
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
		{"a fault of the configuration", []string{"ask", "hi"}, "APIHELP_SESSION_TTL=never", exitUsage},
		{"a guide that is not there", []string{"ask", "hi"}, "APIHELP_GUIDE=nothere.md", exitUsage},
		{"a Redis URL that is none", []string{"serve"}, "REDIS_URL=ftp://x", exitUsage},
		{"nobody serves", []string{"healthcheck"}, "APIHELP_HTTP_ADDR=127.0.0.1:1", exitFailed},
		{"help", []string{"--help"}, "", exitOK},
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
