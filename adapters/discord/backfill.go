package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What is looked through after a new session of the gateway.
const (
	seenKey      = "seen"
	seenChannels = 50               // the last in which somebody addressed the bot
	seenAge      = 10 * time.Minute // older messages are past
	pageSize     = 100
)

// seen is the last message of a channel that was addressed to the bot.
type seen struct {
	Channel string `json:"channel"`
	Guild   string `json:"guild"`
	Message string `json:"message"`
}

// remember keeps the channel of a message among those that are looked through
// after a new session. It is a courtesy: an error is only logged.
func (a *Adapter) remember(ctx context.Context, m *message) {
	list := a.remembered(ctx)
	list = slices.DeleteFunc(list, func(s seen) bool { return s.Channel == m.Channel })
	list = append([]seen{{m.Channel, m.Guild, m.ID}}, list...)
	data, err := json.Marshal(list[:min(len(list), seenChannels)])
	if err == nil {
		err = a.Shelf.Put(ctx, seenKey, data, 24*time.Hour)
	}
	if err != nil {
		a.Log.Debug("channel not remembered", "adapter", Name, "err", err)
	}
}

func (a *Adapter) remembered(ctx context.Context) []seen {
	var list []seen
	data, err := a.Shelf.Get(ctx, seenKey)
	if err == nil && data != nil {
		err = json.Unmarshal(data, &list)
	}
	if err != nil {
		a.Log.Debug("channels not remembered", "adapter", Name, "err", err)
	}
	return list
}

// backfill reads what was written while no session was there to bring it: the
// gateway brings back only what a session that is resumed has missed.
func (a *Adapter) backfill(ctx context.Context, _ int) {
	for _, s := range a.remembered(ctx) {
		if err := a.catchUp(ctx, s); err != nil {
			a.Log.Warn("missed messages not read", "adapter", Name, "err", plainError(err))
		}
	}
}

func (a *Adapter) catchUp(ctx context.Context, s seen) error {
	var missed []message
	path := fmt.Sprintf("/channels/%s/messages?after=%s&limit=%d", s.Channel, s.Message, pageSize)
	if err := a.rest.call(ctx, "GET", path, nil, &missed); err != nil {
		return err
	}
	slices.SortFunc(missed, func(x, y message) int { return strings.Compare(padded(x.ID), padded(y.ID)) })
	for i := range missed {
		m := &missed[i]
		m.Guild = s.Guild // which REST leaves out
		if time.Since(m.At) > seenAge {
			continue
		}
		if err := a.hear(ctx, m, false); err != nil {
			return err
		}
	}
	return nil
}

// padded makes IDs, which are numbers that grow with time, compare as texts.
func padded(id string) string { return strings.Repeat("0", max(0, 20-len(id))) + id }
