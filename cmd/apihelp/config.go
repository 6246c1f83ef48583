package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kelseyhightower/envconfig"

	"apihelp/bot/check"
	"apihelp/bot/check/credential"
)

// Config is everything that can be set, all of it by the environment.
// [envconfig] reads each setting under its name with the prefix APIHELP_, and
// those that have a conventional name of their own under that as well.
type Config struct {
	// RedisURL is where conversations are kept; empty for a Redis in this
	// process. It may contain a password.
	RedisURL string `envconfig:"REDIS_URL" secret:"true"`

	// Guide is a Markdown file or a folder of them; empty for the embedded
	// guide.
	Guide string

	// SlackBotToken is for one workspace, SlackClientID and SlackClientSecret
	// for an app that many install. SlackAppToken is for Socket Mode,
	// SlackSigningSecret for HTTP.
	SlackBotToken      string `envconfig:"SLACK_BOT_TOKEN" secret:"true"`
	SlackAppToken      string `envconfig:"SLACK_APP_TOKEN" secret:"true"`
	SlackSigningSecret string `envconfig:"SLACK_SIGNING_SECRET" secret:"true"`
	SlackClientID      string `envconfig:"SLACK_CLIENT_ID"`
	SlackClientSecret  string `envconfig:"SLACK_CLIENT_SECRET" secret:"true"`

	// SlackThreads asks workspaces that install the app for the scopes to go on
	// in threads without a mention.
	SlackThreads bool `split_words:"true"`

	// SlackAPIURL is the base of Slack's Web API with a slash at its end, for
	// GovSlack or a test server; empty for Slack's own.
	SlackAPIURL string `envconfig:"SLACK_API_URL"`

	// DiscordBotToken is the bot's token, DiscordPublicKey the application's key
	// for interactions over HTTP, DiscordForums the IDs of the forum channels whose
	// posts are answered unmentioned.
	DiscordBotToken  string   `envconfig:"DISCORD_BOT_TOKEN" secret:"true"`
	DiscordPublicKey string   `envconfig:"DISCORD_PUBLIC_KEY"`
	DiscordForums    []string `envconfig:"DISCORD_FORUMS"`

	// DiscordKeyForms are the IDs of the servers in which a form may ask for a test
	// key, "dm" for direct messages.
	DiscordKeyForms snowflakes `envconfig:"DISCORD_KEY_FORMS"`

	// DiscordAPIURL is the origin of Discord's API, for a test server; empty for
	// Discord's own.
	DiscordAPIURL string `envconfig:"DISCORD_API_URL"`

	// EncryptionKeys seal the tokens of workspaces that installed the app: the
	// first seals, all open.
	EncryptionKeys string `split_words:"true" secret:"true"`

	// Handoff is who is told when a person should take over, and HandoffWait how
	// long they have to react before they and the asker are told again.
	Handoff     handoff     `masked:"true"`
	HandoffWait handoffTime `split_words:"true" default:"30m"`

	// CheckTargets are the environments of the API that live checks may test:
	// JSON, or a file with it.
	CheckTargets checkTargets `split_words:"true"`

	// StatusURL is the summary.json of the API's status page.
	StatusURL statusPage `split_words:"true"`

	// APIKey is the key that the command check tests.
	APIKey string `split_words:"true" secret:"true"`

	// KeyPatterns are what the company's own keys look like, so that they are
	// taken out of all text: prefixes such as acme_live_, or patterns between
	// slashes, separated by commas.
	KeyPatterns keyPatterns `split_words:"true"`

	// PublicURL is where people reach the HTTP server.
	PublicURL string `split_words:"true"`

	// HTTPAddr is where the HTTP server listens.
	HTTPAddr address `split_words:"true" default:"127.0.0.1:8080"`

	// SessionTTL is how long a conversation may be idle before it is over.
	SessionTTL idleTime `split_words:"true" default:"24h"`

	// LogLevel is debug, info, warn or error.
	LogLevel logLevel `split_words:"true" default:"info"`
}

// prefix is that of our own settings.
const prefix = "APIHELP"

// loadConfig reads the environment. It reports all faults at once, as one
// [usageError], each with what to do.
func loadConfig() (Config, error) {
	var c Config
	var faults []error
	fields := reflect.ValueOf(&c).Elem()
	names := []string{}
	for i := range fields.NumField() {
		field := fields.Type().Field(i)
		known := settingNames(field)
		names = append(names, known...)
		faults = append(faults, readSetting(fields.Field(i), field, known))
	}
	faults = append(faults, unknownSettings(names)...)
	if err := errors.Join(faults...); err != nil {
		return c, &usageError{fmt.Errorf("the configuration has faults:\n%w", err)}
	}
	return c, nil
}

