package discord

import "strings"

// keyPhrases are what the form for a key says, in one language.
type keyPhrases struct {
	Title   string // of the form
	Warning string // above everything, as Markdown
	Key     string // label of the input
	Hint    string // in it while it is empty
	Consent string // label of the choice between the next two
	Test    string
	Other   string
	Target  string // label of the choice of a target
	All     string // of the targets

	Empty    string // to a form without a key
	Refused  string // to a key that is none for tests
	Crowded  string // if too much is under way
	Checking string // below the rows that are there so far
	NotClear string // if the checks do not end
	Reported string // below the result
	NotThere string // the same, if it could not be reported
}

// keyPhrasesFor returns the phrases of a locale such as "de" or "en-GB", and the
// English ones if there are none of it.
func keyPhrasesFor(locale string) keyPhrases {
	language, _, _ := strings.Cut(strings.ToLower(locale), "-")
	if p, ok := keyCatalogue[language]; ok {
		return p
	}
	return keyCatalogue["en"]
}

var keyCatalogue = map[string]keyPhrases{
	"en": {
		Title: "Check a test key",
		Warning: "**Test keys only.** Discord asks apps not to collect credentials, has no input that hides what you type, and the key passes through its servers. " +
			"I use it for this one check and forget it then: it is not stored, not logged and not shown to anybody. Revoke it afterwards.\n\n" +
			"A real key is better checked with `apihelp check` on your own machine, where it goes to the API and nowhere else.",
		Key:      "Test key",
		Hint:     "A key for tests that you can revoke. Everybody who sees your screen can read it.",
		Consent:  "What key is it?",
		Test:     "A test key that I can revoke",
		Other:    "Another key",
		Target:   "Environment",
		All:      "All of them",
		Empty:    "There was nothing but space in the form. Please press the button again and paste the key.",
		Refused:  "I take test keys only, so I have not used this one, and have forgotten it. Run apihelp check on your own machine: there the key goes to the API and nowhere else.",
		Crowded:  "Too many checks are under way. Please try again in a minute.",
		Checking: "Checking …",
		NotClear: "The checks did not come to an end. Please try again in a minute.",
		Reported: "The result is in our conversation as well, with what to do next.",
		NotThere: "I could not post the result in our conversation; please note it from here.",
	},
	"de": {
		Title: "Testschlüssel prüfen",
		Warning: "**Nur Testschlüssel.** Discord bittet Apps, keine Zugangsdaten einzusammeln, hat kein Feld, das die Eingabe verbirgt, und der Schlüssel läuft über seine Server. " +
			"Ich benutze ihn für diese eine Prüfung und vergesse ihn dann: Er wird nicht gespeichert, nicht protokolliert und niemandem gezeigt. Widerrufe ihn danach.\n\n" +
			"Einen echten Schlüssel prüfst du besser mit `apihelp check` auf deinem eigenen Rechner; dort geht er an die API und sonst nirgendwohin.",
		Key:      "Testschlüssel",
		Hint:     "Ein Schlüssel für Tests, den du widerrufen kannst. Wer deinen Bildschirm sieht, kann ihn lesen.",
		Consent:  "Was für ein Schlüssel ist es?",
		Test:     "Ein Testschlüssel, den ich widerrufen kann",
		Other:    "Ein anderer Schlüssel",
		Target:   "Umgebung",
		All:      "Alle",
		Empty:    "Im Formular standen nur Leerzeichen. Bitte drück den Knopf noch einmal und füge den Schlüssel ein.",
		Refused:  "Ich nehme nur Testschlüssel; diesen habe ich nicht benutzt und schon vergessen. Führe apihelp check auf deinem eigenen Rechner aus: Dort geht der Schlüssel an die API und sonst nirgendwohin.",
		Crowded:  "Gerade laufen zu viele Prüfungen. Bitte versuch es in einer Minute noch einmal.",
		Checking: "Ich prüfe …",
		NotClear: "Die Prüfung kam nicht zu einem Ende. Bitte versuch es in einer Minute noch einmal.",
		Reported: "Das Ergebnis steht auch in unserem Gespräch, mit dem, was als Nächstes zu tun ist.",
		NotThere: "Ich konnte das Ergebnis nicht in unserem Gespräch posten; bitte entnimm es von hier.",
	},
}
