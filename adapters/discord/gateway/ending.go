package gateway

import (
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// An ending is why a connection is over, where more follows from that than to
// reconnect and resume.
type ending struct {
	err      error
	hopeless bool          // no attempt can help
	forget   bool          // the session is over
	wait     time.Duration // at least, before the next attempt
}

// Error implements error.
func (e ending) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e ending) Unwrap() error { return e.err }

// endingOf returns what follows from an error.
func endingOf(err error) ending {
	if e, ok := errors.AsType[ending](err); ok {
		return e
	}
	return ending{err: err}
}

// closing reads the error of a connection that was read from.
func closing(err error, stage string) error {
	closed, ok := errors.AsType[*websocket.CloseError](err)
	if !ok {
		return fmt.Errorf("gateway: read while waiting for %s: %w", stage, err)
	}
	e := ending{err: fmt.Errorf("gateway: closed while waiting for %s: %w", stage, err)}
	if hint := remedy(closed.Code); hint != "" {
		e.hopeless, e.err = true, fmt.Errorf("gateway: %s: %w", hint, err)
	}
	switch closed.Code {
	case 4003, 4007, 4009: // not authenticated, invalid sequence, session timed out
		e.forget = true
	}
	return e
}

// remedy says what to fix after a close code that forbids to reconnect, by
// Discord's table of gateway close event codes. It is empty for other codes.
func remedy(code int) string {
	switch code {
	case 4004:
		return "Discord refused the token; copy it again from the Bot page of the Developer Portal to DISCORD_BOT_TOKEN"
	case 4010:
		return "Discord refused the shard; run with the recommended number of shards"
	case 4011:
		return "the bot is in too many servers for its shards; restart it with the recommended number, or more, of them"
	case 4012:
		return "Discord no longer serves version 10 of its gateway; update apihelp"
	case 4013:
		return "Discord does not know the intents; correct them, or update apihelp"
	case 4014:
		return "Discord denied a privileged intent; switch on MESSAGE CONTENT INTENT on the Bot page of the Developer Portal, or unset it here"
	}
	return ""
}
