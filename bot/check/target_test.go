package check

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// authorityFile writes a certificate of an authority and returns the file.
func authorityFile(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

var comparePatterns = cmp.Comparer(func(a, b *regexp.Regexp) bool {
	return (a == nil) == (b == nil) && (a == nil || a.String() == b.String())
})

func TestTargetsAreReadFromJSONAndFromAFile(t *testing.T) {
	file := authorityFile(t)
	setting := ` [
	{"name":"production","url":"https://api.example.com/v1/me","method":"GET","header":{"authorization":"Bearer {key}","X-Tenant":"t1"},
	 "expect":[200,204],"key_pattern":"^sk_live_","ca_file":"` + file + `","allow_private":false,"audience":"api"},
	{"name":"lab","url":"http://127.0.0.1:8080/","method":"HEAD","allow_private":true},
	{"name":"v6","url":"https://[2606:4700::1111]:8443/x?y=z"}]`
	want := []Target{
		{Name: "production", URL: "https://api.example.com/v1/me", Method: "GET", Expect: []int{200, 204},
			Header:     map[string]string{"Authorization": "Bearer {key}", "X-Tenant": "t1"},
			KeyPattern: regexp.MustCompile("^sk_live_"), CAFile: file, Audience: "api"},
		{Name: "lab", URL: "http://127.0.0.1:8080/", Method: "HEAD", Expect: []int{200}, AllowPrivate: true},
		{Name: "v6", URL: "https://[2606:4700::1111]:8443/x?y=z", Method: "GET", Expect: []int{200}},
	}
	for name, value := range map[string]string{"JSON": setting, "a file": writeFile(t, "targets.json", setting)} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseTargets(value)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, comparePatterns); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsNoListOfTargetsIsRefused(t *testing.T) {
	tests := []struct{ name, setting, want string }{
		{"nothing", " ", "is empty; give"},
		{"an empty list", "[]", "list of targets is empty"},
		{"an object", `{"name":"a"}`, "must be a JSON list"},
		{"a list of texts", `["https://api.example.com"]`, "target 1: must be an object"},
		{"null in the list", `[null]`, "target 1: must be an object"},
		{"a comma too many", "[\n {\"name\": \"a\",}\n]", "line 2, column 15"},
		{"an end that is missing", `[{"name":"a"`, "line 1, column"},
		{"two lists", `[] []`, "line 1, column 4"},
		{"an object that begins with its name", `"name": "a"`, "is no JSON"},
		{"no file", "/nowhere/targets.json", "no such file"},
		{"a folder", t.TempDir(), "name a file that the bot can read"},
		{"a file with no JSON", writeFile(t, "a.json", "name: a"), "is no JSON"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseTargets(tt.setting)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

// A fault is a target's members besides its name, and part of what they are told.
type fault struct{ name, members, want string }

func urlFaults() []fault {
	return []fault{
		{"no URL", `"method":"GET"`, "has no url"},
		{"a URL that is a number", `"url":5`, `"url" must be text`},
		{"a broken URL", `"url":"https://api.example.com:port/"`, "is no URL"},
		{"another scheme", `"url":"ftp://api.example.com"`, "must begin with https://"},
		{"no scheme", `"url":"api.example.com/v1"`, "must begin with https://"},
		{"no host", `"url":"https:///v1"`, "has no host"},
		{"a port only", `"url":"https://:443"`, "has no host"},
		{"a user", `"url":"https://me:pass@api.example.com"`, "user name or password"},
		{"a fragment", `"url":"https://api.example.com/#top"`, "part after a #"},
		{"an empty fragment", `"url":"https://api.example.com/#"`, "part after a #"},
		{"port 0", `"url":"https://api.example.com:0"`, "not from 1 to 65535"},
		{"port 65536", `"url":"https://api.example.com:65536"`, "not from 1 to 65535"},
		{"a key in the path", `"url":"https://api.example.com/{key}/me"`, "never stands in a URL"},
		{"a key in the query", `"url":"https://api.example.com/?api_key={key}"`, "never stands in a URL"},
		{"an encoded key", `"url":"https://api.example.com/?k=%7Bkey%7d"`, "never stands in a URL"},
		{"a key in another spelling", `"url":"https://api.example.com/?k=${API_KEY}"`, "never stands in a URL"},
		{"an internal address", `"url":"https://10.0.0.1"`, `no public address (private use); if the bot may connect to it, set "allow_private": true`},
		{"an internal name", `"url":"https://localhost"`, `is internal; if the bot may connect to it, set "allow_private": true`},
		{"a short address", `"url":"https://127.1","allow_private":true`, "unusual spelling; write it in full"},
		{"a mapped address", `"url":"https://[::ffff:127.0.0.1]","allow_private":true`, "write 127.0.0.1"},
	}
}

func memberFaults(t *testing.T) []fault {
	const url = `"url":"https://api.example.com"`
	empty, noCertificate := writeFile(t, "empty.pem", ""), writeFile(t, "key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
	return []fault{
		{"an unknown member", url + `,"headers":{}`, `"headers" is unknown; a target has name, url`},
		{"a member twice", url + `,` + url, `"url" is there twice`},
		{"another method", url + `,"method":"POST"`, `must be "GET" or "HEAD"`},
		{"a method in small letters", url + `,"method":"get"`, `must be "GET" or "HEAD"`},
		{"no method", url + `,"method":""`, `must be "GET" or "HEAD"`},
		{"a header that is a list", url + `,"header":["a"]`, `"header" must be an object`},
		{"a header that is a number", url + `,"header":{"X-A":5}`, `"X-A" must be text`},
		{"a header name with a space", url + `,"header":{"X A":"b"}`, "is no name of a header"},
		{"a header name with a line break", url + `,"header":{"X-A\r\nX-B":"b"}`, "is no name of a header"},
		{"an empty header name", url + `,"header":{"":"b"}`, "is no name of a header"},
		{"a header twice", url + `,"header":{"x-a":"1","X-A":"2"}`, `"X-A" is there twice`},
		{"a host header", url + `,"header":{"host":"internal"}`, `"Host" is the connection's own`},
		{"a length header", url + `,"header":{"content-length":"5"}`, "is the connection's own"},
		{"a proxy header", url + `,"header":{"Proxy-Authorization":"{key}"}`, "is the connection's own"},
		{"an empty value", url + `,"header":{"X-A":" "}`, "has no value"},
		{"a value with a line break", url + `,"header":{"X-A":"a\r\nX-B: b"}`, "line break"},
		{"a value with a zero", url + `,"header":{"X-A":"a\u0000"}`, "control character"},
		{"a value outside of ASCII", url + `,"header":{"X-A":"schlüssel"}`, "outside of ASCII"},
		{"a value that ends in a line break", url + `,"header":{"X-A":"{key}\n"}`, "begins or ends in a space"},
		{"a key in capitals", url + `,"header":{"X-A":"{KEY}"}`, "write {key} exactly"},
		{"a key with spaces", url + `,"header":{"X-A":"{ key }"}`, "write {key} exactly"},
		{"a key in double braces", url + `,"header":{"X-A":"Bearer {{key}}"}`, "write {key} exactly"},
		{"a key of a shell", url + `,"header":{"X-A":"Bearer ${key}"}`, "write {key} exactly"},
		{"a status too low", url + `,"expect":[99]`, "99 is no status"},
		{"a status too high", url + `,"expect":[200,600]`, "600 is no status"},
		{"a status that is text", url + `,"expect":["200"]`, "list of whole numbers"},
		{"a bad pattern", url + `,"key_pattern":"sk_("`, `"key_pattern": error parsing regexp`},
		{"a pattern, but no key", url + `,"key_pattern":"^sk_"`, "no header has {key}"},
		{"an audience, but no key", url + `,"audience":"api"`, "no header has {key}"},
		{"no such file", url + `,"ca_file":"/nowhere/ca.pem"`, `"ca_file": open /nowhere/ca.pem`},
		{"an empty file", url + `,"ca_file":"` + empty + `"`, "has no certificate"},
		{"a file with a key", url + `,"ca_file":"` + noCertificate + `"`, "has no certificate"},
		{"a truth that is text", url + `,"allow_private":"yes"`, "must be true or false"},
	}
}

func TestEachFaultOfATargetIsToldWithWhatToDo(t *testing.T) {
	for _, tt := range append(urlFaults(), memberFaults(t)...) {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseTargets(`[{"name":"eu 1%d","url":"https://a.example"},{"name":"production",` + tt.members + `}]`)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q in it", err, tt.want)
			}
			for i, fault := range strings.Split(err.Error(), "\n") {
				about := `check: target "production": `
				if i == 0 {
					about = `check: target "eu 1%d": a name has at most 64 letters`
				}
				if !strings.HasPrefix(fault, about) {
					t.Errorf("got %q, want it to begin with %q", fault, about)
				}
			}
		})
	}
}

func TestNamesAreUniqueAndFitForCommandsAndMetrics(t *testing.T) {
	for _, names := range [][]string{{""}, {"-a"}, {"a b"}, {"ä"}, {"a\n"}, {"<!channel>"}, {"@everyone"}, {strings.Repeat("a", 65)}, {"a", "a"}, {"EU", "eu"}} {
		var objects []string
		for _, name := range names {
			objects = append(objects, `{"name":`+quoted(t, name)+`,"url":"https://api.example.com"}`)
		}
		if _, err := ParseTargets("[" + strings.Join(objects, ",") + "]"); err == nil {
			t.Errorf("took %q", names)
		}
	}
	if _, err := ParseTargets(`[{"name":"` + strings.Repeat("a", 64) + `","url":"https://api.example.com"},{"name":"eu-1.x_y","url":"https://api.example.com"}]`); err != nil {
		t.Error(err)
	}
}

func TestAllFaultsAreToldAtOnceAndNoneQuotesASecret(t *testing.T) {
	setting := `[
	{"name":"a","url":"https://user:SECRET1@[::1]:99999/SECRET2?token=SECRET3#SECRET4","method":"SECRET5","header":{"X-A":"SECRET6\n","X-A ":"SECRET7","x-a":"SECRET8"},"expect":[1,2]},
	{"name":"a","header":{"Authorization":["SECRET9"],"X-B":"SECRET10 {Key} é"},"key_pattern":"[","nope":"SECRET11"},
	{"header":"SECRET12","url":"https://%SECRET13@x","allow_private":"SECRET14","expect":"SECRET15"},
	"SECRET16"]`
	_, err := ParseTargets(setting)
	if err == nil {
		t.Fatal("took it")
	}
	if strings.Contains(err.Error(), "SECRET") {
		t.Errorf("quotes a secret:\n%v", err)
	}
	if got := len(strings.Split(err.Error(), "\n")); got < 20 {
		t.Errorf("got %d faults, want 20:\n%v", got, err)
	}
	for _, broken := range []string{`[{"header":{"X":"SECRET"}`, `[{"name":SECRET}]`, `{"header": "SECRET`, "\"SECRET", "[SECRET"} {
		if _, err := ParseTargets(broken); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: got %v", broken, err)
		}
	}
}

func quoted(t *testing.T, text string) string {
	t.Helper()
	return strings.ReplaceAll(`"`+strings.ReplaceAll(text, `"`, `\"`)+`"`, "\n", `\n`)
}

// FuzzParseTargets holds that what was read is fit for use, whatever the text.
func FuzzParseTargets(f *testing.F) {
	f.Add(`[{"name":"a","url":"https://api.example.com/v1/me","method":"GET","header":{"Authorization":"Bearer {key}"},"expect":[200],"key_pattern":"^sk_","allow_private":true}]`)
	f.Add(`[{"name":"a","name":"b"}]`)
	f.Add(`[{"header":{"a":{"b":[]}}}]`)
	f.Fuzz(func(t *testing.T, setting string) {
		if !strings.HasPrefix(strings.TrimSpace(setting), "[") || strings.Contains(setting, "ca_file") {
			return // a file of the machine
		}
		targets, err := ParseTargets(setting)
		if (err == nil) != (len(targets) > 0) {
			t.Fatalf("got %d targets, %v", len(targets), err)
		}
		for _, target := range targets {
			if !targetName.MatchString(target.Name) || len(target.Expect) == 0 || target.Method != "GET" && target.Method != "HEAD" {
				t.Fatalf("took %+v", target)
			}
			for name, value := range target.Header {
				if strings.ContainsAny(name+value, "\r\n\x00") {
					t.Fatalf("took header %q", name)
				}
			}
			if !target.AllowPrivate {
				judgeAccepted(t, target)
			}
		}
	})
}
