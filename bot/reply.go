package bot

import "apihelp/knowledge"

// A Span is a run of literal text in one style. A guide's text passes through
// the bot unchanged, so these are the guide's types.
type (
	Span  = knowledge.Span
	Rich  = knowledge.Rich
	Style = knowledge.Style
)

// The styles of a [Span].
const (
	Bold   = knowledge.Bold
	Italic = knowledge.Italic
	Mono   = knowledge.Mono
	Strike = knowledge.Strike
)

// A Reply is what the bot says, as blocks in reading order. It contains no
// platform and no markup; each adapter renders every block in its own way.
type Reply struct {
	// ID is the same for every attempt to send the reply, and for no other
	// reply: the idempotency key, where a platform has one. It has 20
	// characters; Discord's nonce takes 25.
	ID string

	// For is who asked. In public only they and their colleagues may press
	// the reply's choices.
	For User

	// Private says that only For may see it: where the platform has no such
	// thing, it goes to them as a direct message, and if that is not to be had
	// either, it is not sent.
	Private bool

	// Notify are the groups whose attention the operator wants, as the platform
	// names them: a user group of Slack's, a role of Discord's. They come from
	// the configuration alone.
	Notify []string

	Blocks []Block
}

// A Block is one of [Heading], [Para], [Steps], [Code], [Facts], [Report] and
// [Choices]. The set is closed: a renderer switches over all of it, and the
// suite in package adaptertest fails for one that forgets a case.
type Block interface{ block() }

type (
	// A Heading names what follows.
	Heading string

	// A Para is a paragraph.
	Para Rich

	// Steps is a numbered list whose first item has the number First.
	Steps struct {
		First int
		Items []Rich
	}

	// Code is text to be shown verbatim. Lang names its language, if known.
	Code struct{ Lang, Text string }

	// Facts are short labelled values.
	Facts []Fact

	// A Report is what live checks found, in the order in which they ran.
	Report []Row

	// Choices are what the reader may do next.
	Choices []Choice
)

// A Fact is a value and what it is.
type Fact struct {
	Label string
	Value Rich
}

// A Row is the finding of one check.
type Row struct {
	Mark   Mark
	Label  string
	Detail string
}

// A Mark is how a check came out.
type Mark string

// The marks of a [Row].
const (
	OK   Mark = "ok"
	Fail Mark = "fail"
	Warn Mark = "warn"
	Skip Mark = "skip"
)

// A Choice is a button, or a line to type where there are none. Pressing it
// says Say in the name of who pressed it, or opens URL if that is set.
type Choice struct {
	Label string
	Say   string
	URL   string
}

func (Heading) block() {}
func (Para) block()    {}
func (Steps) block()   {}
func (Code) block()    {}
func (Facts) block()   {}
func (Report) block()  {}
func (Choices) block() {}

// text is a paragraph without styles.
func text(s string) Para { return Para{{Text: s}} }
