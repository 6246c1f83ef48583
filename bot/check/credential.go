package check

import (
	"context"
	"net/http"
	"strings"
	"time"

	"apihelp/bot/check/credential"
)

// placeholder stands for the key in the header template of a target.
const placeholder = "{key}"

// credentialCheck reads the key before anything goes over the network.
type credentialCheck struct{}

func (credentialCheck) Name() string { return Credential }

// Run is the one place where a key is revealed: it is read, put into the header
// of the one request that carries it, and hidden in what the rows say.
func (credentialCheck) Run(_ context.Context, p *Probe) Result {
	p.header = header(p.Target.Header, "")
	if p.keyless() {
		return skip(noKey)
	}
	key := p.Key.Reveal()
	p.mask = masker(strings.TrimSpace(key))
	faults := credential.Read(key, credential.Expected{
		Pattern: p.Target.KeyPattern, Audience: p.Target.Audience, Now: time.Now(),
	})
	if row, broken := judgeFaults(faults); broken {
		return row
	}
	key = strings.TrimSpace(key)
	if strings.ContainsFunc(key, unsendable) {
		f := finding{"auth.key", "API key correctly copied no extra spaces", "the key has characters that no HTTP header can carry"}
		return f.fail()
	}
	p.header = header(p.Target.Header, key)
	row, _ := judgeFaults(faults)
	return row
}

// noKey is the detail of the rows that need a key.
const noKey = "no key given"

// judgeFaults sums the faults of a key up. One fatal fault breaks the run: a
// key that cannot be right is not sent.
func judgeFaults(faults []credential.Fault) (row Result, broken bool) {
	if len(faults) == 0 {
		return okay("the key reads well"), false
	}
	worst := faults[0]
	var details []string
	for _, f := range faults {
		if f.Fatal && !worst.Fatal {
			worst = f
		}
		details = append(details, f.Detail)
	}
	f := finding{worst.Cause, worst.Hint, strings.Join(details, "; ")}
	if worst.Fatal {
		return f.fail(), true
	}
	return f.warn(), false
}

// unsendable reports whether an HTTP field value must not contain r (RFC 9110,
// section 5.5).
func unsendable(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// header fills a template in. Without a key, fields that want it are left out.
func header(template map[string]string, key string) http.Header {
	h := http.Header{}
	for name, value := range template {
		if strings.Contains(value, placeholder) && key == "" {
			continue
		}
		h.Set(name, strings.ReplaceAll(value, placeholder, key))
	}
	return h
}

// masker returns a function that hides a key in texts. Keys of fewer than eight
// characters would hide half of every sentence; a text that a server's answer
// has part in never contains more than a host name of it.
func masker(key string) func(string) string {
	if len(key) < 8 {
		return strings.Clone
	}
	shown := "…"
	if len(key) >= 16 {
		shown = key[:4] + "…" + key[len(key)-4:]
	}
	return strings.NewReplacer(key, shown, strings.ToLower(key), shown).Replace
}
