package credential_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"apihelp/bot/check/credential"
)

// planted are credentials with their surroundings. "§" stands for the secret:
// so many characters at least of an alphabet, and up to as many more.
var planted = []struct {
	form     string
	alphabet string
	length   int
}{
	{"sk_live_§", alphanumeric, 16},
	{"sk-proj-§", alphanumeric, 24},
	{"sk_live_§", hex, 16},
	{"ghp_§", alphanumeric, 36},
	{"xoxb-2635942065-23435942065-§", alphanumeric, 24},
	{"glpat-§", alphanumeric + "_", 20},
	{"whsec_§", alphanumeric + "+/", 32},
	{"eyJhbGciOiJIUzI1NiJ9.§", alphanumeric + "_-", 60},
	{"Authorization: Bearer §", alphanumeric, 12},
	{"Authorization: Basic §==", alphanumeric, 14},
	{"authorization: §", hex, 32},
	{"X-Api-Key: §", hex, 32},
	{"api_key=§", alphanumeric, 16},
	{"password=§", alphanumeric + "!?+-", 10},
	{"DB_PASSWORD: §", alphanumeric + "!_-", 12},
	{"my password is q§7", hex, 8},
	{"postgres://app:§@db.example.com/app", alphanumeric + "!~_-", 10},
	{"https://ann:§@api.example.com/v1", alphanumeric + "!~_-", 10},
	{"https://api.example.com/v1?access_token=§", alphanumeric, 20},
	{"Cookie: sid=§", alphanumeric, 20},
	{"curl -u ann:§", alphanumeric + "!~_-", 10},
	{"AccountKey=§==", alphanumeric + "+/", 60},
	{"https://hooks.slack.com/services/T01/B01/§", alphanumeric, 24},
	{"-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----", alphanumeric + "+/", 64},
	{"-----BEGIN PRIVATE KEY-----\n§", alphanumeric + "+/", 64},
}

const (
	alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	hex          = "0123456789abcdef"
)

// plant draws a secret. It is not rapid that draws its characters, for rapid
// prefers those that no key has, such as AAAAAAAA.
func plant(t *rapid.T) (form, secret string) {
	p := rapid.SampledFrom(planted).Draw(t, "form")
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	b := make([]byte, p.length+random.IntN(p.length))
	for i := range b {
		b[i] = p.alphabet[random.IntN(len(p.alphabet))]
	}
	b[random.IntN(6)] = byte('0' + random.IntN(10))
	b[6+random.IntN(2)] = byte('a' + random.IntN(26))
	return p.form, string(b)
}

// wrappings are where in a message a credential may stand.
var wrappings = map[string]func(string) string{
	"bare":   func(s string) string { return s },
	"fence":  func(s string) string { return "```\n" + s + "\n```" },
	"json":   func(s string) string { return `{"a": "b", "text": "` + strings.ReplaceAll(s, "\n", `\n`) + `"}` },
	"nested": func(s string) string { return `{\"text\": \"` + strings.ReplaceAll(s, "\n", `\\n`) + `\"}` },
	"quotes": func(s string) string { return `"` + s + `"` },
	"parens": func(s string) string { return "(" + s + ")" },
	"twice":  func(s string) string { return s + " and again\n" + s },
	"slack":  func(s string) string { return "<@U012> " + s + " <https://example.com|example.com>" },
	"crlf":   func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"hidden": func(s string) string { return strings.Join(strings.SplitAfter(s, "e"), "\u200b") },
}

func TestNoPieceOfAPlantedSecretSurvives(t *testing.T) {
	names := make([]string, 0, len(wrappings))
	for name := range wrappings {
		names = append(names, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		form, secret := plant(t)
		wrapping := rapid.SampledFrom(names).Draw(t, "wrapping")
		before := rapid.StringMatching(`([ -~]{0,40}\n)?([a-z]{1,8} ){0,3}`).Draw(t, "before")
		after := rapid.StringMatching(`([ ,\n][ -~]{0,40})?`).Draw(t, "after")
		text := before + wrappings[wrapping](strings.Replace(form, "§", secret, 1)) + after
		checkGone(t, text, secret)
	})
}

func TestNoPieceOfACutSecretSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form, secret := plant(t)
		head, _, _ := strings.Cut(form, "§")
		secret = secret[:rapid.IntRange(8, len(secret)).Draw(t, "cut")]
		checkGone(t, "this is it: "+head+secret, secret)
	})
}

// checkGone fails if a piece of a secret is left in what is made of a text.
func checkGone(t *rapid.T, text, secret string) {
	got, found := redactor.Redact(text)
	if piece := survivor(got, secret); piece != "" {
		t.Fatalf("%q is left of\n%q in\n%q found %+v", piece, text, got, found)
	}
}

func FuzzRedact(f *testing.F) {
	for _, l := range leaks {
		f.Add(strings.ReplaceAll(l.text, "§", l.secret))
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, found := redactor.Redact(text)
		if (got != text) != slices.ContainsFunc(found, func(f credential.Finding) bool { return f.Kind == credential.Leaked }) {
			t.Errorf("%q: got %q with %+v", text, got, found)
		}
		for _, f := range found {
			if len(f.Text) > 64 || f.Name == "" {
				t.Errorf("%q: got the finding %+v", text, f)
			}
		}
		if len(text) < 4000 && strings.IndexByte(text, 0) < 0 {
			with := "\nAuthorization: Bearer 9f8e7d6c5b4a39281706\n"
			if clean := redact(text + with); strings.Contains(clean, "5b4a39") && !strings.Contains(text, "5b4a39") {
				t.Errorf("behind %q the key is still in %q", text, clean)
			}
		}
	})
}
