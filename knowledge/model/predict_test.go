package model_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"apihelp/knowledge/model"
)

// said are messages in words that the corpus does not have, with what they are about.
var said = []struct{ concept, text string }{
	{"net.timeout", "the request just sits there and we never get any answer, after 60 seconds my script gives up"},
	{"net.refused", "connection is refused at once, as if nothing were listening on that port"},
	{"net.reset", "halfway through the upload the other side hangs up on us, connection reset by peer"},
	{"net.dns", "my laptop can't resolve the hostname of your api, it says name or service not known"},
	{"net.blocked", "works at home but the company firewall blocks outbound traffic, which addresses must we allow?"},
	{"net.proxy", "our corporate proxy answers 407 and wants a username before letting us through"},
	{"tls.untrusted", "python says self signed certificate in certificate chain, it does not trust your CA"},
	{"tls.expired", "the certificate has expired yesterday, according to the browser, or is my clock wrong?"},
	{"tls.hostname", "the certificate is issued for another name than the host we call"},
	{"tls.version", "handshake failure: our old java only speaks TLS 1.0"},
	{"auth.key", "I copied the api key from the dashboard but it is not accepted, it says invalid key"},
	{"auth.environment", "I think we used the sandbox key against the production url"},
	{"auth.missing", "it claims no Authorization header was sent but I do set it, or is the env var empty?"},
	{"auth.expired", "my users have to sign in again every hour, can the token live longer?"},
	{"authz.denied", "I am logged in but get 403 forbidden, my role seems to lack the permission for that"},
	{"req.invalid", "400 bad request, it says the field amount must be an integer"},
	{"req.notfound", "I get 404 for this endpoint, is the path wrong or was it removed from v2?"},
	{"rate.limit", "we send 50 calls per second in parallel and many are rejected with too many requests"},
	{"rate.quota", "our monthly allowance is used up, when does the quota reset?"},
	{"perf.slow", "responses got slower and slower this week, five seconds where it used to be half a second"},
	{"perf.usage", "is there pagination or caching so that I need not download the whole list each time?"},
	{"srv.error", "your server answers internal server error 500 for some of our customers"},
	{"srv.down", "is the service down? status page says maintenance and we get 503"},
	{"browser.cors", "works in postman but chrome blocks it because of the CORS preflight"},
	{"webhook", "your webhooks arrive twice and the webhook signature does not verify"},
	{"billing", "where can I download the invoice, and can I pay by credit card?"},
	{"account", "I forgot my password for the dashboard and the reset mail does not come"},
}

func TestSentencesOfEveryConceptAreHeard(t *testing.T) {
	var concepts []string
	for _, s := range said {
		concepts = append(concepts, s.concept)
		t.Run(s.concept, func(t *testing.T) {
			got := model.Predict(s.text)
			if len(got) == 0 || got[0].Concept != s.concept {
				t.Errorf("Predict(%q): got %+v, want %s first", s.text, got, s.concept)
			}
		})
	}
	slices.Sort(concepts)
	if diff := cmp.Diff(model.Concepts(), concepts); diff != "" {
		t.Errorf("concepts without a sentence (-model +sentences):\n%s", diff)
	}
}

func TestChatterIsAboutNothing(t *testing.T) {
	for _, text := range []string{
		"", "   ", "\x00\xff\xfe", "🎉🎉🎉", "good morning everybody", "thanks a lot, have a nice weekend!",
		"who brings cake to the release party on friday?", "how do I centre a div in css?",
		"my printer at home eats paper", "the meeting moved to room 503", "merge conflict in package.json, any idea?",
		"it works now, thank you so much",
	} {
		if got := model.Predict(text); len(got) > 0 && got[0].Confidence >= 50 {
			t.Errorf("Predict(%q): got %+v, want nothing", text, got[0])
		}
	}
}

