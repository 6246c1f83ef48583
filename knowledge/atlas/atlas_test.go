package atlas

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// filled returns what a client prints for a row.
func filled(pattern string) string {
	return strings.NewReplacer("{n}", "30012", "*", "https://api.example.com:443/v1/me").Replace(pattern)
}

func TestEveryRowIsFoundInWhateverItIsPastedInto(t *testing.T) {
	sentence := func(s string) string { return "since monday we see: " + s + " any idea?" }
	forms := []struct {
		name string
		wrap func(string) string
		raw  bool // raw rows stand it too
	}{
		{"alone", func(s string) string { return s }, true},
		{"in a sentence", sentence, true},
		{"upper case", strings.ToUpper, false},
		{"lower case", strings.ToLower, false},
		{"escaped", func(s string) string { return escaped(t, sentence(s)) }, true},
		{"escaped twice", func(s string) string { return escaped(t, escaped(t, sentence(s))) }, true},
		{"quoted on two lines", func(s string) string { return "> " + strings.Replace(s, " ", "\n> ", 1) }, false},
		{"coloured", func(s string) string { return "\x1b[1;31m" + s + "\x1b[0m" }, true},
		{"smart quotes", func(s string) string { return "“" + strings.ReplaceAll(s, "'", "’") + "”" }, true},
		{"as code after a log prefix", func(s string) string { return "2025-01-01T00:00:00Z ERROR [x] `" + s + "`" }, true},
		{"entities", strings.NewReplacer("<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&quot;").Replace, true},
	}
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			for _, r := range Rows() {
				if isRaw(r.Pattern) && !f.raw {
					continue
				}
				if text := f.wrap(filled(r.Pattern)); !found(text, r.Concept) {
					t.Errorf("line %d, %q: not found in %q, which has %v", r.Line, r.Pattern, text, patterns(Find(text)))
				}
			}
		})
	}
}

func escaped(t *testing.T, s string) string {
	b, err := json.Marshal(map[string]string{"error": s})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func found(text, concept string) bool {
	return slices.ContainsFunc(Find(text), func(h Hit) bool { return h.Row.Concept == concept })
}

func patterns(hits []Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.Row.Pattern)
	}
	return out
}

func TestTheTableIsSound(t *testing.T) {
	seen, used := map[string]bool{}, map[string]bool{}
	for _, r := range Rows() {
		if seen[r.Pattern] {
			t.Errorf("line %d: pattern %q twice", r.Line, r.Pattern)
		}
		if !slices.Contains(Concepts(), r.Concept) {
			t.Errorf("line %d: unknown concept %q", r.Line, r.Concept)
		}
		if r.Client == "" || r.Meaning == "" || strings.Trim(r.Pattern, " *") != r.Pattern || strings.Count(r.Pattern, "*") > 1 {
			t.Errorf("line %d: malformed row %+v", r.Line, r)
		}
		seen[r.Pattern], used[r.Concept] = true, true
	}
	if got, want := len(Rows()), strings.Count(atlasTSV, "\n")-1; got != want {
		t.Errorf("%d rows are read, of %d", got, want)
	}
	wordless := []string{"account", "billing", "webhook"} // no client has an error of its own for them
	for _, c := range Concepts() {
		if used[c] == slices.Contains(wordless, c) {
			t.Errorf("concept %q: has rows is %v", c, used[c])
		}
	}
	for p := range wrappers() {
		if !seen[p] {
			t.Errorf("wrapper %q is no row", p)
		}
	}
}

func TestEveryEnglishWordOfAPatternIsClassified(t *testing.T) {
	text, err := os.ReadFile("../words/english.txt")
	if err != nil {
		t.Fatal(err)
	}
	english, listed := map[string]bool{}, map[string]bool{}
	for w := range strings.Lines(string(text)) {
		english[strings.TrimSpace(w)] = true
	}
	for line := range strings.Lines(wordsTSV) {
		w, kind, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if listed[w] || !slices.Contains([]string{"technical", "ordinary", "filler"}, kind) {
			t.Errorf("words.tsv: %q", line)
		}
		listed[w] = true
	}
	for _, r := range Rows() {
		for _, w := range wordsOf(r.Pattern) {
			if english[w] && !listed[w] && len(w) > 1 {
				t.Errorf("line %d: is %q ordinary, a filler or technical? Say so in words.tsv", r.Line, w)
			}
		}
	}
}

func wordsOf(pattern string) []string {
	f := folder{text: pattern}
	f.fold()
	var out []string
	for _, c := range f.cells {
		if c.edge != 0 {
			out = append(out, "")
		}
		out[len(out)-1] += string(rune(c.c))
	}
	return out
}

