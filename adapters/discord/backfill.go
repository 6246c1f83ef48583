package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What is looked through after a new session of the gateway.
const (
	seenKey      = "seen"
	seenChannels = 50               // the last in which somebody addressed the bot
	seenAge      = 10 * time.Minute // older messages are past
	pageSize     = 100
	pages        = 5 // of each channel at most
)

// seen is the last message of a channel that was addressed to the bot.
type seen struct {
	Channel string `json:"channel"`
	Guild   string `json:"guild"`
	Kind    *int   `json:"kind,omitempty"` // of the channel, which REST does not say of a message
	Message string `json:"message"`
}

// remember keeps the channel of a message among those that are looked through
// after a new session. It is a courtesy: an error is only logged.
func (a *Adapter) remember(ctx context.Context, m *message) {
	a.seen.Lock()
	defer a.seen.Unlock()
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	list := a.remembered(ctx)
	list = slices.DeleteFunc(list, func(s seen) bool { return s.Channel == m.Channel })
	list = append([]seen{{m.Channel, m.Guild, m.ChannelType, m.ID}}, list...)
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

// catchUp reads a channel from the last message that was addressed to the bot,
// or from ten minutes ago, whichever is later.
func (a *Adapter) catchUp(ctx context.Context, s seen) error {
	after := s.Message
	if recent := snowflake(time.Now().Add(-seenAge)); padded(recent) > padded(after) {
		after = recent
	}
	for range pages {
		var missed []message
		path := fmt.Sprintf("/channels/%s/messages?after=%s&limit=%d", s.Channel, after, pageSize)
		if err := a.rest.call(ctx, "GET", path, nil, &missed); err != nil || len(missed) == 0 {
			return err
		}
		slices.SortFunc(missed, func(x, y message) int { return strings.Compare(padded(x.ID), padded(y.ID)) })
		for i := range missed {
			m := &missed[i]
			m.Guild, m.ChannelType = s.Guild, s.Kind // which REST leaves out
			if err := a.hear(ctx, m, false); err != nil {
				return err
			}
		}
		after = missed[len(missed)-1].ID
	}
	return nil
}

// snowflake is the ID of something that was made at a time.
func snowflake(t time.Time) string {
	const epoch = 1420070400000 // Discord's, in milliseconds
	return strconv.FormatInt(max(0, t.UnixMilli()-epoch)<<22, 10)
}

// padded makes IDs, which are numbers that grow with time, compare as texts.
func padded(id string) string { return strings.Repeat("0", max(0, 20-len(id))) + id }
