package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of a message: [D:resources/message] and [D:components/reference].
const (
	contentLimit   = 2000
	textsLimit     = 4000  // code points of all text displays
	v2Bytes        = 10170 // UTF-8 bytes of all texts, and 12 for each text display: above it Discord answers 500
	v2TextOverhead = 12
	nonceLimit     = 25
)

// A draft is a message as the app sends it.
type draft struct {
	Content      json.RawMessage   `json:"content"`
	Embeds       json.RawMessage   `json:"embeds"`
	Components   json.RawMessage   `json:"components"`
	Flags        *int              `json:"flags"`
	Nonce        json.RawMessage   `json:"nonce"`
	EnforceNonce bool              `json:"enforce_nonce"`
	Mentions     *allowed          `json:"allowed_mentions"`
	Stickers     []json.RawMessage `json:"sticker_ids"`
	Poll         json.RawMessage   `json:"poll"`
	Reference    *struct {
		MessageID string `json:"message_id"`
		ChannelID string `json:"channel_id"`
		Fail      *bool  `json:"fail_if_not_exists"`
	} `json:"message_reference"`

	files []string
}

// allowed is allowed_mentions.
type allowed struct {
	Parse   []string `json:"parse"`
	Users   []string `json:"users"`
	Roles   []string `json:"roles"`
	Replied bool     `json:"replied_user"`
}

func (d *draft) embeds() []object { return parsed(d.Embeds) }

func (d *draft) flags() int {
	if d.Flags == nil {
		return 0
	}
	return *d.Flags
}

func (d *draft) nonce() string { return strings.Trim(string(null(d.Nonce)), `"`) }

func (d *draft) content() (string, error) {
	var text *string
	if len(d.Content) > 0 && json.Unmarshal(d.Content, &text) != nil {
		return "", invalid("content", "STRING_TYPE_CONVERT", `Could not interpret the value as a string.`)
	}
	if text == nil {
		return "", nil
	}
	return strings.TrimSpace(*text), nil
}

// null is nil for JSON's null.
func null(v json.RawMessage) json.RawMessage {
	if bytes.Equal(bytes.TrimSpace(v), []byte("null")) {
		return nil
	}
	return v
}

// onto fills in what an edit leaves as it is.
func (d *draft) onto(m *Message) {
	if d.Content == nil {
		d.Content, _ = json.Marshal(m.Content)
	}
	if d.Embeds == nil {
		d.Embeds = m.Embeds
	}
	if d.Components == nil {
		d.Components = m.Components
	}
	flags := m.Flags &^ FlagLoading
	if d.Flags != nil {
		flags = *d.Flags | m.Flags&FlagComponentsV2
	}
	d.Flags = &flags
	d.files = append(d.files, m.Files...)
}

