package slack

import (
	"context"
	"strings"
	"time"

	"apihelp/bot"
)

// replyOf returns the reply that a row of buttons belongs to: its block_id
// says so, in a message that another version posted the message does.
func replyOf(block, message string) string {
	if parts := strings.Split(block, ":"); len(parts) > 1 && strings.HasPrefix(block, rowPrefix) {
		return parts[1]
	}
	return message
}

// askerOf returns who may press a row of buttons, as [rowID] wrote it.
func askerOf(block string) bot.User {
	parts := strings.Split(block, ":")
	if len(parts) < 5 || !strings.HasPrefix(block, rowPrefix) {
		return bot.User{}
	}
	return bot.User{ID: parts[3], Team: parts[4]}
}

// postInChannel shows the topic of an answer that only the asker saw to the
// channel, soon.
func (a *Adapter) postInChannel(i *interaction) error {
	if !a.after(func(ctx context.Context) { a.share(ctx, i) }) {
		return errBusy
	}
	return nil
}

// share posts a line that says who shares what, and the answer in its thread.
// What was asked is not repeated.
func (a *Adapter) share(ctx context.Context, i *interaction) {
	topic := i.Actions[0].Value
	client, _, err := a.client(ctx, i.tenant())
	id := ""
	if err == nil {
		line := post{Text: escape(i.userName() + " shares from the troubleshooting guide: " + topic)}
		id, err = a.message(ctx, client, line, i.Channel.ID, "")
	}
	if err != nil {
		a.Log.Warn("answer not shared", "adapter", Name, "err", err)
		a.tell(ctx, i, cannotPost)
		return
	}
	channel, ts, _ := strings.Cut(id, "/")
	m := bot.Message{
		ID: "post:" + ts, From: i.user(), Text: topic, At: time.Now().UTC(),
		In: bot.Conversation{Adapter: Name, Team: i.tenant(), Channel: channel, Thread: ts},
	}
	if err := a.take(ctx, m); err != nil {
		a.Log.Warn("answer not shared", "adapter", Name, "err", err)
		return
	}
	a.settle(ctx, i, "Posted in the channel")
}

const cannotPost = "I cannot post in this channel. Invite me first: /invite, then my name."

// continueInDM answers with the topic where the asker and the bot are alone.
func (a *Adapter) continueInDM(ctx context.Context, i *interaction, act action) error {
	m := bot.Message{
		ID: "dm:" + act.Block, From: i.user(), Text: act.Value, At: time.Now().UTC(), Direct: true,
		In: bot.Conversation{Adapter: Name, Team: i.tenant(), Channel: i.User.ID},
	}
	if err := a.take(ctx, m); err != nil {
		return err
	}
	a.after(func(ctx context.Context) { a.settle(ctx, i, "Continued in our direct messages") })
	return nil
}