func TestHits(t *testing.T) {
	type want struct {
		pattern string
		text    string
		strong  int
	}
	tests := []struct {
		name, text string
		want       []want
	}{
		{"nothing", "", nil},
		{"an identifier", "we get ECONNREFUSED a lot", []want{{"ECONNREFUSED", "ECONNREFUSED", 100}}},
		{"its plural", "two ECONNRESETs", []want{{"ECONNRESET", "ECONNRESET", 100}}},
		{"an identifier in other words", "it says cert has expired", []want{{"CERT_HAS_EXPIRED", "cert has expired", 100}}},
		{"another case", "certHasExpired", []want{{"CERT_HAS_EXPIRED", "certHasExpired", 100}}},
		{"ordinary words", "Access denied", []want{{"access_denied", "Access denied", 35}}},
		{"an ordinary identifier", "error: access_denied", []want{{"access_denied", "access_denied", 100}}},
		{"not inside a word", "ModuleNotFoundError, FileNotFoundError, XECONNREFUSEDX", nil},
		{"curl's code, not its version", "curl 7.68.0 says curl: (7)", []want{{"curl: (7)", "curl: (7)", 100}}},
		{"a whole number", "Error 5220", nil},
		{"a number", "timeout of 30,000ms exceeded", []want{{"timeout of {n}ms exceeded", "timeout of 30,000ms exceeded", 100}}},
		{"a gap", "Failed to connect to [2001:db8::1] port 443", []want{{"Failed to connect to * port", "Failed to connect to [2001:db8::1] port", 100}}},
		{"a gap of six words", "Hostname a b c d e f not verified", []want{{"Hostname * not verified", "Hostname a b c d e f not verified", 100}}},
		{"a gap of seven words", "Hostname a b c d e f g not verified", nil},
		{"a program's spelling", "code = Unavailable", []want{{"code = Unavailable", "code = Unavailable", 100}}},
		{"the same as words", "code unavailable", []want{{"code = Unavailable", "code unavailable", 35}}},
		{"within a longer one of its concept", "getaddrinfo ENOTFOUND", []want{{"getaddrinfo ENOTFOUND", "getaddrinfo ENOTFOUND", 100}}},
		{"zero width inside", "ECONN\u200bRE\u00adFUSED", []want{{"ECONNREFUSED", "ECONN\u200bRE\u00adFUSED", 100}}},
		{"an escaped line break", `failed:\nsocket hang up\\nbroken pipe`, []want{{"socket hang up", "socket hang up", 100}, {"Broken pipe", "broken pipe", 35}}},
		{"a weak one within a longer one", "503 Service Unavailable", []want{{"503 Service Unavailable", "503 Service Unavailable", 100}}},
		{"a word that goes on behind zero width", "X\u200bECONNREFUSED", nil},
		{"an ordinary word and a technical one", "Token expired", []want{{"Token expired", "Token expired", 60}}},
		{"raw sentences in another case", "giving up. cannot get / curl: (7x", nil},
		{"a colour inside", "ECONN\x1b[31mREFUSED \u200b", []want{{"ECONNREFUSED", "ECONN\x1b[31mREFUSED", 100}}},
		{"an atom", "{:error, :closed}", []want{{":closed", ":closed", 100}}},
		{"an emoji", "the shop is :closed: today", nil},
		{"a symbol in running text", "validates :closed", []want{{":closed", ":closed", 35}}},
		{"no pattern across frames", "x certificate\n\tat a.b.C.d(C.java:12)\nhas expired", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []want
			for _, h := range Find(tt.text) {
				got = append(got, want{h.Row.Pattern, tt.text[h.Start:h.End], h.Strong})
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAWrapperIsMarkedAndItsCauseIsNot(t *testing.T) {
	tests := []struct{ text, cause string }{
		{"TypeError: fetch failed\n  [cause]: Error: connect ECONNREFUSED 127.0.0.1:443", "net.refused"},
		{"requests.exceptions.SSLError: HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: / (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1007)')))", "tls.expired"},
		{"curl: (60) SSL certificate problem: unable to get local issuer certificate", "tls.untrusted"},
		{"javax.net.ssl.SSLHandshakeException: PKIX path building failed", "tls.untrusted"},
		{`Get "https://x/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid`, "tls.expired"},
		{"AxiosError: Network Error has been blocked by CORS policy", "browser.cors"},
	}
	for _, tt := range tests {
		hits := slices.DeleteFunc(Find(tt.text), func(h Hit) bool { return h.Wrapper })
		if len(hits) == 0 || hits[len(hits)-1].Row.Concept != tt.cause {
			t.Errorf("%.60q: the cause is %v, want %s", tt.text, patterns(hits), tt.cause)
		}
	}
}

func TestExactMeansSpeltAsInTheRow(t *testing.T) {
	for text, want := range map[string]bool{
		"ECONNREFUSED": true, "econnrefused": false, "CONNECTION RESET BY PEER": true,
		"Failed to connect to api.example.com port": false, "timeout of 5ms exceeded": true,
	} {
		hits := Find(text)
		if len(hits) == 0 || hits[0].Exact != want {
			t.Errorf("%q: got %v, want exact %v", text, hits, want)
		}
	}
}

func TestALongTextIsReadAtBothEnds(t *testing.T) {
	pad := strings.Repeat("lorem ", 5000)
	text := "ETIMEDOUT " + pad + "ENOTFOUND " + pad + " ECONNRESET"
	hits := Find(text)
	if got, want := patterns(hits), []string{"ETIMEDOUT", "ECONNRESET"}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	if h := hits[1]; text[h.Start:h.End] != "ECONNRESET" {
		t.Errorf("the last hit is at %q", text[h.Start:h.End])
	}
}