// compose makes the bot's message of a draft, or says what is wrong with it.
func (s *Server) compose(ch *Channel, d *draft) (*Message, error) {
	content, err := d.content()
	if err != nil {
		return nil, err
	}
	if len(d.nonce()) > nonceLimit {
		return nil, invalid("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	if err := d.check(content); err != nil {
		return nil, err
	}
	m := &Message{
		author: s.world.bot, Author: s.appID, Content: content, Flags: d.flags(), Nonce: d.nonce(), Files: slices.Clone(d.files),
		Channel: ch, created: s.o.Clock(), Components: numbered(null(d.Components)), Embeds: typedEmbeds(d.embeds()),
	}
	s.mentionsIn(ch, m)
	return m, nil
}

// check is what Discord refuses in a message's body.
func (d *draft) check(content string) error {
	if n := utf8.RuneCountInString(content); n > contentLimit {
		return invalid("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
	}
	var embeds, components []object
	if v := null(d.Embeds); v != nil && json.Unmarshal(v, &embeds) != nil {
		return invalid("embeds", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
	}
	if v := null(d.Components); v != nil && json.Unmarshal(v, &components) != nil {
		return invalid("components", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
	}
	v2 := d.flags()&FlagComponentsV2 != 0
	if v2 && (content != "" || len(embeds) > 0 || len(d.Stickers) > 0 || null(d.Poll) != nil) {
		return invalid("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The 'content', 'embeds', 'stickers' and 'poll' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2")
	}
	if content == "" && len(embeds)+len(components)+len(d.files)+len(d.Stickers) == 0 && null(d.Poll) == nil {
		return refuse(http.StatusBadRequest, 50006, "Cannot send an empty message")
	}
	if err := checkEmbeds(embeds); err != nil {
		return err
	}
	if err := checkComponents(components, v2); err != nil {
		return err
	}
	if v2 && weight(components) > v2Bytes {
		return refuse(http.StatusInternalServerError, 0, "500: Internal Server Error")
	}
	return nil
}

// weight is what a message of components weighs against v2Bytes.
func weight(list []object) int {
	n := 0
	walk(list, func(c object) {
		if number(c["type"]) == compText {
			n += len(text(c, "content")) + v2TextOverhead
		}
	})
	return n
}

func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// numbered gives the components the ids that Discord makes up.
func numbered(data json.RawMessage) json.RawMessage {
	list := parsed(data)
	if len(list) == 0 {
		return nil
	}
	next := 0
	walk(list, func(c object) {
		if next++; c["id"] == nil || number(c["id"]) == 0 {
			c["id"] = next
		}
		completed(c)
	})
	out, _ := json.Marshal(list)
	return out
}

// completed fills in what Discord's answers always have.
func completed(c object) {
	defaults := map[int]object{compSelect: {"min_values": 1, "max_values": 1}, compSeparator: {"divider": true, "spacing": 1}, compContainer: {"accent_color": nil, "spoiler": false}}
	for k, v := range defaults[number(c["type"])] {
		if _, there := c[k]; !there {
			c[k] = v
		}
	}
	for _, key := range []string{"media", "file"} {
		if media, ok := c[key].(object); ok {
			resolved(media)
		}
	}
}

// resolved fills in an unfurled media item.
func resolved(media object) {
	defaults := object{"proxy_url": media["url"], "width": nil, "height": nil, "content_type": nil}
	maps.Copy(defaults, media)
	maps.Copy(media, defaults)
}

func typedEmbeds(list []object) json.RawMessage {
	if len(list) == 0 {
		return nil
	}
	for _, e := range list {
		e["type"] = "rich"
		for _, f := range objects(e["fields"]) {
			f["inline"] = f["inline"] == true
		}
	}
	out, _ := json.Marshal(list)
	return out
}

// checkEmbeds holds embeds against their limits.
func checkEmbeds(list []object) error {
	if len(list) > 10 {
		return invalid("embeds", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
	}
	total := 0
	for i, e := range list {
		at := fmt.Sprintf("embeds.%d", i)
		footer, _ := e["footer"].(object)
		author, _ := e["author"].(object)
		lengths := []length{{at + ".title", text(e, "title"), 256}, {at + ".description", text(e, "description"), 4096}, {at + ".footer.text", text(footer, "text"), 2048}, {at + ".author.name", text(author, "name"), 256}}
		fields, _ := e["fields"].([]any)
		if len(fields) > 25 {
			return invalid(at+".fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
		}
		for j, f := range fields {
			field, _ := f.(object)
			where := fmt.Sprintf("%s.fields.%d", at, j)
			for _, key := range []string{"name", "value"} {
				if text(field, key) == "" {
					return invalid(where+"."+key, "BASE_TYPE_REQUIRED", "This field is required")
				}
			}
			lengths = append(lengths, length{where + ".name", text(field, "name"), 256}, length{where + ".value", text(field, "value"), 1024})
		}
		for _, l := range lengths {
			total += utf8.RuneCountInString(l.text)
			if err := l.check(); err != nil {
				return err
			}
		}
	}
	if total > 6000 {
		return invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
	return nil
}

// A length is a text with the most code points it may have.
type length struct {
	path, text string
	most       int
}

func (l length) check() error {
	if utf8.RuneCountInString(l.text) > l.most {
		return invalid(l.path, "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", l.most))
	}
	return nil
}
