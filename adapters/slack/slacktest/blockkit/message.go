package blockkit

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// The most of one message. 12,000 is what Slack's people named for the text
// with "a buffer for block containers" (bolt-js issue 2509); messages of 11,341
// characters of text were refused all the same (issue 2867), so here the JSON
// around the texts counts too. Of 4,000 characters of text, chat.update takes
// no more, though chat.postMessage would.
const (
	messageBlocks = 50
	messageSize   = 12_000
	messageText   = 4000
	viewBlocks    = 100
)

// posted are the members that all ways of posting share.
var posted = fields{
	"text": topText, "blocks": sized(blocks(messageBlocks, inMessages)), "thread_ts": ts, "mrkdwn": boolean,
	"unfurl_links": boolean, "unfurl_media": boolean, "parse": enum("none"), "link_names": never,
	"metadata":    jsonText(object("event_type event_payload", fields{"event_type": str(1, idLength), "event_payload": anything})),
	"attachments": jsonText(list(0, 100, object("", fields{"blocks": blocks(messageBlocks, inMessages), "color": str(1, 10), "fallback": markup(messageText)}))),
}

var (
	message = every(someOf("text", "blocks", "attachments"), unformatted, object("", posted.with(fields{
		"token": anything, "channel": str(1, idLength), "user": str(1, idLength), "ts": ts, "reply_broadcast": boolean,
		"username": str(1, 80), "icon_emoji": str(1, 100), "icon_url": address,
	})))

	response = every(unformatted, object("", posted.with(fields{
		"response_type": enum("ephemeral in_channel"), "replace_original": boolean, "delete_original": boolean,
	})))

	viewParts = fields{
		"type": anything, "blocks": jsonText(blocks(viewBlocks, inViews)), "private_metadata": str(0, 3000),
		"callback_id": str(0, idLength), "external_id": str(0, idLength),
	}

	anyView = union("view", map[string]rule{
		"home": object("blocks", viewParts),
		"modal": every(submits, object("title blocks", viewParts.with(fields{
			"title": plain(24), "close": plain(24), "submit": plain(24),
			"clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean,
		}))),
	})
)

// jsonText is a value or, as in a form, a string with its JSON.
func jsonText(r rule) rule {
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); ok {
			inner, err := decode([]byte(s))
			if err != nil {
				c.fault(at, "no JSON: %v", err)
				return
			}
			v = inner
		}
		r(c, at, v)
	}
}

// sized bounds all blocks of a message together.
func sized(r rule) rule {
	return jsonText(func(c *checker, at string, v any) {
		r(c, at, v)
		if n := size(v); n > messageSize {
			c.fault(at, "%d characters of blocks, %d at most", n, messageSize)
		}
	})
}

// size counts the characters of a value's JSON with its texts escaped as Slack
// stores them.
func size(v any) int {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("blockkit: encode what was decoded: %v", err))
	}
	return length(b.String()) - 1 // without the line break
}

// topText is the text of a message. It may be empty beside blocks.
func topText(c *checker, at string, v any) {
	if v != "" {
		markup(messageText)(c, at, v)
	}
}

// unformatted wants nothing that Slack would format in a text that is shown,
// which it is where there are no blocks, unless mrkdwn is off. It also wants
// some text there.
func unformatted(c *checker, _ string, v any) {
	o, _ := v.(map[string]any)
	if count(o, []string{"blocks", "attachments"}) > 0 {
		return
	}
	text, has := o["text"].(string)
	if has && text == "" {
		c.fault("/text", "empty, and there are no blocks")
	}
	if on, ok := truth(o["mrkdwn"]); (on || !ok) && formatted.MatchString(text) {
		c.fault("/text", "Slack formats this text unless mrkdwn is false")
	}
}

// ts is the time stamp that names a message.
func ts(c *checker, at string, v any) {
	s, _ := v.(string)
	seconds, fraction, ok := strings.Cut(s, ".")
	_, err1 := strconv.ParseUint(seconds, 10, 64)
	_, err2 := strconv.ParseUint(fraction, 10, 64)
	if !ok || err1 != nil || err2 != nil {
		c.fault(at, "got %v, want the ts of a message", v)
	}
}

// never is an option that must be off.
func never(c *checker, at string, v any) {
	if on, ok := truth(v); on || !ok {
		c.fault(at, "makes mentions of what users type")
	}
}

// submits wants a submit button on a modal with an input.
func submits(c *checker, at string, v any) {
	o, _ := v.(map[string]any)
	list, _ := o["blocks"].([]any)
	for _, b := range list {
		if _, ok := o["submit"]; !ok && member(b, "type") == "input" {
			c.fault(at, "a modal with an input needs submit")
			return
		}
	}
}

// ascending wants no minimum above the maximum.
func ascending(c *checker, at string, v any) {
	low, err1 := strconv.ParseFloat(member(v, "min_value"), 64)
	high, err2 := strconv.ParseFloat(member(v, "max_value"), 64)
	if err1 == nil && err2 == nil && low > high {
		c.fault(at, "min_value is above max_value")
	}
}
