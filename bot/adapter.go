package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// An Adapter connects the bot to one chat platform. Implementations are safe
// for concurrent use and pass the suite in package adaptertest.
type Adapter interface {
	// Name is the adapter's lower-case name. It never changes: session
	// keys, metrics and logs contain it.
	Name() string

	// Run connects, calls accept for each message meant for the bot, and
	// returns nil soon after ctx is done or the people at the other end
	// have left for good. It reconnects by itself, and returns an error
	// only for what no retry can mend, such as a refused token. Send works
	// before Run is called and after it has returned.
	Run(ctx context.Context, accept Accept) error

	// Send posts r in c, in several posts if one can't hold it, and returns
	// the first. A failure of the platform is a [*SendError].
	Send(ctx context.Context, c Conversation, r Reply) (Ref, error)
}

// An Editor is an adapter that can replace what it posted.
type Editor interface {
	// Edit makes r the content of what ref names, or posts r anew if the
	// platform does not let it, and returns what is there now. A failure is a
	// [*SendError].
	Edit(ctx context.Context, ref Ref, r Reply) (Ref, error)
}

// A Linker is an adapter whose conversations have addresses that a browser
// opens.
type Linker interface {
	// Link returns the address of a conversation, or nothing if it has none
	// that others could open, as a direct message.
	Link(ctx context.Context, c Conversation) string
}

// A Connected adapter knows whether its platform can be reached.
type Connected interface {
	// Connection returns nil, or why there is no connection at the moment. The
	// text contains no secret.
	Connection() error
}

// Accept takes a message over. When it returns nil, what the bot decided is
// saved and the platform may be told so; when it returns an error, nothing
// happened and the platform should deliver the message again. It needs no
// network but the session store's, and is safe for concurrent use.
type Accept func(ctx context.Context, m Message) error

// ErrPast is what accept returns for a choice that came too late: of a reply
// that was chosen from already, or is not the last one any more. Nothing
// happened, and nothing would the next time.
var ErrPast = errors.New("the choice came too late")

// A Ref names a post, for the adapter that made it.
type Ref struct {
	In Conversation
	ID string // the platform's; never empty
}

// A Local adapter talks to people whom only one process at a time can reach,
// such as the one at its terminal. A process that starts in the same place
// takes the conversation over, and with it what a dead one left to be said.
type Local interface {
	// Home names the place. It is the same after a restart.
	Home() string
}

// A SendError is a platform's refusal of a reply. Its text contains no token
// and no URL that carries one.
type SendError struct {
	Adapter string
	Retry   bool          // the same reply may be taken later
	After   time.Duration // not sooner than this, if the platform said
	Err     error
}

// Error names the adapter and the cause.
func (e *SendError) Error() string { return fmt.Sprintf("%s: send: %v", e.Adapter, e.Err) }

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }
