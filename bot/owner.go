package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"apihelp/sessions"
)

// AnyTopic is the topic of an [Owner] who takes over what nobody else does.
const AnyTopic = "*"

// An Owner is told when a person is called for a topic.
type Owner struct {
	Topic  string       // ID of the entry, or AnyTopic
	To     Conversation // where they read; of any adapter
	Notify []string     // the groups whose attention is wanted there
}

// owners returns who is told about a topic: its own, or else those of any.
func (b *Bot) owners(topic string) []Owner {
	for _, id := range []string{topic, AnyTopic} {
		own := slices.DeleteFunc(slices.Clone(b.Owners), func(o Owner) bool { return o.Topic != id })
		if len(own) > 0 {
			return own
		}
	}
	return nil
}

// isOwners reports whether a conversation is where owners read, or a thread
// there.
func (b *Bot) isOwners(c Conversation) bool {
	return slices.ContainsFunc(b.Owners, func(o Owner) bool {
		return o.To.Adapter == c.Adapter && o.To.Channel == c.Channel && (o.To.Team == "" || o.To.Team == c.Team)
	})
}

// What the buttons below a ticket say, before the name of the conversation that
// it is about.
const (
	sayTake  = "take "
	sayClose = "close "
)

// tickets are the messages to the owners of what a plan hands over.
func (b *Bot) tickets(m Message, plan Plan) []outgoing {
	if plan.Ticket == nil {
		return nil
	}
	p := phrasesFor(english)
	title := p.template("ticket.any")
	if e := b.Guide().Entry(plan.Ticket.Topic); e != nil {
		title = topicOf(e).Title
	}
	var out []outgoing
	for i, o := range b.owners(plan.Ticket.Topic) {
		facts := append(Facts{}, plan.Ticket.Facts...)
		facts = append(facts, Fact{p.say("fact.reply"), Rich{{Text: ReplyName(m, 0), Style: Mono}}})
		r := Reply{ID: ReplyID(m, 100+i), Notify: o.Notify, Blocks: []Block{Heading(p.say("ticket.title", "topic", title)), facts, Choices{
			{Label: p.template("ticket.take"), Say: sayTake + m.In.String()}, {Label: p.template("ticket.close"), Say: sayClose + m.In.String()},
		}}}
		out = append(out, outgoing{To: o.To, Reply: r, About: &m.In})
	}
	return out
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
	}
	data, err := json.Marshal(outgoing{To: o.To, Reply: o.Reply})
	if err != nil {
		return fmt.Errorf("bot: encode ticket: %w", err)
	}
	return b.change(ctx, sessions.Key{Lane: lane(a), Conversation: o.To.String()}, func(s sessions.Session) (sessions.Change, bool) {
		return sessions.Change{Session: s, Replies: [][]byte{data}}, s.Observe(o.Reply.ID)
	})
}

// withLink adds the address of the conversation that a ticket is about.
func (b *Bot) withLink(ctx context.Context, o outgoing) outgoing {
	linker, ok := b.adapters[o.About.Adapter].(Linker)
	if !ok {
		return o
	}
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
		if s.Observe("") {
			c.Session.Seen = slices.DeleteFunc(slices.Clone(c.Session.Seen), func(id string) bool { return id == "" })
		}
		_, err = b.Store.Commit(ctx, key, c)
		if err == nil || !errors.Is(err, sessions.ErrConflict) {
			return err
		}
	}
}

// aboutTicket returns the conversation that a press below a ticket is about, if
// it is one: only owners can press there.
func (b *Bot) aboutTicket(m Message) (about Conversation, closes, ok bool) {
	if m.Presses == "" || !b.isOwners(m.In) {
		return about, false, false
	}
	name, ok := strings.CutPrefix(m.Text, sayTake)
	if !ok {
		name, ok = strings.CutPrefix(m.Text, sayClose)
		closes = true
	}
	if !ok {
		return about, false, false
	}
	about, ok = parseConversation(name)
	return about, closes, ok
}
