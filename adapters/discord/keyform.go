package discord

import (
	"context"
	"slices"
	"strings"

	"apihelp/bot"
)

// askKey is the button that opens the form for a key.
const askKey buttonKind = "key"

// The form for a key.
const (
	sayKey       = "check my key" // says the button that opens it
	inputKey     = "key"
	inputConsent = "consent"
	inputTarget  = "target"
	isTestKey    = "test"
	isOtherKey   = "other"
	allTargets   = "*" // no name of a target
	mostTargets  = 24  // to choose from, beside all
	keyText      = 4000
	keyForDirect = "dm" // of KeyForms
)

// takesKeys reports whether the form for a key may be shown where something was
// pressed: the operator has to want it there.
func (a *Adapter) takesKeys(i *interaction) bool {
	return a.Check != nil && !a.KeyPage && slices.Contains(a.KeyForms, firstText(i.Guild, keyForDirect))
}

// keyForm warns, and asks for a key, whether it is a test key, and for the
// target where there are several.
func keyForm(i *interaction, id buttonID, targets []string) response {
	p := keyPhrasesFor(i.Locale)
	parts := []any{
		map[string]any{"type": 10, "content": p.Warning},
		label(p.Key, map[string]any{"type": 4, "custom_id": inputKey, "style": 1, "required": true, "max_length": keyText, "placeholder": p.Hint}),
		label(p.Consent, menu(inputConsent, option{p.Test, isTestKey, false}, option{p.Other, isOtherKey, false})),
	}
	if len(targets) > 1 {
		options := []option{{p.All, allTargets, true}}
		for _, name := range targets[:min(mostTargets, len(targets))] {
			options = append(options, option{name, name, false})
		}
		parts = append(parts, label(p.Target, menu(inputTarget, options...)))
	}
	form := buttonID{Kind: askKey, Reply: id.Reply, Asker: id.Asker, N: id.N}
	return response{Type: respondForm, Data: map[string]any{"custom_id": form.String(), "title": p.Title, "components": parts}}
}

type option struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

func label(text string, input map[string]any) map[string]any {
	return map[string]any{"type": 18, "label": text, "component": input}
}

func menu(id string, options ...option) map[string]any {
	return map[string]any{"type": 3, "custom_id": id, "options": options, "required": true}
}

// keySubmitted takes a key, which the interaction forgets at once: it becomes a
// secret, or is dropped where it is not wanted. Where it came from is what Discord
// says of the message with the button.
func (a *Adapter) keySubmitted(ctx context.Context, i *interaction, id buttonID) response {
	typed, chosen := i.takeKey()
	p := keyPhrasesFor(i.Locale)
	switch {
	case i.Message == nil || !a.takesKeys(i):
		return note(phrasesFor(i.Locale).Failed)
	case !i.mayPress(id):
		return note(phrasesFor(i.Locale).NotYours)
	case strings.TrimSpace(typed) == "":
		return note(p.Empty)
	case chosen[inputConsent] != isTestKey:
		return note(p.Refused)
	}
	q := bot.CheckRequest{By: i.from(), In: a.placeOf(ctx, i), Key: bot.HandedIn(typed)}
	if target := chosen[inputTarget]; target != "" && target != allTargets {
		q.Targets = []string{target}
	}
	asker := i.from()
	asker.ID = firstText(id.Asker, asker.ID) // staff speak for the asker
	if !a.startKeyCheck(ctx, i, q, asker) {
		q.Key.Clear()
		return note(p.Crowded)
	}
	return response{Type: respondThinking, Data: map[string]any{"flags": ephemeral}}
}

// startKeyCheck starts the checks of a form, once: an interaction that comes
// twice is answered twice, and Discord drops the second answer.
func (a *Adapter) startKeyCheck(ctx context.Context, i *interaction, q bot.CheckRequest, asker bot.User) bool {
	first := false
	a.pressed.change("key:"+i.ID, func(done bool) bool { first = !done; return true })
	if !first {
		q.Key.Clear()
		return true
	}
	t := &ticket{ID: i.ID, App: i.App, Token: i.Token, Locale: i.Locale, Came: i.came, Command: true, Direct: i.Guild == "", ready: i.ready}
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	a.keepLatest(ctx, q.In, t)
	v := &keyView{Adapter: a, ticket: t}
	return a.after(func(ctx context.Context) { v.check(ctx, q, asker) })
}

// takeKey takes what was entered out of an interaction: the key, and what was
// chosen.
func (i *interaction) takeKey() (key string, chosen map[string]string) {
	chosen = map[string]string{}
	for _, part := range i.Data.Components {
		key = firstText(key, part.value(inputKey))
		part.choices(chosen)
	}
	i.Data.Components = nil
	return key, chosen
}

// choices collects the first value of every select.
func (p *formPart) choices(into map[string]string) {
	if len(p.Values) > 0 {
		into[p.CustomID] = p.Values[0]
	}
	if p.Component != nil {
		p.Component.choices(into)
	}
	for _, c := range p.Components {
		c.choices(into)
	}
}
