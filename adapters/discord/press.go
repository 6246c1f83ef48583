package discord

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"apihelp/bot"
)

// Kinds of buttons that the adapter adds.
const (
	addDetails buttonKind = "details"
	forgetMe   buttonKind = "forget"
)

// placeOf is the conversation that a message with buttons belongs to. One that
// stands in a text channel, and answers nothing there, begins a thread.
func (a *Adapter) placeOf(ctx context.Context, i *interaction) bot.Conversation {
	if i.Message.Flags&ephemeral != 0 {
		return i.secret()
	}
	if c, ok := a.replyIn(ctx, i.Message.ID); ok {
		return c
	}
	if i.Guild == "" || i.inThread() {
		return bot.Conversation{Adapter: Name, Team: i.Guild, Channel: i.Channel}
	}
	return a.begin(ctx, i.Guild, i.Channel, i.Message.ID)
}

// mayPress reports whether a button, or the form behind it, is for who used it.
func (i *interaction) mayPress(id buttonID) bool {
	return id.Asker == "" || id.Asker == i.by().ID || i.isStaff()
}

// press takes a button.
func (a *Adapter) press(ctx context.Context, i *interaction) response {
	id, ok := parseButtonID(i.Data.CustomID)
	if !ok || i.Message == nil {
		return note(phrasesFor(i.Locale).Settled)
	}
	if !i.mayPress(id) {
		return note(phrasesFor(i.Locale).NotYours)
	}
	switch id.Kind {
	case postHere:
		return a.share(i, id)
	case forgetMe:
		return a.forget(ctx, i)
	case addDetails:
		return detailsForm(i)
	}
	say, ok := sayOf(i.Data.CustomID, i.Message.post)
	if id.Kind == sayKept {
		say, ok = a.keptSay(ctx, id)
	}
	if !ok {
		return note(phrasesFor(i.Locale).Settled)
	}
	if say == sayKey && a.takesKeys(i) {
		return keyForm(i, id, a.Targets)
	}
	return a.said(ctx, i, id, say)
}

// said says what a button stands for in the name of its asker, and puts a note
// in the place of the buttons. A reply can be pressed once: a second press has
// the same message ID.
func (a *Adapter) said(ctx context.Context, i *interaction, id buttonID, say string) response {
	c := a.placeOf(ctx, i)
	m := bot.Message{
		ID: "press:" + id.Reply, In: c, From: i.from(), Text: say, At: time.Now().UTC(),
		Direct: c.Team == "" || c.Thread != "", Presses: id.Reply, Lang: i.lang(),
	}
	if id.Asker != "" {
		m.From.ID = id.Asker // staff speak for the asker
	}
	first := false
	a.pressed.change(id.Reply, func(done bool) bool { first = !done; return true })
	if !first {
		return note(phrasesFor(i.Locale).Settled)
	}
	if c.Thread != "" || id.Kind == addDetails {
		a.issue(ctx, i, m, false) // what follows stands below; in public, what is private of it
	}
	switch err := a.take(ctx, m); {
	case errors.Is(err, bot.ErrPast):
		return note(phrasesFor(i.Locale).Settled)
	case err != nil:
		a.pressed.put(id.Reply, false)
		a.Log.Warn("press not taken", "adapter", Name, "err", err)
		return note(phrasesFor(i.Locale).Failed)
	}
	if say == workedSay {
		a.after(func(ctx context.Context) { a.tagSolved(ctx, i.Channel) })
	}
	now, ok := settled(i.Message.post, fmt.Sprintf(phrasesFor(i.Locale).Pressed, i.by().name(), labelIn(i.Message.post, i.Data.CustomID)))
	if !ok {
		return response{Type: respondLater}
	}
	return response{Type: respondUpdate, Data: edited(now)}
}

// workedSay is what the button of a solved problem says.
const workedSay = "it worked"

func labelIn(p post, customID string) (label string) {
	walk(p.Components, func(c component) {
		if c.CustomID == customID {
			label = c.Label
		}
	})
	return label
}

