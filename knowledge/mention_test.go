package knowledge

import (
	"strings"
	"testing"
)

func TestACodeIsMentionedAsAWholeAndNotAsANumberOfThings(t *testing.T) {
	tests := []struct {
		code, text string
		want       bool
	}{
		{"429", "got a 429.", true},
		{"429", "(401/429)", true},
		{"429", "429-error", true},
		{"429", "HTTP/1.1 429 Too Many Requests", true},
		{"429", "429s", false},
		{"429", "1429 or 4290", false},
		{"429", "429 requests", false},
		{"429", "429ms", false},
		{"429", "429 MiB", false},
		{"429", "429%", false},
		{"429", "429.5", false},
		{"429", "$429", false},
		{"429", "v1.429", false},
		{"429", "#429", false},
		{"E_A", "see E_A, E_B", true},
		{"E_A", "see E_AB", false},
		{"E_A", "see e_a", false},
		{"a.b-c", "the a.b-c code", true},
		{"a.b-c", "the a.b-d code", false},
		{"a.b-c", "the a.b-cd code", false},
		{"-32600", "code -32600!", true},
		{"-32600", "code 32600", false},
	}
	for _, tt := range tests {
		t.Run(tt.code+" in "+tt.text, func(t *testing.T) {
			m := newMentions([]*Entry{{Kind: Code, ID: tt.code}})
			got := false
			m.each(&Entry{Body: []Part{{Items: []Rich{{{Text: tt.text}}}}}}, func(*Entry) { got = true })
			if got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestSlugsAreThoseOfGitHub(t *testing.T) {
	s := slugger{}
	for _, tt := range []struct{ title, want string }{
		{"SSL/TLS Certificate Errors", "ssltls-certificate-errors"},
		{"Invalid API Key", "invalid-api-key"},
		{"snake_case & kebab-case", "snake_case--kebab-case"},
		{"Same", "same"},
		{"same!", "same-1"},
		{"Same 1", "same-1-1"},
		{"SAME", "same-2"},
		{"Größe №5: 日本", "größe-5-日本"},
		{" -?- ", ""},
	} {
		if got := s.slug(tt.title); got != tt.want {
			t.Errorf("got %q for %q, want %q", got, tt.title, tt.want)
		}
	}
}

func TestWhatLooksLikeACode(t *testing.T) {
	const plain, quoted, declared = "plain", "quoted", "declared"
	for _, tt := range []struct{ least, codes string }{
		{plain, "401 5xx CONN_TIMEOUT card_declined E1234 ORA-12154 ECONNREFUSED ERR42"},
		{quoted, "4011 -32600 AADSTS50011 UNAVAILABLE AccessDenied java.net.UnknownHostException"},
		{declared, "throttled 7 E2 a:b.c-d"},
		{"nothing", "GET/x --flag a,b «a» _ a- " + strings.Repeat("a", maxCode+1)},
	} {
		for code := range strings.FieldsSeq(tt.codes) {
			got := "nothing"
			switch {
			case codeLike(code, false, false):
				got = plain
			case codeLike(code, true, false):
				got = quoted
			case codeLike(code, true, true):
				got = declared
			}
			if got != tt.least {
				t.Errorf("got %s for %q, want %s", got, code, tt.least)
			}
		}
	}
	for _, word := range []string{"Retry-After", "timeout", "GET", "Other"} {
		if codeLike(word, true, false) || codeLike(word, false, false) {
			t.Errorf("got a code for %q, want none where none is announced", word)
		}
	}
}
