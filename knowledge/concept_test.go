package knowledge

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bindings returns which entry helps with which concept.
func bindings(g *Guide) map[string]string {
	out := map[string]string{}
	for _, c := range concepts {
		if i := g.index.entryFor(c.id); i >= 0 {
			out[c.id] = g.Entries[i].ID
		}
	}
	return out
}

func TestConceptsAreBoundToTheDefaultGuide(t *testing.T) {
	want := map[string]string{
		"net.timeout": "connection-timeout-error", "net.refused": "connection-timeout-error", "net.reset": "connection-timeout-error",
		"net.dns": "connection-timeout-error", "net.blocked": "connection-timeout-error", "net.proxy": "connection-timeout-error",
		"tls.untrusted": "ssltls-certificate-errors", "tls.expired": "ssltls-certificate-errors",
		"tls.hostname": "ssltls-certificate-errors", "tls.version": "ssltls-certificate-errors",
		"auth.key": "invalid-api-key", "auth.environment": "invalid-api-key", "auth.missing": "invalid-api-key",
		"auth.expired": "token-expiration", "authz.denied": "403", "req.invalid": "400", "req.notfound": "404",
		"rate.limit": "rate-limiting", "rate.quota": "rate-limiting", "perf.slow": "slow-response-times", "perf.usage": "slow-response-times",
		"srv.error": "500", "srv.down": "503",
	}
	if diff := cmp.Diff(want, bindings(Default())); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
}

// readGuide reads one of testdata/guides.
func readGuide(t testing.TB, name string) *Guide {
	t.Helper()
	g, err := Read("testdata/guides/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestConceptsAreBoundToAnAlienGuide(t *testing.T) {
	want := map[string]string{
		"net.timeout": "network-problems", "net.refused": "network-problems", "net.reset": "network-problems",
		"net.dns": "network-problems", "net.blocked": "network-problems", "net.proxy": "network-problems",
		"tls.untrusted": "https-and-certificates", "tls.expired": "https-and-certificates",
		"tls.hostname": "https-and-certificates", "tls.version": "https-and-certificates",
		"auth.key": "keys", "auth.environment": "keys", "auth.missing": "keys",
		"auth.expired": "sessions-and-tokens", "authz.denied": "permissions", "req.invalid": "requests-we-cannot-read", "req.notfound": "nothing-there",
		"rate.limit": "throttling-and-quotas", "rate.quota": "throttling-and-quotas", "perf.slow": "slow-calls", "perf.usage": "slow-calls",
		"srv.error": "when-it-is-our-fault", "srv.down": "when-it-is-our-fault",
	}
	if diff := cmp.Diff(want, bindings(readGuide(t, "alien.md"))); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
}

func TestConceptsAreNotBoundToAGuideAboutSomethingElse(t *testing.T) {
	if diff := cmp.Diff(map[string]string{}, bindings(readGuide(t, "bicycle.md"))); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
}
