package discord

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"apihelp/bot"
)

// A ticket is the right to answer an interaction: what its answer needs, and
// nothing that somebody wrote. Any process may have to send the answer, so it is
// kept on the shelf for as long as Discord takes it.
type ticket struct {
	ID, App, Token, Locale string
	Came                   time.Time
	Command                bool // the first post replaces "thinking …"
	Direct                 bool // nobody else reads along anyway

	ready chan struct{} // closed once the first response has gone out; nil for another process's
}

const (
	ticketLife = 14 * time.Minute       // Discord takes answers for 15
	shelfWait  = 200 * time.Millisecond // for what may not hold up an answer
)

// issue makes the ticket of an interaction the way to send the answer to m.
func (a *Adapter) issue(ctx context.Context, i *interaction, m bot.Message, command bool) {
	t := &ticket{ID: i.ID, App: i.App, Token: i.Token, Locale: i.Locale, Came: i.came, Command: command, Direct: i.Guild == "" && !command, ready: i.ready}
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	a.keepTicket(ctx, bot.ReplyID(m, 0), t)
	a.keepLatest(ctx, m.In, t)
}

// keepLatest makes a ticket the way to send what comes later in a conversation
// that only one user sees, such as what live checks found.
func (a *Adapter) keepLatest(ctx context.Context, c bot.Conversation, t *ticket) {
	if strings.HasPrefix(c.Thread, whisper) {
		later := *t
		later.Command = false // what replaces "thinking …" comes before
		a.keepTicket(ctx, latestIn(c), &later)
	}
}

// latestIn is where the latest ticket of a conversation is kept.
func latestIn(c bot.Conversation) string { return "in:" + c.String() }

func (a *Adapter) keepTicket(ctx context.Context, key string, t *ticket) {
	a.tickets.put(key, t)
	data, err := json.Marshal(t)
	if err == nil {
		err = a.Shelf.Put(ctx, "ticket:"+key, data, ticketLife)
	}
	if err != nil {
		a.Log.Debug("only this process can answer an interaction", "adapter", Name, "err", err)
	}
}

// ticketIn returns the ticket for a reply, or else the latest of its conversation.
func (a *Adapter) ticketIn(ctx context.Context, c bot.Conversation, reply string) *ticket {
	if t := a.ticket(ctx, reply); t != nil {
		return t
	}
	return a.ticket(ctx, latestIn(c))
}

// ticket returns the ticket for a reply, or nil if it is over.
func (a *Adapter) ticket(ctx context.Context, reply string) *ticket {
	t, ok := a.tickets.get(reply)
	if !ok {
		data, err := a.Shelf.Get(ctx, "ticket:"+reply)
		if err != nil || data == nil || json.Unmarshal(data, &t) != nil {
			return nil
		}
	}
	if time.Since(t.Came) > ticketLife {
		return nil
	}
	return t
}

// wait waits until the first response has gone out, if this process sends it.
func (t *ticket) wait(ctx context.Context) error {
	if t.ready == nil {
		return nil
	}
	select {
	case <-t.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// use sends a post as an answer to the interaction.
func (a *Adapter) use(ctx context.Context, t *ticket, p post, first bool) error {
	path := "/webhooks/" + t.App + "/" + t.Token
	if t.Command && first {
		return a.rest.call(ctx, "PATCH", path+"/messages/@original", p, nil)
	}
	return a.rest.call(ctx, "POST", path, p, nil)
}
