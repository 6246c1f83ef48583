package knowledge

import (
	"slices"
	"strings"
	"testing"

	"apihelp/knowledge/atlas"
	"apihelp/knowledge/model"
)

func TestEveryConceptOfAtlasAndModelIsKnown(t *testing.T) {
	for _, id := range slices.Concat(atlas.Concepts(), model.Concepts()) {
		known := strings.HasPrefix(id, statusPrefix) || slices.ContainsFunc(concepts, func(c concept) bool { return c.id == id })
		if !known {
			t.Errorf("%s has no line in the table of concepts", id)
		}
	}
}

// nativeFloor is the share of native errors, in percent, that lead to their
// topic in the default guide when they stand in a sentence.
const nativeFloor = 98

func TestNativeErrorsLeadToTheirTopics(t *testing.T) {
	g := Default()
	total, found := 0, 0
	var missed []string
	for _, row := range atlas.Rows() {
		entry := g.index.entryFor(row.Concept)
		text := strings.NewReplacer("{n}", "30", "*", "api.example.com").Replace(row.Pattern)
		if entry < 0 {
			continue
		}
		total++
		got := g.Match("since monday we see: " + text + " on every call")
		want := g.Entries[entry]
		if len(got) > 0 && (got[0].Entry == want || slices.Contains(want.Related, got[0].Entry) || slices.Contains(got[0].Entry.Related, want)) {
			found++
			continue
		}
		missed = append(missed, row.Pattern)
	}
	if 100*found < nativeFloor*total {
		t.Errorf("%d of %d native errors lead to their topic, want %d %%; missed: %q", found, total, nativeFloor, missed)
	}
	t.Logf("%d of %d", found, total)
}

func TestAGuideAboutSomethingElseGivesNoAnswerToAPITrouble(t *testing.T) {
	g := readGuide(t, "bicycle.md")
	for _, text := range []string{
		"why is your api so slow today", "connect ECONNREFUSED 10.0.0.1:443", "Could not connect to payments.internal:9217 (127.0.0.1). - connect (111: Connection refused)",
		"the connection to your server is reset all the time", "invalid api key", "requests to the api are slow since monday",
	} {
		for _, m := range g.Match(text) {
			if m.Likely || m.Sure {
				t.Errorf("%q: got %s because of %+v", text, m.Entry.ID, m.Reasons)
			}
		}
	}
	found := g.Find("Error: CERT_HAS_EXPIRED").Uncovered
	if len(found) != 1 || found[0].Said != "CERT_HAS_EXPIRED" || found[0].Meaning == "" {
		t.Errorf("got %+v, want CERT_HAS_EXPIRED recognised, with its meaning", found)
	}
}

func TestWhatIsDeniedIsNotTheTrouble(t *testing.T) {
	g := Default()
	for text, want := range map[string]string{
		"fixed the 401, now 403":                 "403",
		"this is not a 404, it is status 500":    "500",
		"no longer a 503 but status 400":         "400",
		"not a certificate problem: HTTP 429":    "429",
		"does not work with 401 as the response": "401", // no article: not denied
	} {
		if got := best(g, text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
