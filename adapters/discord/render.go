package discord

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"apihelp/bot"
)

// What one post may hold, in the measure of [size]. Discord takes 4,000
// characters in all text displays of a message, and 2,000 in its content; the
// rest is for the note that [settled] adds. A heading takes headRoom at most, so
// that it fits into one post with what follows.
const (
	v2Room    = 3800 * unit
	plainRoom = 1800 * unit
	headRoom  = 300 * unit
)

// mostSections is the most text displays of a post. With the lines between
// them, five rows and 25 buttons they stay below Discord's 40 components.
const mostSections = 4

// A view is what differs by the place where a reply is read.
type view struct {
	Ephemeral bool   // only the asker sees it: offer to post it where all do
	Locale    string // of the reader, as Discord names it
}

// render turns a reply into posts made of components, all within Discord's
// limits. Every word of the reply is in one of them, its choices are on the
// last. A reply without a word gives no post.
func render(r bot.Reply, v view) []post {
	return posts(r, v, v2Room, func(group []piece, rows []component) post {
		box := component{Type: discordgo.ContainerComponent, Components: append(sections(group), rows...)}
		return post{Components: []component{box}, Flags: discordgo.MessageFlagsIsComponentsV2}
	})
}

// plainPosts is what to send when Discord refuses what [render] gives: the same
// as content, with rows of buttons below the last. There may be more of them.
func plainPosts(r bot.Reply, v view) []post {
	all := posts(r, v, plainRoom, func(group []piece, rows []component) post {
		return post{Content: join(group), Components: rows}
	})
	for i := range all {
		all[i].Nonce = strings.Replace(all[i].Nonce, ".", "~", 1) // these are other messages
	}
	return all
}

// posts fills posts of a size with a reply, each built from what it says and
// from the rows of buttons below.
func posts(r bot.Reply, v view, room int, build func([]piece, []component) post) []post {
	buttons, spelled := offered(r, v)
	roles := notified(r, v)
	room -= size(mentions(roles)) + gapSize
	content := append(contents(r.Blocks, room-headRoom), paragraphs(bot.Rich(spelled), room-headRoom)...)
	if len(content) > 0 && v.Ephemeral && !r.Private {
		buttons = append(buttons, postButton(r, v))
	}
	if len(content) == 0 && len(buttons) > 0 {
		content = []piece{{text: escape(phrasesFor(v.Locale).Choose)}}
	}
	var all []post
	groups := pack(content, room)
	for i, group := range groups {
		var rows []component
		if i == len(groups)-1 {
			rows = rowsOf(buttons)
		}
		p := build(group, rows)
		p.Flags |= discordgo.MessageFlagsSuppressEmbeds
		if v.Ephemeral {
			p.Flags |= discordgo.MessageFlagsEphemeral
		}
		if i == 0 {
			p.notify(roles)
		}
		p.Nonce = r.ID + "." + strconv.FormatInt(int64(i), 36)
		all = append(all, p)
	}
	return all
}

// A piece is a part of a reply that is not cut any more, as Markdown.
type piece struct {
	text    string
	heading bool
	step    int // the number in front, of an item of a list
}

// gap is what separates a piece from the one before. Discord numbers a list on
// from its first item, so one that leaves numbers out must be two, and an empty
// line alone does not end a list.
func (p piece) gap(before piece) string {
	switch {
	case before.heading || before.step > 0 && p.step == before.step+1:
		return "\n"
	case before.step > 0 && p.step > 0:
		return "\n" + invisible + "\n"
	}
	return "\n\n"
}

// gapSize is the most that a gap takes.
const gapSize = 4 * unit

// join is the text of some pieces.
func join(group []piece) string {
	var b strings.Builder
	for i, p := range group {
		if i > 0 {
			b.WriteString(p.gap(group[i-1]))
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// pack puts pieces into as few groups of a size as they fit in. A heading stays
// with what follows.
func pack(pieces []piece, room int) [][]piece {
	var groups [][]piece
	var now []piece
	used := 0
	for _, p := range pieces {
		need := size(p.text) + gapSize
		if len(now) > 0 && used+need > room {
			end := len(now)
			if end > 1 && now[end-1].heading {
				end--
			}
			groups, now = append(groups, now[:end:end]), slices.Clone(now[end:])
			used = size(join(now)) + gapSize
		}
		now, used = append(now, p), used+need
	}
	if len(now) > 0 {
		groups = append(groups, now)
	}
	return groups
}

// sections are text displays with a line between them, one for each heading as
// long as there may be more.
func sections(group []piece) []component {
	var all []component
	for start, count := 0, 1; start < len(group); count++ {
		end := start + 1
		for end < len(group) && (!group[end].heading || count == mostSections) {
			end++
		}
		if start > 0 {
			all = append(all, component{Type: discordgo.SeparatorComponent})
		}
		all = append(all, component{Type: discordgo.TextDisplayComponent, Content: join(group[start:end])})
		start = end
	}
	return all
}
