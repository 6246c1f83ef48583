package credential_test

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"apihelp/bot/check/credential"
)

var now = time.Date(2026, 11, 22, 14, 3, 0, 0, time.UTC)

// live is a well-formed key.
const live = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"

// jwt makes a token with a header and claims.
func jwt(header, claims string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(header)) + "." + enc([]byte(claims)) + ".c2lnbmF0dXJlMTIzNDU2"
}

func claims(c string) string { return jwt(`{"alg":"RS256","typ":"JWT"}`, c) }

// readings are credentials with the kinds of their faults and what the detail
// of one of them says.
var readings = []struct {
	name, key, kinds, detail string
}{
	{"well", live, "", ""},
	{"nothing", "", "empty", "it is empty"},
	{"only spaces", " \n\t", "empty", "it is empty"},
	{"leading space", " " + live, "space", "a space before it"},
	{"trailing space", live + " ", "space", "a space behind it"},
	{"spaces on both sides", "  " + live + " ", "space", "2 spaces before it and a space behind it"},
	{"trailing newline", live + "\n", "space", "a line end behind it"},
	{"trailing CRLF", live + "\r\n", "space", "a line end behind it"},
	{"tab", "\t" + live, "space", "a tab before it"},
	{"no-break space", live + "\u00a0", "space", "no-break space U+00A0 behind it"},
	{"double quotes", `"` + live + `"`, "quotes", "quotation marks"},
	{"single quotes", "'" + live + "'", "quotes", ""},
	{"smart quotes", "“" + live + "”", "quotes", ""},
	{"low quotes", "„" + live + "“", "quotes", ""},
	{"one quote", live + `"`, "quotes", ""},
	{"backticks", "`" + live + "`", "quotes", ""},
	{"quotes and newline", `"` + live + "\"\n", "space quotes", ""},
	{"newline in quotes", "\"" + live + "\n\"", "quotes space", ""},
	{"bearer", "Bearer " + live, "scheme", "begins with Bearer"},
	{"bearer in lower case", "bearer " + live, "scheme", ""},
	{"bearer twice", "Bearer Bearer " + live, "scheme", "2 times"},
	{"token", "Token " + live, "scheme", ""},
	{"header", "X-Api-Key: " + live, "header", "X-Api-Key"},
	{"whole header", "Authorization: Bearer " + live, "header scheme", "Authorization"},
	{"variable assignment", "API_KEY=" + live, "header", "Api_Key"},
	{"undefined", "undefined", "unset", "never set"},
	{"null", "null", "unset", ""},
	{"None", "None", "unset", ""},
	{"NaN", "NaN", "unset", ""},
	{"object", "[object Object]", "unset", ""},
	{"bearer undefined", "Bearer undefined", "scheme unset", ""},
	{"bearer and a space", "Bearer ", "space unset", "nothing but"},
	{"bearer alone", "Bearer", "unset", ""},
	{"quotes alone", `""`, "quotes unset", "nothing but"},
	{"$TOKEN", "$TOKEN", "variable", "not filled in"},
	{"${API_KEY}", "${API_KEY}", "variable", ""},
	{"{{token}}", "{{token}}", "variable", ""},
	{"%API_KEY%", "%API_KEY%", "variable", ""},
	{"$(cat key)", "$(cat key)", "variable", ""},
	{"process.env", "process.env.API_KEY", "variable", ""},
	{"os.environ", `os.environ["KEY"]`, "variable", ""},
	{"YOUR_API_KEY", "YOUR_API_KEY", "placeholder", "put in its place"},
	{"<token>", "<token>", "placeholder", ""},
	{"xxxxxxxx", "xxxxxxxx", "placeholder", ""},
	{"your-key-here", "your-key-here", "placeholder", ""},
	{"sk_live_xxxx", "sk_live_xxxxxxxxxxxxxxxx", "placeholder", ""},
	{"dots", "sk_live_4eC39H...", "truncated", "ends in dots"},
	{"ellipsis", "sk_live_4eC39H…", "truncated", ""},
	{"too short", "sk_live_4eC39HqL", "truncated", "16 characters where keys of this environment have at least 32"},
	{"stars", "sk_live_****************p7dc", "masked", "masked"},
	{"bullets", "sk_live_••••••••p7dc", "masked", ""},
	{"zero width space", live[:4] + "\u200b" + live[4:], "invisible", "zero width space U+200B after character 4"},
	{"byte order mark", "\ufeff" + live, "invisible", "byte order mark U+FEFF before the first character"},
	{"soft hyphen", live[:12] + "\u00ad" + live[12:], "invisible", "soft hyphen U+00AD after character 12"},
	{"word joiner", live + "\u2060", "invisible", "word joiner U+2060 after character 32"},
	{"null character", live[:12] + "\x00" + live[12:], "invisible", "null character"},
	{"inner space", live[:12] + " " + live[12:], "space", "a space after character 12"},
	{"inner newline", live[:12] + "\n" + live[12:], "space", "a line end after character 12"},
	{"cyrillic", live[:12] + "а" + live[13:], "lookalike", "Cyrillic letter U+0430 after character 12"},
	{"greek", live[:12] + "ο" + live[13:], "lookalike", "Greek letter U+03BF"},
	{"full width", live[:12] + "Ａ" + live[13:], "lookalike", "full-width character U+FF21"},
	{"dash", "sk–live–4eC39HqLyjWDarjtT1zdp7dc", "lookalike", "typographic dash U+2013 after character 2"},
	{"broken UTF-8", live[:12] + "\xff" + live[12:], "lookalike", "no character after character 12"},
	{"url-encoded", live[:12] + "%2B" + live[12:], "encoded malformed", "URL-encoded after character 12"},
	{"base64", base64.StdEncoding.EncodeToString([]byte(live)), "encoded", "base64 of a key"},
	{"base64url", base64.RawURLEncoding.EncodeToString([]byte(live)), "encoded", ""},
	{"test key", "sk_test_4eC39HqLyjWDarjtT1zdp7dc", "environment", "it is a test key where a live key is wanted"},
	{"sandbox key", "sk_sandbox_4eC39HqLyjWDarjtT1zdp7dc", "environment", "it is a sandbox key where a live key is wanted"},
	{"another vendor's key", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "environment", "does not begin"},
	{"too long", live + "!", "malformed", "goes on otherwise"},
}