// settingNames returns the variables that a field can be set by.
func settingNames(field reflect.StructField) []string {
	names := []string{prefix + "_" + snake(field.Name)}
	if bare := field.Tag.Get("envconfig"); bare != "" {
		names = []string{prefix + "_" + bare, bare}
	}
	if field.Tag.Get("secret") == "true" {
		for _, n := range slices.Clone(names) {
			names = append(names, n+"_FILE")
		}
	}
	return names
}

// readSetting reads one field, on its own so that its fault hides no other.
func readSetting(value reflect.Value, field reflect.StructField, names []string) error {
	for _, name := range names {
		if v, ok := os.LookupEnv(name); ok && v == "" {
			os.Unsetenv(name) // set to nothing is how shells and compose files leave a setting out
		}
	}
	one := reflect.New(reflect.StructOf([]reflect.StructField{field}))
	if err := envconfig.Process(prefix, one.Interface()); err != nil {
		p, ok := errors.AsType[*envconfig.ParseError](err)
		switch {
		case ok && field.Tag.Get("masked") == "true": // a part of it is secret
			return fmt.Errorf("  %s: %w", p.KeyName, p.Err)
		case ok:
			return fmt.Errorf("  %s: %q: %w", p.KeyName, p.Value, p.Err)
		}
		return fmt.Errorf("  %s: %w", names[0], err)
	}
	value.Set(one.Elem().Field(0))
	if field.Tag.Get("secret") == "true" {
		return readSecretFile(value, names)
	}
	return nil
}

// readSecretFile fills a secret from the file that its _FILE variable names.
func readSecretFile(value reflect.Value, names []string) error {
	for _, name := range names {
		path := os.Getenv(name)
		if !strings.HasSuffix(name, "_FILE") || path == "" {
			continue
		}
		if value.String() != "" {
			return fmt.Errorf("  %s: %s is set as well; unset one of them", name, strings.TrimSuffix(name, "_FILE"))
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("  %s: %w; name a file that this process can read", name, err)
		}
		value.SetString(strings.TrimSpace(string(data)))
	}
	return nil
}

// unknownSettings finds variables with our prefix that set nothing, such as a
// misspelt one. Those of the tests are not ours to judge.
func unknownSettings(names []string) []error {
	var faults []error
	for _, env := range os.Environ() {
		name, value, _ := strings.Cut(env, "=")
		if value == "" || !strings.HasPrefix(name, prefix+"_") || strings.HasPrefix(name, prefix+"_TEST_") || slices.Contains(names, name) {
			continue
		}
		faults = append(faults, fmt.Errorf("  %s: no such setting; the settings are %s", name, strings.Join(names, ", ")))
	}
	return faults
}

// snake is the form that envconfig gives a field's name with split_words.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		upper := r >= 'A' && r <= 'Z'
		next := i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z'
		if before := i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z'; upper && i > 0 && (before || next) {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}

// idleTime is a time to live of a minute at least.
type idleTime time.Duration

// Decode implements [envconfig.Decoder].
func (t *idleTime) Decode(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil || d < time.Minute {
		return errors.New("write a duration of a minute or more, such as 24h or 90m")
	}
	*t = idleTime(d)
	return nil
}

// snowflakes are IDs of Discord's, or "dm".
type snowflakes []string

// Decode implements [envconfig.Decoder].
func (f *snowflakes) Decode(s string) error {
	*f = nil
	for id := range strings.SplitSeq(s, ",") {
		id = strings.TrimSpace(id)
		if _, err := strconv.ParseUint(id, 10, 64); err != nil && id != "dm" {
			return errors.New("write the IDs of servers, which are numbers, and dm for direct messages, with commas between them")
		}
		*f = append(*f, id)
	}
	return nil
}

// checkTargets are those of the live checks.
type checkTargets []check.Target

// Decode implements [envconfig.Decoder].
func (c *checkTargets) Decode(s string) error {
	targets, err := check.ParseTargets(s)
	*c = targets
	return err
}

// statusPage is that of the API.
type statusPage struct{ *check.StatusPage }

// Decode implements [envconfig.Decoder].
func (p *statusPage) Decode(s string) error {
	page, err := check.ParseStatusPage(s)
	p.StatusPage = page
	return err
}

// keyPatterns are those of the company's own keys.
type keyPatterns []*regexp.Regexp

// Decode implements [envconfig.Decoder].
func (k *keyPatterns) Decode(s string) error {
	own, err := credential.ParseOwn(s)
	*k = own
	return err
}

// address is a host and a port to listen on.
type address string

// Decode implements [envconfig.Decoder].
func (a *address) Decode(s string) error {
	_, port, err := net.SplitHostPort(s)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		return errors.New("write host:port, such as 127.0.0.1:8080 or :8080")
	}
	*a = address(s)
	return nil
}

// logLevel is one of slog's, by its name.
type logLevel slog.Level

// Decode implements [envconfig.Decoder].
func (l *logLevel) Decode(s string) error {
	if (*slog.Level)(l).UnmarshalText([]byte(s)) != nil {
		return errors.New("write debug, info, warn or error")
	}
	return nil
}
