package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"apihelp/sessions"
)

// What the buttons below a ticket say. Which conversation it is about is kept
// on a shelf under the ticket's ID: buttons hold little, and what a reader
// types is no press.
const (
	sayTake  = "take ticket"
	sayClose = "close ticket"
)

const (
	ticketAge = 7 * 24 * time.Hour // how long a ticket can be taken or closed
	linkWait  = 5 * time.Second    // for the address of what a ticket is about
)

// ticketReply is where the IDs of the tickets begin that a message leads to,
// above those of the replies to it.
const ticketReply = 100

// tickets are the messages to the owners of what is handed over in answer to m.
func (b *Bot) tickets(m Message, talk sessions.Talk, t *Ticket) []outgoing {
	if t == nil {
		return nil
	}
	p := phrasesFor(english)
	topic := p.template("ticket.any")
	if e := b.Guide().Entry(t.Topic); e != nil {
		topic = topicOf(e).Title
	}
	name := Fact{p.say("fact.reply"), Rich{{Text: cmp.Or(talk.Answered, ReplyName(m, 0)), Style: Mono}}}
	blocks := []Block{
		Heading(p.say("ticket.title", "topic", topic)), append(slices.Clone(t.Facts), name),
		Choices{{Label: p.template("ticket.take"), Say: sayTake}, closing(p)},
	}
	var out []outgoing
	for i, o := range b.owners(t.Topic) {
		r := Reply{ID: ReplyID(m, ticketReply+i), Notify: o.Notify, Blocks: blocks}
		out = append(out, outgoing{To: o.To, Reply: r, About: &m.In})
	}
	return out
}

// closing is the choice that ends a handoff.
func closing(p phrases) Choice {
	return Choice{Label: p.template("ticket.close"), Say: sayClose}
}

// forward puts a message for another conversation in that one's own queue, so
// that it holds nobody up here.
func (b *Bot) forward(ctx context.Context, o outgoing) error {
	a, ok := b.adapters[o.To.Adapter]
	if !ok {
		b.Log.Error("ticket given up, no such adapter", "adapter", o.To.Adapter, "conversation", o.To.String(), "reply", o.Reply.ID)
		return nil
	}
	if o.About != nil {
		o = b.withLink(ctx, o)
		if err := b.aboutShelf(o.To).Put(ctx, aboutKey(o.To, o.Reply.ID), []byte(o.About.String()), ticketAge); err != nil {
			return fmt.Errorf("bot: keep what a ticket is about: %w", err)
		}
	}
	data, err := json.Marshal(outgoing{To: o.To, Reply: o.Reply, Patient: true})
	if err != nil {
		return fmt.Errorf("bot: encode ticket: %w", err)
	}
	return b.change(ctx, sessions.Key{Lane: lane(a), Conversation: o.To.String()}, func(s sessions.Session) (sessions.Change, bool) {
		fresh := s.Observe(o.Reply.ID)
		return sessions.Change{Session: s, Replies: [][]byte{data}}, fresh
	})
}

// aboutShelf is where it is kept what the tickets to an adapter's people are
// about.
func (b *Bot) aboutShelf(to Conversation) *sessions.Shelf {
	return b.Store.Shelf("tickets:" + to.Adapter)
}

func aboutKey(to Conversation, ticket string) string { return teamKey(to.Team) + ticket }

// about returns the conversation that a pressed ticket is about, and whether
// that is known still.
func (b *Bot) about(ctx context.Context, m Message) (Conversation, bool, error) {
	name, err := b.aboutShelf(m.In).Get(ctx, aboutKey(m.In, m.Presses))
	if err != nil {
		return Conversation{}, false, fmt.Errorf("bot: find what a ticket is about: %w", err)
	}
	in, ok := parseConversation(string(name))
	return in, ok, nil
}

// withLink adds the address of the conversation that a ticket is about.
func (b *Bot) withLink(ctx context.Context, o outgoing) outgoing {
	linker, ok := b.adapters[o.About.Adapter].(Linker)
	if !ok {
		return o
	}
	ctx, cancel := context.WithTimeout(ctx, linkWait)
	defer cancel()
	url := linker.Link(ctx, *o.About)
	if url == "" {
		return o
	}
	blocks := slices.Clone(o.Reply.Blocks)
	o.Reply.Blocks = slices.Insert(blocks, len(blocks)-1, Block(Para{{Text: phrasesFor(english).template("ticket.link") + " "}, {Text: url, URL: url}}))
	return o
}

// change saves what f makes of a session, and nothing if f reports false.
func (b *Bot) change(ctx context.Context, key sessions.Key, f func(sessions.Session) (sessions.Change, bool)) error {
	for {
		s, err := b.Store.Load(ctx, key)
		if err != nil {
			return fmt.Errorf("bot: load conversation: %w", err)
		}
		c, ok := f(s)
		if !ok {
			return nil
		}
		_, err = b.Store.Commit(ctx, key, c)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, sessions.ErrConflict):
			return fmt.Errorf("bot: commit conversation: %w", err)
		}
		b.Metrics.conflicts.Inc()
	}
}

// encodeAll writes messages down for the outbox.
func encodeAll(messages []outgoing) ([][]byte, error) {
	var out [][]byte
	for _, o := range messages {
		data, err := json.Marshal(o)
		if err != nil {
			return nil, fmt.Errorf("bot: encode reply: %w", err)
		}
		out = append(out, data)
	}
	return out, nil
}
