package slack

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A manifest is what the tests read of one.
type manifest struct {
	Display struct {
		Name string `yaml:"name"`
	} `yaml:"display_information"`
	Features struct {
		Commands []struct {
			Command string `yaml:"command"`
			URL     string `yaml:"url"`
		} `yaml:"slash_commands"`
	} `yaml:"features"`
	OAuth struct {
		Redirects []string `yaml:"redirect_urls"`
		Scopes    struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			URL string   `yaml:"request_url"`
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `yaml:"is_enabled"`
			URL     string `yaml:"request_url"`
		} `yaml:"interactivity"`
		Socket bool `yaml:"socket_mode_enabled"`
		Org    bool `yaml:"org_deploy_enabled"`
	} `yaml:"settings"`
}

func readManifest(t testing.TB, publicURL string, threads bool, into any) []byte {
	t.Helper()
	text, err := Manifest(ManifestOptions{PublicURL: publicURL, Threads: threads})
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return text
}

func TestTheManifestIsForSocketModeUnlessAPublicURLIsGiven(t *testing.T) {
	var m manifest
	text := readManifest(t, "", false, &m)
	if !m.Settings.Socket || !m.Settings.Org || strings.Contains(string(text), "url") {
		t.Errorf("got\n%s", text)
	}
	for _, publicURL := range []string{"https://help.example.com", "https://help.example.com/"} {
		var m manifest
		text := readManifest(t, publicURL, false, &m)
		got := []string{m.Features.Commands[0].URL, m.Settings.Events.URL, m.Settings.Interactivity.URL, m.OAuth.Redirects[0]}
		want := []string{"/slack/commands", "/slack/events", "/slack/interactions", "/slack/oauth/callback"}
		for n := range want {
			if got[n] != "https://help.example.com"+want[n] {
				t.Errorf("got %s, want the path %s", got[n], want[n])
			}
		}
		if m.Settings.Socket || !m.Settings.Interactivity.Enabled || len(m.OAuth.Redirects) != 1 {
			t.Errorf("got\n%s", text)
		}
	}
}

func TestAWrongPublicURLSaysWhatToWrite(t *testing.T) {
	for url, want := range map[string]string{
		"http://help.example.com":        "write https://help.example.com",
		"ftp://help.example.com":         "write https://help.example.com",
		"http://10.0.0.1":                "write https://10.0.0.1",
		"https://help.example.com/slack": "write https://help.example.com",
		"https://help.example.com?x=1":   "write https://help.example.com",
		"https://help.example.com#x":     "write https://help.example.com",
		"https://u:p@help.example.com":   "write https://help.example.com",
		"help.example.com":               "write it as https://",
		"https://":                       "write it as https://",
		"https:///slack":                 "write it as https://",
		"https://*.example.com":          "write it as https://",
		"https://a'b":                    "write it as https://",
		"https://a b":                    "write it as https://",
		"https://a'\n- b":                "write it as https://",
		"https://a#{x}{{.}}":             "write https://a",
		"https://%zz":                    "write it as https://",
	} {
		if _, err := Manifest(ManifestOptions{PublicURL: url}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", url, err, want)
		}
	}
	for _, url := range []string{"http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:1", "https://h.example.com:8443/", "https://[2001:db8::1]"} {
		var m manifest
		readManifest(t, url, false, &m)
		if want := strings.TrimRight(url, "/") + "/slack/events"; m.Settings.Events.URL != want {
			t.Errorf("%q: got %q", url, m.Settings.Events.URL)
		}
	}
}

// scopeOf is the scope that an event needs, for those that an app of ours could
// want; Slack's reference of events has them all.
func scopeOf() map[string]string {
	return map[string]string{
		"app_home_opened": "", "app_mention": "app_mentions:read", "app_uninstalled": "", "tokens_revoked": "",
		"message.im": "im:history", "message.channels": "channels:history", "message.groups": "groups:history",
		"channel_shared": "channels:read", "channel_unshared": "channels:read",
	}
}

