package discord

import (
	"context"
	"encoding/json"
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
	key := bot.ReplyID(m, 0)
	a.tickets.put(key, t)
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	data, err := json.Marshal(t)
	if err == nil {
		err = a.Shelf.Put(ctx, "ticket:"+key, data, ticketLife)
	}
	if err != nil {
		a.Log.Debug("only this process can answer an interaction", "adapter", Name, "err", err)
	}
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
