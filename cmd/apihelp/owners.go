package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
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

// Decode implements [envconfig.Decoder]: JSON, or a file with it.
func (h *handoff) Decode(s string) error {
	data := []byte(s)
	if !strings.HasPrefix(strings.TrimSpace(s), "[") {
		var err error
		if data, err = os.ReadFile(s); err != nil {
			return fmt.Errorf("%w; %s", err, ownerExample)
		}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var settings []ownerSetting
	if err := dec.Decode(&settings); err != nil {
		return errors.New("not a list of owners; " + ownerExample) // the error may quote a secret
	}
	var faults []error
	for i, o := range settings {
		if err := h.add(o); err != nil {
			faults = append(faults, fmt.Errorf("owner %d: %w", i+1, err))
		}
	}
	return errors.Join(faults...)
}

// add takes one owner over.
func (h *handoff) add(o ownerSetting) error {
	owner := bot.Owner{Topic: o.Topic}
	places := 0
	if o.Slack != "" {
		places++
		owner.To, owner.Notify = bot.Conversation{Adapter: "slack", Team: o.Team, Channel: o.Slack}, groups(o.Group)
	}
	if o.Discord != "" {
		places++
		owner.To, owner.Notify = bot.Conversation{Adapter: "discord", Team: o.Guild, Channel: o.Discord}, groups(o.Role)
	}
	if o.Webhook != "" {
		places++
		hook := webhook.Hook{URL: o.Webhook, Secret: o.Secret}
		if err := hook.Validate(); err != nil {
			return err
		}
		owner.To, h.hooks = bot.Conversation{Adapter: webhook.Name, Channel: o.Webhook}, append(h.hooks, hook)
	}
	switch {
	case o.Topic == "":
		return errors.New(`"topic" is missing; write the ID of a topic, or "*" for all others`)
	case places != 1:
		return errors.New(`write one of "slack", "discord" and "webhook"; for several write several owners`)
	case o.Slack != "" && o.Team == "":
		return errors.New(`"team" is missing; write the ID of the workspace, which begins with T`)
	case o.Discord != "" && o.Guild == "":
		return errors.New(`"guild" is missing; write the ID of the server`)
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