func TestReadingACredential(t *testing.T) {
	e := credential.Expected{Pattern: regexp.MustCompile(`^sk_live_[A-Za-z0-9]{24}$`), Now: now}
	for _, tt := range readings {
		t.Run(tt.name, func(t *testing.T) { checkReading(t, tt.key, e, tt.kinds, tt.detail) })
	}
}

func TestReadingAJSONWebToken(t *testing.T) {
	e := credential.Expected{Audience: "https://api.example.com", Now: now}
	const aud = `"aud":"https://api.example.com"`
	for _, tt := range []struct{ name, key, kinds, detail string }{
		{"well", claims(`{` + aud + `,"exp":1795360000,"iat":1795350000}`), "", ""},
		{"expired", claims(`{` + aud + `,"exp":1795344660}`), "expired", "expired 3 h 12 min ago"},
		{"expired long ago", claims(`{` + aud + `,"exp":1795096980}`), "expired", "expired 3 days ago"},
		{"expired just now", claims(`{` + aud + `,"exp":1795356150}`), "expired", "expired 30 s ago"},
		{"from the future", claims(`{` + aud + `,"iat":1795356600}`), "early", "issued 7 min in the future: check this machine's clock"},
		{"a little from the future", claims(`{` + aud + `,"iat":1795356210}`), "", ""},
		{"not yet", claims(`{` + aud + `,"nbf":1795356480}`), "early", "not valid for another 5 min"},
		{"other audience", claims(`{"aud":"https://staging.example.com","iss":"https://id.example.com"}`), "audience", `is for "https://staging.example.com", not for "https://api.example.com" (issued by "https://id.example.com")`},
		{"one of several audiences", claims(`{"aud":["x","https://api.example.com"]}`), "", ""},
		{"none of several audiences", claims(`{"aud":["x","y"]}`), "audience", `is for "x"`},
		{"no audience", claims(`{}`), "audience", "names no audience"},
		{"alg none", jwt(`{"alg":"none"}`, `{`+aud+`}`), "algorithm", "not signed"},
		{"no signature", strings.TrimSuffix(claims(`{`+aud+`}`), "c2lnbmF0dXJlMTIzNDU2"), "truncated", "its end is missing"},
		{"two parts", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", "malformed", "2 parts instead of 3"},
		{"undecodable header", "eyJ!.eyJzdWIiOiIxIn0.abcdef", "malformed", "header"},
		{"undecodable claims", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.abcdef", "malformed", "content"},
		{"encrypted", "eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d", "", ""},
		{"absurd times", claims(`{` + aud + `,"exp":1e300,"iat":-1e300}`), "", ""},
		{"bearer and expired", "Bearer " + claims(`{`+aud+`,"exp":1795344660}`), "scheme expired", "expired 3 h"},
	} {
		t.Run(tt.name, func(t *testing.T) { checkReading(t, tt.key, e, tt.kinds, tt.detail) })
	}
}

// checkReading compares the kinds of a key's faults, and what one of them says.
func checkReading(t *testing.T, key string, e credential.Expected, kinds, detail string) {
	t.Helper()
	faults := credential.Read(key, e)
	var got []string
	found := detail == ""
	for _, f := range faults {
		got = append(got, f.Kind)
		found = found || strings.Contains(f.Detail, detail)
		if !strings.HasPrefix(f.Cause, "auth.") || f.Hint == "" {
			t.Errorf("got the cause %q and the hint %q", f.Cause, f.Hint)
		}
	}
	if strings.Join(got, " ") != kinds {
		t.Errorf("got %+v, want %s", faults, kinds)
	}
	if !found {
		t.Errorf("got %+v, want %q in it", faults, detail)
	}
}

func TestOnlyWhatCannotWorkIsFatal(t *testing.T) {
	for key, want := range map[string]bool{
		live + "\n":               false,
		"Bearer " + live:          false,
		"Bearer Bearer " + live:   true,
		`"` + live + `"`:          true,
		"undefined":               true,
		live[:5] + " " + live[5:]: true,
	} {
		fatal := false
		for _, f := range credential.Read(key, credential.Expected{}) {
			fatal = fatal || f.Fatal
		}
		if fatal != want {
			t.Errorf("%q: got fatal %t, want %t", key, fatal, want)
		}
	}
}

func TestAKeyIsShownByItsEnds(t *testing.T) {
	for key, want := range map[string]string{
		live:                       "sk_l…p7dc (32 characters)",
		"":                         "a key of 0 characters",
		"hunter2":                  "a key of 7 characters",
		"fifteen-letters":          "a key of 15 characters",
		"\n\x1b[3" + live + "\n":   "??[3…7dc? (37 characters)",
		"\u202e" + live + "аа":     "?sk_…dcаа (35 characters)",
		strings.Repeat("é", 16):    "éééé…éééé (16 characters)",
		"\xff\xff" + live + "\xff": "\ufffd\ufffdsk…7dc\ufffd (35 characters)",
	} {
		if got := credential.Describe(key); got != want {
			t.Errorf("%q: got %q, want %q", key, got, want)
		}
	}
	if got := credential.Trim(" \n" + live + "\r\n"); got != live {
		t.Errorf("got %q", got)
	}
}

func FuzzRead(f *testing.F) {
	for _, r := range readings {
		f.Add(r.key, "^sk_live_[a-z]{24}$")
	}
	f.Add(claims(`{"exp":1,"nbf":9e9,"iat":9e9,"aud":["a"],"alg":1}`), "")
	f.Fuzz(func(t *testing.T, key, pattern string) {
		p, err := regexp.Compile(pattern)
		if err != nil {
			p = nil
		}
		shown := credential.Describe(key)
		for _, f := range credential.Read(key, credential.Expected{Pattern: p, Now: now, Audience: "a"}) {
			if f.Kind == "" || f.Detail == "" || strings.ContainsAny(f.Detail, "\n\r\t") || !utf8.ValidString(f.Detail) {
				t.Errorf("%q: got %+v", key, f)
			}
			if f.Kind != credential.Audience {
				shown += " " + f.Detail
			}
		}
		runes := []rune(key)
		for i := 0; i+5 <= len(runes); i++ {
			if piece := string(runes[i : i+5]); strings.Contains(shown, piece) && !wording.MatchString(piece) && !strings.ContainsAny(piece, " ?…(") {
				t.Errorf("%q: %q is shown in %q", key, piece, shown)
			}
		}
	})
}

// wording are pieces that the details have of themselves: of their words and
// their numbers, and of the names of headers.
var wording = regexp.MustCompile(`^[ A-Za-z,:'+()-]*[0-9A-F]{0,5}[ a-z:-]*$`)
