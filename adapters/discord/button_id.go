package discord

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// A buttonID is what the custom_id of a button says. It is all that the bot
// knows of a pressed button, so that one outlives a restart.
type buttonID struct {
	Kind  buttonKind
	Reply string // the ID of the reply that the button belongs to
	Asker string // who may press it; empty for everybody
	N     int    // different for each button of a reply
	Say   string // what pressing it says, of kind sayThis
}

// A buttonKind is what a button is for.
type buttonKind string

// The kinds of buttons.
const (
	sayThis  buttonKind = "say"   // says Say
	sayLabel buttonKind = "label" // says what its label says: more than fits here
	sayKept  buttonKind = "kept"  // says what is kept of it: neither here nor on its label
	postHere buttonKind = "post"  // shows an ephemeral answer to the channel
)

// idVersion begins every custom_id. One of another version is not understood.
const idVersion = "v1"

// buttonIDMax is the most UTF-16 code units of a custom_id.
const buttonIDMax = 100

// String returns the custom_id.
func (b buttonID) String() string {
	return strings.Join([]string{idVersion, string(b.Kind), b.Reply, b.Asker, strconv.Itoa(b.N), b.Say}, "|")
}

// fits reports whether Discord takes the custom_id, and gives it back as it is.
func (b buttonID) fits() bool {
	return len(utf16.Encode([]rune(b.String()))) <= buttonIDMax && strings.TrimSpace(b.Say) == b.Say
}

// parseButtonID reads a custom_id. It reports false for one that is none of
// the bot's, or of a version to come.
func parseButtonID(s string) (buttonID, bool) {
	m := buttonIDs.FindStringSubmatch(s)
	if m == nil {
		return buttonID{}, false
	}
	n, err := strconv.Atoi(m[4])
	return buttonID{Kind: buttonKind(m[1]), Reply: m[2], Asker: m[3], N: n, Say: m[5]}, err == nil
}

var buttonIDs = regexp.MustCompile(`(?s)^` + idVersion + `\|([a-z]+)\|([^|]+)\|([^|]*)\|(0|[1-9][0-9]{0,2})\|(.*)$`)

// sayOf returns what a pressed button says, and reports whether it says
// anything. The post is the one that the button is on.
func sayOf(customID string, p post) (string, bool) {
	id, ok := parseButtonID(customID)
	switch {
	case ok && id.Kind == sayThis:
		return id.Say, id.Say != ""
	case ok && id.Kind == sayLabel:
		return labelOf(customID, p)
	}
	return "", false
}

// labelOf returns the label of a button, whole: one that was cut is spelled out
// above.
func labelOf(customID string, p post) (string, bool) {
	label := ""
	walk(p.Components, func(c component) {
		if c.CustomID == customID {
			label = c.Label
		}
	})
	head, cut := strings.CutSuffix(label, ellipsis)
	if !cut {
		return label, label != ""
	}
	for _, text := range p.texts() {
		for line := range strings.Lines(text) {
			if full, ok := strings.CutPrefix(unescape(strings.TrimSpace(line)), bullet); ok && strings.HasPrefix(full, head) {
				return full, true
			}
		}
	}
	return head, head != ""
}
