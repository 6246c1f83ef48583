package check

import (
	"testing"

	"apihelp/bot/check/credential"
)

func TestOnlyAFatalFaultOfAKeyStopsTheRun(t *testing.T) {
	t.Parallel()
	space := credential.Fault{Detail: "a space at the end", Cause: "auth.key", Hint: "extra spaces"}
	old := credential.Fault{Detail: "expired 2 h ago", Cause: "auth.expired", Hint: "refresh", Fatal: true}
	tests := []struct {
		name   string
		faults []credential.Fault
		want   Result
		broken bool
	}{
		{"none", nil, Result{Status: OK, Detail: "the key reads well"}, false},
		{"a small one", []credential.Fault{space}, Result{Status: Warn, Detail: "a space at the end", Cause: "auth.key", Hint: "extra spaces"}, false},
		{"the fatal one is the cause", []credential.Fault{space, old}, Result{Status: Fail, Detail: "a space at the end; expired 2 h ago", Cause: "auth.expired", Hint: "refresh"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, broken := judgeFaults(tt.faults); got != tt.want || broken != tt.broken {
				t.Errorf("got %+v, %v, want %+v, %v", got, broken, tt.want, tt.broken)
			}
		})
	}
}

func TestAKeyIsHiddenInTexts(t *testing.T) {
	t.Parallel()
	tests := []struct{ key, text, want string }{
		{"sk_live_Zq8vX2mT6nRw", "go to sk_live_Zq8vX2mT6nRw.example", "go to sk_l…6nRw.example"},
		{"sk_live_Zq8vX2mT6nRw", "go to sk_live_zq8vx2mt6nrw.example", "go to sk_l…6nRw.example"},
		{"sk_Zq8vX2m", "sk_Zq8vX2m", "…"}, // first and last four would be most of it
		{"200", "answers 200", "answers 200"},
		{"", "answers 200", "answers 200"},
	}
	for _, tt := range tests {
		if got := masker(tt.key)(tt.text); got != tt.want {
			t.Errorf("%q in %q: got %q, want %q", tt.key, tt.text, got, tt.want)
		}
	}
}
