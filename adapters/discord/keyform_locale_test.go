package discord

import (
	"reflect"
	"testing"
)

func TestEveryLanguageHasEveryPhraseOfTheKeyForm(t *testing.T) {
	for language := range catalogue {
		p, ok := keyCatalogue[language]
		if !ok {
			t.Errorf("%s: has no phrases", language)
			continue
		}
		v := reflect.ValueOf(p)
		for i := range v.NumField() {
			if v.Field(i).String() == "" {
				t.Errorf("%s: %s is empty", language, v.Type().Field(i).Name)
			}
		}
		for name, most := range map[string]int{"Title": 45, "Warning": 2000, "Key": 45, "Hint": 100, "Consent": 45, "Test": 100, "Other": 100, "Target": 45, "All": 100} {
			if n := len([]rune(v.FieldByName(name).String())); n > most {
				t.Errorf("%s: %s has %d characters, %d at most", language, name, n, most)
			}
		}
	}
}
