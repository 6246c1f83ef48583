package knowledge

import "fmt"

// A Fault is something in a guide that the bot cannot use, and where.
type Fault struct {
	Pos
	Msg   string // what is wrong and what to do
	Fatal bool   // the guide cannot be used at all
}

// Error returns the fault as file:line: message.
func (f Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Msg) }
