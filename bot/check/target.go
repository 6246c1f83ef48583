package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// A Target is an environment of the API that may be checked. Only what the
// operator configured is one: nothing that a user writes makes or changes a
// target.
type Target struct {
	Name         string            // such as "production"; unique
	URL          string            // of a harmless endpoint that wants the key
	Method       string            // GET or HEAD
	Header       map[string]string // "{key}" in a value stands for the key
	Expect       []int             // statuses that are well with a key
	KeyPattern   *regexp.Regexp    // what keys of this environment look like; nil if not told
	CAFile       string            // PEM file of further authorities; empty for the system's
	AllowPrivate bool              // its host and port may be an internal address
	Audience     string            // that its tokens must have; empty for any
}

// targetName is what a name may be: it stands in commands, logs and metrics.
var targetName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// ParseTargets reads the targets from setting, which is a JSON list or names a
// file with one:
//
//	[{"name": "production", "url": "https://api.example.com/v1/me",
//	  "method": "GET", "header": {"Authorization": "Bearer {key}"},
//	  "expect": [200], "key_pattern": "^sk_live_", "ca_file": "",
//	  "allow_private": false, "audience": ""}]
//
// Name and url are required; method is GET and expect is [200] if not given.
// A target without {key} in any header is checked without a key; to give it a
// key_pattern or an audience is a fault then, since nothing would be sent.
//
// The error joins all faults. Each names its target and says what to do, and
// none quotes a header value.
func ParseTargets(setting string) ([]Target, error) {
	text, err := settingText(setting)
	if err != nil {
		return nil, err
	}
	var objects []json.RawMessage
	if err := json.Unmarshal(text, &objects); err != nil {
		if !json.Valid(text) {
			return nil, fmt.Errorf("check: the list of targets %w", notJSON(text, err))
		}
		return nil, errors.New(`check: targets must be a JSON list: [{"name": …, "url": …}]`)
	}
	if len(objects) == 0 {
		return nil, errors.New("check: the list of targets is empty; name one, or remove the setting")
	}
	var faults []error
	targets := make([]Target, len(objects))
	seen := make(map[string]bool, len(objects))
	for i, object := range objects {
		d := draft{about: fmt.Sprintf("target %d", i+1)}
		d.read(object)
		name := strings.ToLower(d.target.Name)
		d.fault(seen[name] && name != "", "another target has this name; names differ in more than case")
		seen[name] = true
		targets[i], faults = d.target, append(faults, d.faults...)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return targets, nil
}

// settingText returns the JSON that setting is, or that of the file it names.
func settingText(setting string) ([]byte, error) {
	setting = strings.TrimSpace(setting)
	if setting == "" {
		return nil, errors.New("check: the setting of the targets is empty; give a JSON list or the name of a file")
	}
	// No file name has quotes or lines; broken JSON must not be quoted as one.
	if strings.ContainsAny(setting[:1], "[{") || strings.ContainsAny(setting, "\"\n") {
		return []byte(setting), nil
	}
	text, err := os.ReadFile(setting)
	if err != nil {
		return nil, fmt.Errorf("check: the file of the targets: %w; name a file that the bot can read, or give a JSON list", err)
	}
	return text, nil
}