// TestDressingDoesNotChangeTheConcept: capitals, punctuation, a greeting.
func TestDressingDoesNotChangeTheConcept(t *testing.T) {
	dress := map[string]func(string) string{
		"upper case":  strings.ToUpper,
		"punctuation": func(s string) string { return s + " !!!" },
		"greeting":    func(s string) string { return "hi all, " + s },
		"mention":     func(s string) string { return "<@U07BOT> " + s },
		"lines":       func(s string) string { return strings.ReplaceAll(s, ", ", ",\n") },
		"apostrophe":  func(s string) string { return strings.ReplaceAll(s, "'", "’") },
	}
	for name, change := range dress {
		kept := 0
		for _, s := range said {
			if got := model.Predict(change(s.text)); len(got) > 0 && got[0].Concept == s.concept {
				kept++
			}
		}
		if kept < len(said)-1 {
			t.Errorf("%s: got %d of %d concepts kept, want at most one lost", name, kept, len(said))
		}
	}
}

func TestWhatSpokeIsNamed(t *testing.T) {
	const text = "good morning, my users have to sign in again every hour"
	got := model.Predict(text)
	if len(got) == 0 || len(got[0].Grams) == 0 {
		t.Fatalf("Predict(%q): got %+v, want grams", text, got)
	}
	for _, g := range got[0].Grams {
		if g.Text == "morning" || g.Text == "good" {
			t.Errorf("got %q among the loudest of %+v", g.Text, got[0].Grams)
		}
	}
}

func TestALongTextIsReadAtBothEnds(t *testing.T) {
	const fact = "connection refused, nothing is listening on that port"
	filler := strings.Repeat("- ", 20<<10)
	for _, text := range []string{fact + filler, filler + fact} {
		got := model.Predict(text)
		if len(got) == 0 || got[0].Concept != "net.refused" {
			t.Fatalf("got %+v, want net.refused", got)
		}
		for _, g := range got[0].Grams {
			if !strings.Contains(fact, g.Text) {
				t.Errorf("got gram %+v, want a piece of %q", g, fact)
			}
		}
	}
	if got := model.Predict(filler + fact + filler); len(got) != 0 {
		t.Errorf("got %+v from the middle, want nothing", got)
	}
}

func TestCallersMayWorkAtTheSameTime(t *testing.T) {
	want := model.Predict(said[0].text)
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for _, s := range said {
				model.Predict(s.text)
				if diff := cmp.Diff(want, model.Predict(said[0].text)); diff != "" {
					t.Fatal(diff)
				}
			}
		})
	}
}

func FuzzPredict(f *testing.F) {
	for _, s := range said {
		f.Add(s.text)
	}
	f.Add("000 0000000 0000 After 00 seConds 000000000 gives up")
	f.Add("\xff' ’ <@ http:// " + strings.Repeat("x", 9000) + " 401 30s a1b2c3d4")
	f.Fuzz(func(t *testing.T, text string) {
		got := model.Predict(text)
		if diff := cmp.Diff(got, model.Predict(text)); diff != "" {
			t.Fatalf("a second call differs:\n%s", diff)
		}
		if len(got) > 3 {
			t.Fatalf("got %d predictions, want at most 3", len(got))
		}
		total := 0
		for _, p := range got {
			total += p.Confidence
			if p.Margin < 0 || p.Confidence < 0 || len(p.Grams) > 5 || !slices.Contains(model.Concepts(), p.Concept) {
				t.Fatalf("got %+v", p)
			}
			for i, g := range p.Grams {
				if g.Start < 0 || g.End > len(text) || g.Start >= g.End || g.Text != text[g.Start:g.End] {
					t.Fatalf("gram %+v is not in the text", g)
				}
				if utf8.ValidString(text) && !utf8.ValidString(g.Text) {
					t.Fatalf("gram %q cuts a letter", g.Text)
				}
				if g.Weight <= 0 || i > 0 && g.Weight > p.Grams[i-1].Weight {
					t.Fatalf("grams are not loudest first: %+v", p.Grams)
				}
			}
		}
		if total > 100 {
			t.Fatalf("confidences sum to %d", total)
		}
	})
}
