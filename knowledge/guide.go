// Package knowledge is what the bot knows: a company's troubleshooting guide,
// written in Markdown, read into topics and codes, and the matcher that finds
// the ones a message is about.
//
// It knows nothing of chat platforms, conversations or checks. Start reading
// at [Guide].
package knowledge

// A Guide is a parsed troubleshooting guide. It never changes, so any number
// of goroutines may ask it; a changed file gives a new Guide.
type Guide struct {
	// Entries are the topics and codes, in the order of the guide.
	Entries []*Entry

	// Version tells this text of the guide from every other: twelve hexadecimal
	// digits of its SHA-256.
	Version string

	// Faults are what the guide contains and the bot cannot use, in the
	// order of the guide. They do not keep the rest from working.
	// [Guide.Lint] finds more.
	Faults []Fault

	order fileOrder
	index *index
}

// Entry returns the entry with the given ID, or nil.
func (g *Guide) Entry(id string) *Entry { return g.index.byID[id] }

// An EntryKind tells topics from codes.
type EntryKind uint8

const (
	Topic EntryKind = iota // a heading and what stands below it
	Code                   // an error code and its meaning
)

// An Entry is one thing that the bot can answer with.
type Entry struct {
	// ID names the entry in sessions, logs and scripts. A topic's is the
	// slug that GitHub gives its heading, after "file#" in a folder of
	// guides; a code's is the code as the guide writes it.
	ID string

	Kind     EntryKind
	Title    string   // the heading, or the code
	Category []string // the headings above it, outermost first
	Pos      Pos

	Body  []Part // a topic's content, in reading order; empty for a code
	Hints        // what the guide's author added for the bot; topics only

	Meaning  Rich // what the code says; codes only
	Solution Rich // what to do about it, if the guide says; codes only

	// Related are the topics that a code belongs to, best first, or the
	// codes that belong to a topic, in the order of the guide.
	Related []*Entry
}

// Steps returns the steps of a topic, all of them, in the guide's order.
func (e *Entry) Steps() []Rich {
	var steps []Rich
	for _, p := range e.Body {
		if p.Kind == Steps {
			steps = append(steps, p.Items...)
		}
	}
	return steps
}

// Pos is a place in a guide.
type Pos struct {
	File string // as given to [Parse]
	Line int    // counted from 1
}

// A PartKind tells the parts of a topic apart.
type PartKind uint8

const (
	Prose   PartKind = iota // one paragraph: Items[0]
	Steps                   // an ordered list: one item a step, numbered on from the part before
	List                    // a bullet list: one item a bullet
	Listing                 // a code block: Items[0] is one span, verbatim
	Codes                   // codes with their meaning: Codes
)

// A Part is one block of a topic.
type Part struct {
	Kind  PartKind
	Items []Rich
	Lang  string   // of a Listing, if the guide says
	Codes []*Entry // of Codes
}

// Hints are what an author tells the bot about a topic, in a comment below
// its heading that readers of the guide do not see. All are optional.
type Hints struct {
	Aliases     []string // other names of the topic
	Symptoms    []string // what people say who need it
	NotSymptoms []string // what people say who need something else
	Codes       []string // codes that lead here
	Checks      []string // live checks that tell whether this is it; see [CheckNames]
	EscalateTo  string   // who takes over when the steps did not help

	// MustMatch are messages that the topic must answer, and MustNotMatch
	// ones that it must not. The matcher does not learn from them;
	// [Guide.Lint] holds it to them.
	MustMatch, MustNotMatch []string

	mustMatchAt, mustNotMatchAt []int // the line of each
}

// CheckNames are the live checks that a guide may name, in the order in which
// they run.
var CheckNames = []string{"credential", "dns", "tcp", "tls", "http", "auth", "limits"}
