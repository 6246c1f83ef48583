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
