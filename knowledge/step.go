package knowledge

import "slices"

// A Fit is a step of a topic that a message speaks of.
type Fit struct {
	Step int    // counted from 1
	Said string // the word that speaks of it, as the message writes it
}

// instructions are the words that steps begin with, whatever they are about.
var instructions = wordSet("check checked checking verify ensure make sure set confirm correct correctly consider implement enable large least available")

// environments are neutral as evidence for a topic, but tell its steps apart.
var environments = wordSet("staging production prod sandbox")

// steered are words for what a step is about that it may not use itself.
var steered = map[string]string{
	"prod": "production", "sandbox": "staging", "ntp": "clock", "cached": "caching", "zscaler": "proxy", "netskope": "proxy", "mitm": "intercepting",
	"keepalive": "pooling", "session": "pooling", "sessions": "pooling", "whitespace": "spaces", "newline": "spaces", "wifi": "internet",
	"sleep": "delays", "jitter": "backoff", "page": "pagination", "pages": "pagination", "batch": "bulk", "batching": "bulk", "queue": "queuing",
	"queueing": "queuing", "brotli": "compression", "rotate": "regenerate", "rotated": "regenerate", "wlan": "internet",
}

// StepFits returns which of the steps of what is called title a message speaks
// of: those that have a word of it that no other step has. What everything with
// an API is told in, and what the title has too, tells nothing.
func StepFits(title string, steps []Rich, text string) []Fit {
	owner := stepWords(title, steps)
	var fits []Fit
	for _, t := range tokenize(text) {
		if t.role == filler || t.role == number && len(t.word) < 3 || t.role == neutral && !environments[t.word] {
			continue
		}
		step := owner[t.stem]
		if other, ok := steered[t.word]; ok && step == 0 {
			step = owner[stems(other)[0]]
		}
		if step > 0 && !slices.ContainsFunc(fits, func(f Fit) bool { return f.Step == step }) {
			fits = append(fits, Fit{step, text[t.start:t.end]})
		}
	}
	return fits
}

// stepWords maps each stem that one step alone has to that step.
func stepWords(title string, steps []Rich) map[string]int {
	of := stems(title)
	owner := map[string]int{}
	for i, step := range steps {
		for _, t := range tokenize(step.String()) {
			switch n, taken := owner[t.stem]; {
			case t.role == filler || instructions[t.word] || slices.Contains(of, t.stem):
			case taken && n != i+1:
				owner[t.stem] = -1
			case !taken:
				owner[t.stem] = i + 1
			}
		}
	}
	return owner
}

// IsWord reports whether a word is an ordinary English one, in lower case.
func IsWord(word string) bool { return ordinary(word) > 0 }
