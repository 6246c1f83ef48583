package credential

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// A form is a way of writing credentials that is told by a word. What follows
// on the word must match; the first group is the secret. The text is read in
// lower case.
type form struct {
	name  string
	words []string
	rest  *regexp.Regexp
	how   certainty
}

var forms = []form{
	{"webhook URL", []string{"hooks.slack.com/", "hooks.slack-gov.com/", "webhook.office.com/webhookb2/", "outlook.office.com/webhook/", "api.telegram.org/bot", "hooks.zapier.com/hooks/catch/"}, path, sure},
	{"webhook URL", []string{"discord.com/api/", "discordapp.com/api/"}, regexp.MustCompile(`^(?:v\d+/)?webhooks/([^\s"'<>|` + "`" + `]+)`), sure},
	{"password in a URL", []string{"://"}, regexp.MustCompile(`^[^\s/?#"'<>:@]*:([^\s/?#"'<>` + "`" + `]+)@`), sure},
	// What follows the colon is no port: a password that was cut off.
	{"password in a URL", []string{"://"}, regexp.MustCompile(`^[^\s/?#"'<>:@\[]+:([a-z0-9!*_~+-][a-z0-9!*_~+$-]*)(?:$|[\s/"'])`), spoken},
	{"key in a URL", []string{"://"}, regexp.MustCompile(`^([^\s/?#"'<>:@]{8,}):?@`), loose},
	// Passwords of databases are pasted with signs that a URL should not have.
	{"password in a URL", []string{"sql://", "postgres://", "mariadb://", "sqlserver://", "mongodb://", "srv://", "redis://", "rediss://", "amqp://", "amqps://", "ftp://", "ftps://", "ldap://", "ldaps://", "smtp://",
		"psycopg2://", "psycopg://", "asyncpg://", "pymysql://", "mysqldb://"}, regexp.MustCompile(`^[^\s"'<>:@]*:([^\s"'<>` + "`" + `]+)@`), sure},
	{"password", curlUser, regexp.MustCompile(`^[\s=]{0,3}["'][^:"'/]{0,64}:([^\n"']+)`), sure},
	{"password", curlUser, regexp.MustCompile(`^[\s=]{0,3}[^\s:"'/]{0,64}:([^\s"']+)`), sure},
	{"password", []string{"login"}, regexp.MustCompile(`^\s+\S+\s+password\s+(\S+)`), sure},
	{"password", []string{"mysql ", "mysqldump ", "sshpass ", "redis-cli "}, regexp.MustCompile(`^[^\n|]{0,80}?-[pa]\s?["']?([^\s"'-][^\s"']{3,})`), loose},
	{"signed URL", []string{"x-amz-signature=", "x-amz-credential=", "x-amz-security-token=", "x-goog-signature=", "x-goog-credential=", "?sig=", "&sig="}, regexp.MustCompile(`^([^\s&"'<>|]+)`), sure},
	{"code in a URL", []string{"?code=", "&code="}, regexp.MustCompile(`^([^\s&"'<>|]{12,})`), spoken},
}

// curlUser are the options with which curl takes a user and a password.
var curlUser = []string{" -u", "\n-u", "\t-u", "--user", "--proxy-user"}

var path = regexp.MustCompile(`^([^\s"'<>|` + "`" + `]+)`)

// forms finds the credentials that a word before them tells.
func (s *scan) forms() {
	low := s.view.lower
	for i := range forms {
		f := &forms[i]
		for _, end := range occurrences(low, f.words...) {
			if m := f.rest.FindStringSubmatchIndex(line(low, end)); m != nil {
				s.value(end+m[2], end+m[3], f.how, f.name)
			}
		}
	}
}

// hidden is how people say which key they mean without showing it.
var hidden = regexp.MustCompile(`^s?(?:\s+[a-z]+){0,2}?\s+(?:ending|ends|ended)\s+(?:in|with|on)\s+["'` + "`" + `….*]*([a-z0-9]{2,6})\b`)

// standing are placeholders that are told without their surroundings.
var standing = regexp.MustCompile(`\b(?:your|my|insert|replace)(?:[-_][a-z]+){0,3}[-_](?:key|token|secret|password)\b|<[a-z _-]{0,24}(?:key|token|secret|password)[a-z _-]{0,8}>` +
	`|\$\{?(?:env:)?[a-z_]*(?:key|token|secret|password)\b\}?|\{\{ ?[a-z_.-]*(?:key|token|secret|password) ?\}\}|%[a-z_]*(?:key|token|secret|password)%|process\.env\.[a-z_]*(?:key|token|secret|password)`)

// stoodIn finds placeholders and hidden keys wherever the name of a credential
// is, which the span is.
func (s *scan) stoodIn(start, end int) {
	low := s.view.lower
	if rest := near(low, end); strings.Contains(rest, " end") {
		if m := hidden.FindStringSubmatchIndex(rest); m != nil && strings.ContainsAny(rest[m[2]:m[3]], "0123456789") {
			s.add(Finding{Masked, "masked key", s.view.text[end+m[2] : end+m[3]]})
		}
	}
	from := max(0, start-32)
	around := low[from:min(len(low), end+10)]
	if !strings.ContainsAny(around, "_-<$%{.") {
		return
	}
	for _, m := range standing.FindAllStringIndex(around, -1) {
		word := s.view.text[from+m[0] : from+m[1]]
		name := placeholder(word)
		if name == "" {
			name = stand
		}
		s.add(Finding{Placeholder, name, word})
	}
}

// basic reports whether a run is base64 of a user and a password.
func basic(run string) bool {
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(run, "="))
	if err != nil || !strings.Contains(string(plain), ":") {
		return false
	}
	for _, c := range plain {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	user, password, _ := strings.Cut(string(plain), ":")
	return len(user) >= 2 && len(password) >= 3
}

func containsAny(text string, keys []string) bool {
	for _, k := range keys {
		if strings.Contains(text, k) {
			return true
		}
	}
	return false
}
