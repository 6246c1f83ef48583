package discord

import (
	"reflect"
	"strings"
	"testing"
)

func TestEveryLanguageHasEveryPhrase(t *testing.T) {
	english := reflect.ValueOf(catalogue["en"])
	for language, p := range catalogue {
		v := reflect.ValueOf(p)
		for i := range v.NumField() {
			name, got, want := v.Type().Field(i).Name, v.Field(i).String(), english.Field(i).String()
			if got == "" || strings.Count(got, "%s") != strings.Count(want, "%s") || strings.Count(got, "%") != strings.Count(got, "%s") {
				t.Errorf("%s: %s is %q, in English %q", language, name, got, want)
			}
		}
		for name, most := range map[string]int{"PostHere": 80, "Forget": 80, "AddDetails": 45, "Details": 45, "DetailHint": 100} {
			if n := len([]rune(v.FieldByName(name).String())); n > most {
				t.Errorf("%s: %s has %d characters, %d at most", language, name, n, most)
			}
		}
	}
}

func TestALocaleWithoutPhrasesIsEnglish(t *testing.T) {
	for locale, want := range map[string]string{"de": "Vergiss mich", "de-AT": "Vergiss mich", "en-GB": "Forget me", "fr": "Forget me", "": "Forget me"} {
		if got := phrasesFor(locale).Forget; got != want {
			t.Errorf("%q: got %q, want %q", locale, got, want)
		}
	}
}