func TestEveryScopeIsOneOfSlacksAndEveryEventHasIts(t *testing.T) {
	var m manifest
	text := readManifest(t, "", true, &m)
	scopes := m.OAuth.Scopes
	if !slices.Equal(scopes.Bot, append(requiredScopes(), threadScopes()...)) {
		t.Errorf("got\n%s", text)
	}
	// Slack checks no scope's name when it takes a manifest.
	known := strings.Fields(`app_mentions:read assistant:write channels:history channels:join channels:manage channels:read
		chat:write chat:write.customize chat:write.public commands files:read files:write groups:history groups:read groups:write
		im:history im:read im:write links:read links:write metadata.message:read mpim:history mpim:read mpim:write pins:read
		pins:write reactions:read reactions:write team:read usergroups:read users.profile:read users:read users:read.email users:write`)
	for _, scope := range scopes.Bot {
		if !slices.Contains(known, scope) {
			t.Errorf("%q is no scope", scope)
		}
	}
	for _, event := range m.Settings.Events.Bot {
		scope, ok := scopeOf()[event]
		if !ok || scope != "" && !slices.Contains(scopes.Bot, scope) {
			t.Errorf("event %q needs the scope %q", event, scope)
		}
	}
}

func TestTheManifestFitsSlacksSchema(t *testing.T) {
	data, err := os.ReadFile("../../../shared/spec/slack-manifest.schema.json")
	if err != nil {
		return // it is not part of this repository
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	for _, publicURL := range []string{"", "https://help.example.com"} {
		var doc map[string]any
		readManifest(t, publicURL, publicURL != "", &doc)
		for _, fault := range schemaFaults(root, root, doc, "") {
			t.Errorf("%q: %s", publicURL, fault)
		}
		doc["display_information"].(map[string]any)["name"] = strings.Repeat("x", 36)
		doc["settings"].(map[string]any)["unknown"] = true
		doc["settings"].(map[string]any)["socket_mode_enabled"] = "yes"
		delete(doc["settings"].(map[string]any)["interactivity"].(map[string]any), "is_enabled")
		doc["features"].(map[string]any)["slash_commands"].([]any)[0].(map[string]any)["command"] = "apihelp"
		if faults := schemaFaults(root, root, doc, ""); len(faults) != 5 {
			t.Errorf("%q: got %q, want the five faults that were made", publicURL, faults)
		}
	}
}

// schemaFaults checks a value against what of JSON Schema Slack's schema uses
// for a manifest.
func schemaFaults(root, schema map[string]any, value any, at string) (faults []string) {
	if ref, ok := schema["$ref"].(string); ok {
		definitions := root["definitions"].(map[string]any)
		return schemaFaults(root, definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any), value, at)
	}
	fault := func(rule string) { faults = append(faults, fmt.Sprintf("%s: %s in %v", at, rule, value)) }
	limit := func(rule string, n int) {
		if m, ok := schema["max"+rule].(float64); ok && n > int(m) {
			fault("max" + rule)
		}
		if m, ok := schema["min"+rule].(float64); ok && n < int(m) {
			fault("min" + rule)
		}
	}
	want, _ := schema["type"].(string)
	switch v := value.(type) {
	case map[string]any:
		if want != "object" {
			fault("type " + want)
		}
		faults = append(faults, objectFaults(root, schema, v, at)...)
	case []any:
		if want != "array" {
			fault("type " + want)
		}
		limit("Items", len(v))
		for n, item := range v {
			faults = append(faults, schemaFaults(root, schema["items"].(map[string]any), item, fmt.Sprint(at, "/", n))...)
		}
	case string:
		if want != "string" {
			fault("type " + want)
		}
		limit("Length", len(v))
		if p, ok := schema["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(v) {
			fault("pattern " + p)
		}
		if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, value) {
			fault("enum")
		}
	case bool:
		if want != "boolean" {
			fault("type " + want)
		}
	case int:
		if want != "integer" {
			fault("type " + want)
		}
	default:
		fault("unknown kind of value")
	}
	return faults
}

func objectFaults(root, schema, object map[string]any, at string) (faults []string) {
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := object[name.(string)]; !ok {
			faults = append(faults, fmt.Sprintf("%s: %s is missing", at, name))
		}
	}
	for name, value := range object {
		sub, ok := properties[name].(map[string]any)
		if !ok {
			faults = append(faults, fmt.Sprintf("%s: %s is unknown", at, name))
			continue
		}
		faults = append(faults, schemaFaults(root, sub, value, at+"/"+name)...)
	}
	return faults
}
