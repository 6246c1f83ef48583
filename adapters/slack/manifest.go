package slack

import (
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

//go:embed manifest.yaml
var manifestYAML string

// requiredScopes are what the app can do nothing without. An event's scope has
// to be here: whether an optional one is enough, Slack does not say.
func requiredScopes() []string {
	return []string{
		"app_mentions:read", // the event app_mention
		"chat:write",        // answers
		"commands",          // the command and the shortcuts
		"im:history",        // the event message.im
	}
}

// threadScopes let the bot read what is said in its threads without a mention.
// Slack's review looks at them more closely.
func threadScopes() []string {
	return []string{
		"channels:history", // the event message.channels
		"groups:history",   // the event message.groups
	}
}

// scopes are what a workspace is asked for.
func (i *installations) scopes() []string {
	if i.Threads {
		return append(requiredScopes(), threadScopes()...)
	}
	return requiredScopes()
}

// ManifestOptions say which app a manifest describes.
type ManifestOptions struct {
	// PublicURL is where Slack and browsers reach this program over HTTP:
	// https, a host, no path. Empty is an app that uses Socket Mode.
	PublicURL string

	// Threads lets people go on in the bot's threads without mentioning it. It
	// takes the scopes to read the messages of the channels that the bot is in.
	Threads bool
}

// Manifest returns the app manifest that Slack creates the app from, in YAML,
// with no scope that is not used. The error says what to write.
func Manifest(o ManifestOptions) ([]byte, error) {
	var origin string
	if o.PublicURL != "" {
		var err error
		if origin, err = parsePublicURL(o.PublicURL); err != nil {
			return nil, fmt.Errorf("slack: write manifest: %w", err)
		}
	}
	scopes := requiredScopes()
	if o.Threads {
		scopes = append(scopes, threadScopes()...)
	}
	var out strings.Builder
	for line := range strings.Lines(manifestYAML) {
		switch marker, rest := mark(line); {
		case marker == "http" && origin == "", marker == "threads" && !o.Threads:
		case marker == "scopes":
			for _, scope := range scopes {
				out.WriteString(strings.TrimSuffix(rest, "\n") + scope + "\n")
			}
		default:
			out.WriteString(strings.NewReplacer("{url}", origin, "{socket}", strconv.FormatBool(origin == "")).Replace(rest))
		}
	}
	return []byte(out.String()), nil
}

// mark splits the marker from a line of the manifest: http and threads say when
// the line counts, scopes that it is there once for each. A template would do as
// well, but keeps the linker from leaving out methods: 8 MB of them.
func mark(line string) (marker, rest string) {
	if name, rest, ok := strings.Cut(line, "}"); ok && strings.HasPrefix(line, "{") {
		return name[1:], rest
	}
	return "", line
}

// publicHost is a name or an address, with or without a port, that means
// nothing else in YAML.
var publicHost = regexp.MustCompile(`^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?)(:[0-9]{1,5})?$`)

// parsePublicURL returns the origin that a public URL names, without a slash at
// its end. Plain http is for a loopback address only: Slack calls no other.
func parsePublicURL(raw string) (string, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || !publicHost.MatchString(u.Host):
		return "", errors.New("the public URL names no host; write it as https://help.example.com")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return "", fmt.Errorf("the public URL has to begin with https://, which is all that Slack calls; write https://%s", u.Host)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return "", fmt.Errorf("the public URL has to end with its host, as Slack's paths come behind it; write %s://%s", u.Scheme, u.Host)
	}
	return u.Scheme + "://" + u.Host, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
