package discord

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"apihelp/bot"
)

// interaction is a command, a click or a submitted form, as far as the bot uses
// it.
type interaction struct {
	ID      string `json:"id"`
	App     string `json:"application_id"`
	Token   string `json:"token"`
	Type    int    `json:"type"`
	Guild   string `json:"guild_id"`
	Channel string `json:"channel_id"`
	Locale  string `json:"locale"`
	User    *user  `json:"user"`
	Member  *struct {
		User        user   `json:"user"`
		Permissions string `json:"permissions"`
	} `json:"member"`
	Where struct {
		Type int `json:"type"`
	} `json:"channel"`
	Data    interactionData `json:"data"`
	Message *struct {
		Reference messageID `json:"message_reference"`
		post
	} `json:"message"`

	came     time.Time
	ready    chan struct{} // closed once the first response has gone out
	thinking atomic.Bool   // the first response waits to be replaced
}

type interactionData struct {
	Name     string `json:"name"`
	Type     int    `json:"type"`
	Target   string `json:"target_id"`
	CustomID string `json:"custom_id"`
	Options  []struct {
		Name    string          `json:"name"`
		Value   json.RawMessage `json:"value"`
		Focused bool            `json:"focused"`
	} `json:"options"`
	Resolved struct {
		Messages map[string]message `json:"messages"`
	} `json:"resolved"`
	Components []formPart `json:"components"`
}

// formPart is what a form says of an input, which stands within a label or a
// row.
type formPart struct {
	CustomID   string     `json:"custom_id"`
	Value      string     `json:"value"`
	Component  *formPart  `json:"component"`
	Components []formPart `json:"components"`
}

func (p *formPart) value(id string) string {
	if p.CustomID == id && p.Value != "" {
		return p.Value
	}
	if p.Component != nil {
		return p.Component.value(id)
	}
	for _, c := range p.Components {
		if v := c.value(id); v != "" {
			return v
		}
	}
	return ""
}

// The types of interactions and of responses to them.
const (
	typePing         = 1
	typeCommand      = 2
	typeComponent    = 3
	typeAutocomplete = 4
	typeForm         = 5

	respondMessage  = 4
	respondThinking = 5
	respondLater    = 6
	respondUpdate   = 7
	respondChoices  = 8
	respondForm     = 9

	ephemeral = discordgo.MessageFlagsEphemeral
)

// A response is the first answer to an interaction.
type response struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

func (i *interaction) by() *user {
	switch {
	case i.Member != nil:
		return &i.Member.User
	case i.User != nil:
		return i.User
	}
	return &user{}
}

func (i *interaction) from() bot.User { return bot.User{ID: i.by().ID, Name: i.by().name()} }

// isStaff reports whether who acted may moderate the server.
func (i *interaction) isStaff() bool {
	if i.Member == nil {
		return false
	}
	p, err := strconv.ParseInt(i.Member.Permissions, 10, 64)
	return err == nil && p&(discordgo.PermissionManageMessages|discordgo.PermissionManageGuild|discordgo.PermissionAdministrator) != 0
}

// wait waits until the first response has gone out.
func (i *interaction) wait(ctx context.Context) error {
	select {
	case <-i.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// secret is the conversation that only who acted sees.
func (i *interaction) secret() bot.Conversation {
	return bot.Conversation{Adapter: Name, Team: i.Guild, Channel: i.Channel, Thread: whisper + i.by().ID}
}

// answer takes an interaction and responds by REST. Saving
// comes first; both take milliseconds of the three seconds that there are.
func (a *Adapter) answer(ctx context.Context, i *interaction) {
	r := a.interact(ctx, i)
	err := a.rest.call(ctx, "POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", r, nil)
	if err != nil {
		a.Log.Warn("interaction not answered", "adapter", Name, "err", plainError(err))
	}
	close(i.ready)
}

// interact takes an interaction and returns the first response to it.
func (a *Adapter) interact(ctx context.Context, i *interaction) response {
	i.came, i.ready = time.Now(), make(chan struct{})
	switch i.Type {
	case typeCommand:
		return a.commanded(ctx, i)
	case typeAutocomplete:
		return response{Type: respondChoices, Data: map[string]any{"choices": a.completions(i)}}
	case typeComponent:
		return a.press(ctx, i)
	case typeForm:
		return a.submitted(ctx, i)
	}
	return response{Type: respondLater}
}

// note is a response that only who acted sees.
func note(text string) response {
	return response{Type: respondMessage, Data: edited(post{Content: escape(text), Flags: ephemeral})}
}

// commanded takes a command.
func (a *Adapter) commanded(ctx context.Context, i *interaction) response {
	switch i.Data.Name {
	case commandPrivacy:
		return a.privacy(i)
	case commandTroubleshoot:
		m := i.Data.Resolved.Messages[i.Data.Target]
		return a.ask(ctx, i, a.plainText(&m))
	}
	return a.ask(ctx, i, i.option("question"))
}

func (i *interaction) option(name string) string {
	for _, o := range i.Data.Options {
		var s string
		if o.Name == name && json.Unmarshal(o.Value, &s) == nil {
			return s
		}
	}
	return ""
}

// ask takes a question whose answer only who asked sees.
func (a *Adapter) ask(ctx context.Context, i *interaction, question string) response {
	c := i.secret()
	i.thinking.Store(true)
	a.tokens.put(c, i)
	m := bot.Message{ID: i.ID, In: c, From: i.from(), Text: question, At: time.Now().UTC(), Direct: true}
	if err := a.take(ctx, m); err != nil {
		a.Log.Warn("question not taken", "adapter", Name, "err", err)
		return note(phrasesFor(i.Locale).Failed)
	}
	return response{Type: respondThinking, Data: map[string]any{"flags": ephemeral}}
}

// completions are the topics and codes that a question may be about.
func (a *Adapter) completions(i *interaction) []map[string]string {
	choices := []map[string]string{}
	if a.Topics == nil {
		return choices
	}
	typed := strings.ToLower(strings.TrimSpace(i.option("question")))
	for _, t := range a.Topics() {
		if len(choices) < choicesLimit && strings.Contains(strings.ToLower(t), typed) {
			name, _ := cutText(oneLine(t), choiceLength*unit, textCost, true)
			choices = append(choices, map[string]string{"name": name, "value": name})
		}
	}
	return choices
}

// What an autocomplete takes.
const (
	choicesLimit = 25
	choiceLength = 90
)
