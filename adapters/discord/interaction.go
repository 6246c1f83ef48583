package discord

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
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
	Default string `json:"guild_locale"`
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
		ID string `json:"id"`
		post
	} `json:"message"`

	came  time.Time
	ready chan struct{} // closed once the first response has gone out
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
	CustomID   string          `json:"custom_id"`
	Value      json.RawMessage `json:"value"`  // a text, or what other inputs have
	Values     []string        `json:"values"` // of a select
	Component  *formPart       `json:"component"`
	Components []formPart      `json:"components"`
}

func (p *formPart) value(id string) string {
	var text string
	if p.CustomID == id && json.Unmarshal(p.Value, &text) == nil && text != "" {
		return text
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

// lang is the language of who acted, else of the server.
func (i *interaction) lang() string { return firstText(i.Locale, i.Default) }

// isStaff reports whether who acted may moderate the server.
func (i *interaction) isStaff() bool {
	if i.Member == nil {
		return false
	}
	p, err := strconv.ParseInt(i.Member.Permissions, 10, 64)
	return err == nil && p&(discordgo.PermissionManageMessages|discordgo.PermissionManageGuild|discordgo.PermissionAdministrator) != 0
}

// secret is the conversation that only who acted sees.
func (i *interaction) secret() bot.Conversation {
	return bot.Conversation{Adapter: Name, Team: i.Guild, Channel: i.Channel, Thread: whisper + i.by().ID}
}

// answer takes an interaction and responds by REST. Saving comes first; both
// take milliseconds of the three seconds that there are.
func (a *Adapter) answer(ctx context.Context, i *interaction) {
	r := a.interact(ctx, i)
	defer close(i.ready)
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		err := a.rest.call(ctx, "POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", r, nil)
		if err == nil {
			return
		}
		if code := codeOf(err); code != 0 && statusOf(err) < 500 || !pause(ctx, wait) {
			a.Log.Warn("interaction not answered", "adapter", Name, "err", plainError(err))
			return
		}
	}
}

// answerWait bounds the attempts to answer an interaction.
const answerWait = 2500 * time.Millisecond

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
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
	m := bot.Message{ID: i.ID, In: i.secret(), From: i.from(), Text: question, At: time.Now().UTC(), Direct: true, Lang: i.lang()}
	a.issue(ctx, i, m, true)
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
