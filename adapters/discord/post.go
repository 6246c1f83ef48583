package discord

import (
	"encoding/json"

	"github.com/bwmarrin/discordgo"
)

// A post is one message of Discord's: a reply may need several. It is either
// made of components alone, and has the flag that says so, or of content with
// rows of buttons below. It decodes from a message as Discord sends it.
type post struct {
	Content    string                 `json:"content"`
	Components []component            `json:"components"`
	Flags      discordgo.MessageFlags `json:"flags"`

	// Nonce is the same whenever the same reply is rendered, and different for
	// each of its posts. Interaction endpoints take none.
	Nonce string `json:"-"`

	// Reference is the message that this one answers, if that is to be shown.
	Reference string `json:"-"`

	// Roles are those that the post notifies.
	Roles []string `json:"-"`
}

// reference names the message that another answers, or answered before it was
// deleted.
type reference struct {
	ID       string `json:"message_id"`
	Required bool   `json:"fail_if_not_exists"`
}

// A component is any of those that a reply is made of. Discordgo's own are one
// type each, and an unknown one among them makes a message unreadable.
type component struct {
	Type       discordgo.ComponentType `json:"type"`
	Components []component             `json:"components,omitempty"`
	Content    string                  `json:"content,omitempty"`
	Style      discordgo.ButtonStyle   `json:"style,omitempty"`
	Label      string                  `json:"label,omitempty"`
	CustomID   string                  `json:"custom_id,omitempty"`
	URL        string                  `json:"url,omitempty"`

	// Say is what the button says, of kind sayKept: it is kept elsewhere.
	Say string `json:"-"`
}

// allowed is who a post mentions: nobody but the roles. Without it, and with null
// in place of an empty list, Discord goes by its defaults: everyone whose mention
// is in the text.
type allowed struct {
	Parse [0]string `json:"parse"`
	Roles []string  `json:"roles,omitempty"`
}

// v2 reports whether the post is made of components alone.
func (p post) v2() bool { return p.Flags&discordgo.MessageFlagsIsComponentsV2 != 0 }

// MarshalJSON gives the body of a request that creates the message, or makes an
// existing one like it: then components that are not there any more must be
// said to be none.
func (p post) MarshalJSON() ([]byte, error) {
	body := struct {
		Content    *string                `json:"content,omitempty"`
		Components []component            `json:"components"`
		Flags      discordgo.MessageFlags `json:"flags"`
		Mentions   allowed                `json:"allowed_mentions"`
		Nonce      string                 `json:"nonce,omitempty"`
		Enforce    bool                   `json:"enforce_nonce,omitempty"`
		Reference  *reference             `json:"message_reference,omitempty"`
	}{Components: p.Components, Flags: p.Flags, Mentions: allowed{Roles: p.Roles}, Nonce: p.Nonce, Enforce: p.Nonce != ""}
	if p.Reference != "" {
		body.Reference = &reference{ID: p.Reference}
	}
	if body.Components == nil {
		body.Components = []component{}
	}
	if !p.v2() {
		body.Content = &p.Content
	}
	return json.Marshal(body)
}

// texts are what a post says, in reading order, as Markdown.
func (p post) texts() []string {
	var all []string
	if p.Content != "" {
		all = append(all, p.Content)
	}
	walk(p.Components, func(c component) {
		if c.Content != "" {
			all = append(all, c.Content)
		}
	})
	return all
}

// walk visits components and those within them.
func walk(all []component, visit func(component)) {
	for _, c := range all {
		visit(c)
		walk(c.Components, visit)
	}
}
