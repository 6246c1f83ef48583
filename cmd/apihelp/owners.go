package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"apihelp/adapters/webhook"
	"apihelp/bot"
)

// handoff is who takes over what the bot hands over.
type handoff struct {
	owners []bot.Owner
	hooks  []webhook.Hook
}

// ownerSetting is an owner as the setting has it.
type ownerSetting struct {
	Topic   string `json:"topic"`
	Slack   string `json:"slack"`   // ID of a channel
	Team    string `json:"team"`    // of the workspace
	Group   string `json:"group"`   // ID of the user group to notify
	Discord string `json:"discord"` // ID of a channel
	Guild   string `json:"guild"`   // of the server
	Role    string `json:"role"`    // ID of the role to notify
	Webhook string `json:"webhook"`
	Secret  string `json:"secret"` // that posts are signed with
}

const ownerExample = `write [{"topic":"*","slack":"C0123456","team":"T0123456"}], or name a file with that`

// Decode implements [envconfig.Decoder]: JSON, or a file with it. Its errors
// quote nothing of either, for both contain secrets.
func (h *handoff) Decode(s string) error {
	data := []byte(s)
	if !strings.ContainsAny(s, "[{") {
		var err error
		if data, err = os.ReadFile(strings.TrimSpace(s)); err != nil {
			return errors.New("no file that this process can read; " + ownerExample)
		}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var settings []ownerSetting
	if err := dec.Decode(&settings); err != nil {
		return errors.New("not a list of owners; " + ownerExample)
	}
	var faults []error
	for i, o := range settings {
		for _, fault := range h.add(o) {
			faults = append(faults, fmt.Errorf("owner %d: %w", i+1, fault))
		}
	}
	return errors.Join(faults...)
}

// add takes one owner over, or returns all that is wrong with it.
func (h *handoff) add(o ownerSetting) (faults []error) {
	fault := func(wrong bool, what string) {
		if wrong {
			faults = append(faults, errors.New(what))
		}
	}
	hook := webhook.Hook{URL: o.Webhook, Secret: o.Secret}
	places := len(slices.DeleteFunc([]string{o.Slack, o.Discord, o.Webhook}, func(p string) bool { return p == "" }))
	fault(o.Topic == "", `"topic" is missing; write the ID of a topic, or "*" for all others`)
	fault(places != 1, `write one of "slack", "discord" and "webhook"; for several write several owners`)
	fault(o.Slack != "" && o.Team == "", `"team" is missing; write the ID of the workspace, which begins with T`)
	fault(o.Discord != "" && o.Guild == "", `"guild" is missing; write the ID of the server`)
	if o.Webhook != "" {
		if err := hook.Validate(); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) > 0 {
		return faults
	}
	owner := bot.Owner{Topic: o.Topic}
	switch {
	case o.Slack != "":
		owner.To, owner.Notify = bot.Conversation{Adapter: "slack", Team: o.Team, Channel: o.Slack}, groups(o.Group)
	case o.Discord != "":
		owner.To, owner.Notify = bot.Conversation{Adapter: "discord", Team: o.Guild, Channel: o.Discord}, groups(o.Role)
	default:
		owner.To, h.hooks = hook.Conversation(), append(h.hooks, hook)
	}
	h.owners = append(h.owners, owner)
	return nil
}

func groups(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

// checkOwners returns owners whose adapter or topic there is not.
func (p *program) checkOwners(adapters []bot.Adapter) error {
	var faults []error
	for _, o := range p.handoff.owners {
		if o.Topic != bot.AnyTopic && p.guide.Guide().Entry(o.Topic) == nil {
			faults = append(faults, fmt.Errorf("APIHELP_HANDOFF: the guide has no topic %q; 'apihelp guide topics' lists them", o.Topic))
		}
		known := false
		for _, a := range adapters {
			known = known || a.Name() == o.To.Adapter
		}
		if !known {
			faults = append(faults, fmt.Errorf("APIHELP_HANDOFF: %s is not configured; set it up, or take its owner out", o.To.Adapter))
		}
	}
	return errors.Join(faults...)
}

// handoffTime is how long the bot waits for a person: a minute at least.
type handoffTime time.Duration

// Decode implements [envconfig.Decoder].
func (t *handoffTime) Decode(s string) error { return (*idleTime)(t).Decode(s) }
