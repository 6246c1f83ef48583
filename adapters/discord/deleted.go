package discord

import (
	"context"
	"time"

	"apihelp/bot"
)

// spoken is a message that was handed to the bot, as far as Discord does not
// repeat it when the message is deleted.
type spoken struct {
	In   bot.Conversation
	From bot.User
}

// deletion is what Discord says of messages that are gone.
type deletion struct {
	ID      string   `json:"id"`
	IDs     []string `json:"ids"`
	Channel string   `json:"channel_id"`
	Guild   string   `json:"guild_id"`
}

// unsaid tells the bot that messages are gone, so that it forgets them.
func (a *Adapter) unsaid(ctx context.Context, d deletion) error {
	ids := d.IDs
	if d.ID != "" {
		ids = append(ids, d.ID)
	}
	for _, id := range ids {
		for _, s := range a.spokenAs(d, id) {
			m := bot.Message{
				ID: id + "/deleted", Edits: id, In: s.In, From: s.From, At: time.Now().UTC(),
				Direct: d.Guild == "", Deleted: true, Overheard: true,
			}
			if err := a.take(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// spokenAs is where a deleted message was, and whose. What another process has
// handed over may have been in a thread, or have begun one of its own: Discord
// does not say which, and nothing comes of the wrong one.
func (a *Adapter) spokenAs(d deletion, id string) []spoken {
	if s, ok := a.spoken.get(id); ok {
		return []spoken{s}
	}
	in := bot.Conversation{Adapter: Name, Team: d.Guild, Channel: d.Channel}
	all := []spoken{{In: in}}
	if d.Guild != "" && id != d.Channel {
		in.Channel = id
		all = append(all, spoken{In: in})
	}
	return all
}
