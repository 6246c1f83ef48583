package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// What one post may hold. Slack takes 50 blocks, about 12,000 characters in
// all of them, and 4,000 of text when a message is updated; the rest is slack
// for what Slack counts in other ways, and for the line that [settle] adds.
const (
	postBlocks = 48
	postSize   = 11_000
	postText   = 3800
)

// A post is one message of Slack's: a reply may need several. Text is escaped,
// and says all that the blocks say. A post without blocks must be sent with
// mrkdwn off, for Slack formats such a text.
type post struct {
	Text   string
	Blocks []slackgo.Block
}

// A view is what differs by the place where a reply is read.
type view struct {
	Ephemeral bool // only the asker sees it: offer to post it, or to go on in a direct message
	Outsiders bool // people of other companies read the channel: ask before posting there
}

// render turns a reply into posts that fit Slack's limits, counted after
// escaping. Every word of the reply is in one of them, its choices are on the
// last. A reply without a word gives no post.
func render(r bot.Reply, v view) []post {
	var p packer
	line := mentions(r, v)
	if line != "" { // for which the first post keeps room
		p.size, p.text = blockSize(mentionBlock(line)), length(line)+len("\n\n")
	}
	buttons, spelled := pressable(r.Blocks)
	for _, part := range append(contents(r.Blocks), paragraphs(bot.Rich(spelled))...) {
		p.add(part)
	}
	for _, part := range rows(r, buttons, v, len(p.says) > 0) {
		p.add(part)
	}
	p.flush()
	if line != "" && len(p.posts) > 0 {
		first := &p.posts[0]
		first.Text = line + "\n\n" + first.Text
		first.Blocks = append([]slackgo.Block{mentionBlock(line)}, first.Blocks...)
	}
	return p.posts
}

// plainPost is what to send when Slack refuses the blocks of [render]: the same
// posts, one for one, as text only.
func plainPost(r bot.Reply) []post {
	posts := render(r, view{})
	for i := range posts {
		posts[i].Blocks = nil
	}
	return posts
}

// A part is a piece of a reply that is one block.
type part struct {
	says  bot.Block // what the text of the post says of it
	shows slackgo.Block
}

// A packer puts parts into as few posts as they fit in.
type packer struct {
	posts []post

	says       []bot.Block // of the post that is being filled
	shows      []slackgo.Block
	size, text int
	pressable  bool
}

func (p *packer) add(part part) {
	_, buttons := part.shows.(*slackgo.ActionBlock)
	size, text := blockSize(part.shows), length(plain(part.says))+len("\n\n")
	if len(p.says) == postBlocks || p.size+size > postSize || p.text+text > postText || p.pressable {
		p.flush()
	}
	p.says, p.shows = append(p.says, part.says), append(p.shows, part.shows)
	p.size, p.text, p.pressable = p.size+size, p.text+text, buttons
}

func (p *packer) flush() {
	if len(p.says) > 0 {
		p.posts = append(p.posts, post{Text: escape(plain(p.says...)), Blocks: p.shows})
	}
	*p = packer{posts: p.posts}
}

func plain(blocks ...bot.Block) string { return bot.Reply{Blocks: blocks}.Plain() }

// blockSize counts the characters of the JSON of a block or an element, with
// its texts escaped. Texts alone are not enough: Slack refuses messages whose
// texts are below its limit, for the structure around them.
func blockSize(b any) int {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		panic(fmt.Sprintf("slack: encode a block of our own: %v", err))
	}
	return utf8.RuneCountInString(escape(out.String()))
}