// share shows the topic of an answer that only the asker saw to the channel: a
// line that says who shares what, and the answer in its thread or, in a thread,
// below. What was asked is not repeated.
func (a *Adapter) share(i *interaction, id buttonID) response {
	topic := topicIn(i.Message.post)
	if topic == "" || i.Guild == "" {
		return note(phrasesFor(i.Locale).Settled)
	}
	first := false
	a.pressed.change("share:"+id.Reply, func(done bool) bool { first = !done; return true })
	if first {
		a.after(func(ctx context.Context) { a.shareIn(ctx, i, id, topic) })
	}
	return response{Type: respondLater}
}

func (a *Adapter) shareIn(ctx context.Context, i *interaction, id buttonID, topic string) {
	line := post{Content: escape(i.by().name() + ": " + topic), Nonce: "s." + id.Reply}
	ref, err := a.create(ctx, i.Channel, line)
	_, message, _ := strings.Cut(ref, "/")
	in := bot.Conversation{Adapter: Name, Team: i.Guild, Channel: i.Channel}
	if err == nil && !i.inThread() {
		in.Channel = message
		err = a.Shelf.Put(ctx, "thread:"+message, []byte(i.Channel), threadAge)
	}
	if err == nil {
		err = a.take(ctx, bot.Message{ID: "share:" + id.Reply, From: i.from(), Text: topic, At: time.Now().UTC(), In: in, Lang: i.lang()})
	}
	if err != nil {
		a.Log.Warn("answer not shared", "adapter", Name, "err", plainError(err))
	}
}

func (i *interaction) inThread() bool {
	return i.Where.Type >= announcementThread && i.Where.Type <= privateThread
}

// topicIn is what an answer is about: its first heading.
func topicIn(p post) string {
	for _, text := range p.texts() {
		first, _, _ := strings.Cut(text, "\n")
		if head, ok := strings.CutPrefix(first, "### "); ok {
			return unescape(head)
		}
	}
	return ""
}

// inputDetails is the input of the form for more details.
const inputDetails = "details"

// detailsForm asks for more. The form has the button's own ID, so that it is
// known where it came from.
func detailsForm(i *interaction) response {
	p := phrasesFor(i.Locale)
	input := map[string]any{"type": 4, "custom_id": inputDetails, "style": 2, "placeholder": p.DetailHint, "required": true, "max_length": 2000}
	label := map[string]any{"type": 18, "label": p.Details, "component": input}
	return response{Type: respondForm, Data: map[string]any{"custom_id": i.Data.CustomID, "title": p.AddDetails, "components": []any{label}}}
}

// submitted takes a form.
func (a *Adapter) submitted(ctx context.Context, i *interaction) response {
	id, ok := parseButtonID(i.Data.CustomID)
	if ok && id.Kind == askKey {
		return a.keySubmitted(ctx, i, id)
	}
	text := ""
	for _, part := range i.Data.Components {
		text = firstText(text, strings.TrimSpace(part.value(inputDetails)))
	}
	if !ok || id.Kind != addDetails || text == "" || i.Message == nil {
		return note(phrasesFor(i.Locale).Failed)
	}
	if !i.mayPress(id) {
		return note(phrasesFor(i.Locale).NotYours)
	}
	return a.said(ctx, i, id, text)
}

// privacy says what is kept.
func (a *Adapter) privacy(i *interaction) response {
	p := phrasesFor(i.Locale)
	id := buttonID{Kind: forgetMe, Reply: "privacy", Asker: i.by().ID, N: 0}
	row := component{Type: 1, Components: []component{{Type: 2, Style: 4, Label: p.Forget, CustomID: id.String()}}}
	text := escape(fmt.Sprintf(p.Privacy, strings.TrimSuffix(a.Kept.Round(time.Minute).String(), "0s")))
	return response{Type: respondMessage, Data: edited(post{Content: text, Components: []component{row}, Flags: ephemeral})}
}

func (a *Adapter) forget(ctx context.Context, i *interaction) response {
	if a.Forget != nil {
		if err := a.Forget(ctx, i.Guild, i.by().ID); err != nil {
			a.Log.Warn("user not forgotten", "adapter", Name, "err", err)
			return note(phrasesFor(i.Locale).Failed)
		}
	}
	return note(phrasesFor(i.Locale).Forgotten)
}
