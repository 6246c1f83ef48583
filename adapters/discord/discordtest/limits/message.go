package limits

import (
	"encoding/json"
	"strings"
)

// The most of one message. Of 10,170 bytes of text displays, each counted with
// 12 more, Discord answers with status 500 (discord-api-docs issue 8554).
const (
	contentText   = 2000
	displayed     = 4000
	displayBytes  = 10_170
	allComponents = 40
	nonceText     = 25
	embedded      = 6000
)

// The flags that a message of the bot's may have.
const (
	flagSuppressEmbeds       = 1 << 2
	flagEphemeral            = 1 << 6
	flagSuppressNotification = 1 << 12
	flagComponentsV2         = 1 << 15
)

var message = every(
	object("allowed_mentions", fields{
		"content": optional(markdown(0, contentText)), "flags": flags, "tts": exactly(false, "nobody asked to be read to"),
		"embeds": optional(list(0, 10, embed)), "components": optional(anyComponents), "allowed_mentions": rolesAlone,
		"nonce": str(1, nonceText), "enforce_nonce": exactly(true, "a nonce that is not enforced keeps nothing from being posted twice"),
		"message_reference": object("message_id", fields{
			"type": choiceOf("0"), "message_id": snowflake, "channel_id": snowflake, "guild_id": snowflake, "fail_if_not_exists": boolean,
		}),
		"attachments": exactly(nil, "the bot sends no files"),
	}),
	nonces, layout, totals,
)

// notified are the most roles of one message that it may mention.
const notified = 100

// rolesAlone wants allowed_mentions that mention nobody but roles, each by its ID.
// Without it, or with a list of kinds that is null, Discord goes by its defaults,
// which are to mention.
func rolesAlone(c *checker, at string, v any) {
	object("parse", fields{
		"parse": list(0, 0, anything), "users": list(0, 0, anything), "roles": list(0, notified, snowflake),
		"replied_user": exactly(false, "pings the one who is replied to"),
	})(c, at, v)
}

func flags(c *checker, at string, v any) {
	n, _ := v.(json.Number)
	i, err := n.Int64()
	if known := int64(flagSuppressEmbeds | flagEphemeral | flagSuppressNotification | flagComponentsV2); err != nil || i&^known != 0 {
		c.fault(at, "got %v, want a sum of 4, 64, 4096 and 32768", v)
	}
}

func componentsV2(v any) bool {
	n, _ := member(v, "flags").(json.Number)
	i, _ := n.Int64()
	return i&flagComponentsV2 != 0
}

// nonces wants a nonce and its enforcement together.
func nonces(c *checker, at string, v any) {
	if (member(v, "nonce") == nil) != (member(v, "enforce_nonce") == nil) {
		c.fault(at, "want both nonce and enforce_nonce, or neither")
	}
}

// layout wants either components of the second version alone, or content and
// embeds, with rows of components below.
func layout(c *checker, at string, v any) {
	if _, ok := v.(map[string]any); !ok {
		return
	}
	content, _ := member(v, "content").(string)
	embeds, _ := member(v, "embeds").([]any)
	components, _ := member(v, "components").([]any)
	if componentsV2(v) {
		if content != "" || len(embeds) > 0 {
			c.fault(at, "content and embeds are refused beside flag 32768")
		}
		if len(components) == 0 {
			c.fault(at, "an empty message")
		}
		return
	}
	if strings.TrimSpace(content) == "" && len(embeds) == 0 {
		c.fault(at, "an empty message")
	}
	c.most("/components", len(components), 5, "rows")
	for _, row := range components {
		if number(row, "type") != "1" {
			c.fault("/components", "a component of type %q needs flag 32768", number(row, "type"))
		}
	}
}

func totals(c *checker, _ string, _ any) {
	c.most("/components", c.components, allComponents, "components, nested ones included")
	c.most("/components", c.units, displayed, "characters in all text displays")
	c.most("/components", c.bytes, displayBytes, "bytes in all text displays")
	c.most("/embeds", c.embeds, embedded, "characters in all embeds")
}

// anything needs no check.
func anything(*checker, string, any) {}

// inEmbeds is a text that counts for the total of all embeds.
func inEmbeds(most int) rule {
	return func(c *checker, at string, v any) {
		markdown(1, most)(c, at, v)
		s, _ := v.(string)
		c.embeds += length(s)
	}
}

var (
	link  = address(2048)
	embed = object("", fields{
		"title": inEmbeds(256), "description": inEmbeds(4096), "url": link, "timestamp": str(1, 40), "color": integer(0, 0xFFFFFF),
		"fields": list(0, 25, object("name value", fields{"name": inEmbeds(256), "value": inEmbeds(1024), "inline": boolean})),
		"footer": object("text", fields{"text": inEmbeds(2048), "icon_url": link}),
		"author": object("name", fields{"name": inEmbeds(256), "url": link, "icon_url": link}),
	})
)
