package discordtest

import (
	"encoding/json"
	"errors"
	"time"
)

// What a person reads when the app doesn't take an interaction.
var (
	ErrTimeout  = errors.New("discordtest: the application did not respond") // not acknowledged in 3 s
	ErrDispatch = errors.New("discordtest: the interaction endpoint failed") // an HTTP answer Discord doesn't take
	ErrNoSuch   = errors.New("discordtest: nothing like that")               // the person sees no such command, button, message or modal
	ErrArchived = errors.New("discordtest: the thread is archived")          // buttons there do nothing
	ErrInput    = errors.New("discordtest: input refused")                   // a required input is empty, or one is too short or long
)

// The limits of an interaction: [D:interactions/receiving-and-responding].
const (
	ackWait   = 3 * time.Second
	tokenLife = 15 * time.Minute
)

// The types of interactions.
const (
	interCommand      = 2
	interComponent    = 3
	interAutocomplete = 4
	interModal        = 5
)

// The types of callbacks.
const (
	CallbackMessage        = 4
	CallbackDeferred       = 5
	CallbackDeferredUpdate = 6
	CallbackUpdate         = 7
	CallbackChoices        = 8
	CallbackModal          = 9
)

// An Interaction is a command, a press, a form or an autocompletion on its way
// to the app, and what came of it.
type Interaction struct {
	ID, Token string

	s         *Server
	kind      int
	u         *User
	c         *Channel
	source    *Message     // whose component was pressed
	opener    *Interaction // that showed the modal
	name      string
	menu      bool      // of a message command
	created   time.Time // by the server's clock
	sent      time.Time // by the real clock
	took      time.Duration
	err       error
	over      chan struct{} // closed when it is acknowledged or lost
	response  int           // type of the callback, 0 before it
	data      json.RawMessage
	original  *Message
	deferred  bool // the original is still "thinking"
	followups []*Message
	modal     *Modal
}

type interactions struct {
	byID    map[string]*Interaction
	byToken map[string]*Interaction
}

func newInteractions() interactions {
	return interactions{byID: map[string]*Interaction{}, byToken: map[string]*Interaction{}}
}

// Err waits until the app has acknowledged the interaction, and returns nil
// then. It returns what the person sees otherwise, at the latest after 3 s:
// [ErrTimeout], [ErrDispatch], [ErrNoSuch], [ErrArchived] or [ErrInput].
func (i *Interaction) Err() error {
	<-i.over
	defer i.s.lockQuietly()()
	return i.err
}

// Response waits like [Interaction.Err] and returns the type and the data of
// the callback, 0 and nil if there was none.
func (i *Interaction) Response() (int, json.RawMessage) {
	<-i.over
	defer i.s.lockQuietly()()
	return i.response, i.data
}

// Took waits like [Interaction.Err] and returns the time until the
// acknowledgement, by the real clock.
func (i *Interaction) Took() time.Duration {
	<-i.over
	defer i.s.lockQuietly()()
	return i.took
}

// Original is the message of the response as it stands now: "thinking" (with
// FlagLoading) until a deferred one is edited; for a press that was answered
// with an update, the pressed message. It is nil if there is none.
func (i *Interaction) Original() *Message {
	defer i.s.lockQuietly()()
	if i.original == nil {
		return nil
	}
	if live := i.original.live(); live != nil {
		return live.copy()
	}
	return nil
}

// Followups are the messages after the response, oldest first, as they stand
// now. The first after a deferral is the original, so it isn't among them.
func (i *Interaction) Followups() []*Message {
	defer i.s.lockQuietly()()
	var out []*Message
	for _, m := range i.followups {
		if live := m.live(); live != nil {
			out = append(out, live.copy())
		}
	}
	return out
}

// Modal waits like [Interaction.Err] and returns the modal that the app showed
// in answer, nil if it showed none.
func (i *Interaction) Modal() *Modal {
	<-i.over
	defer i.s.lockQuietly()()
	return i.modal
}

// Choices waits like [Interaction.Err] and returns the names of the choices
// that an autocompletion offered.
func (i *Interaction) Choices() []string {
	_, data := i.Response()
	var d struct {
		Choices []struct{ Name string }
	}
	_ = json.Unmarshal(data, &d)
	var names []string
	for _, c := range d.Choices {
		names = append(names, c.Name)
	}
	return names
}

// end settles the interaction. The caller holds s.mu.
func (i *Interaction) end(err error) {
	select {
	case <-i.over:
	default:
		i.err, i.took = err, time.Since(i.sent)
		close(i.over)
	}
}

func (i *Interaction) late() bool    { return i.s.o.Clock().Sub(i.created) > ackWait }
func (i *Interaction) expired() bool { return i.s.o.Clock().Sub(i.created) > tokenLife }

// metadata is interaction_metadata of a message.
func (i *Interaction) metadata() object {
	w := object{"id": i.ID, "type": i.kind, "user": i.u.wire(), "authorizing_integration_owners": i.owners()}
	switch {
	case i.kind == interCommand:
		w["name"] = i.name
		w["command_type"] = map[bool]int{false: 1, true: 3}[i.menu]
	case i.kind == interComponent && i.source != nil:
		w["interacted_message_id"] = i.source.ID
	case i.kind == interModal && i.opener != nil:
		w["triggering_interaction_metadata"] = i.opener.metadata()
	}
	return w
}

func (i *Interaction) owners() object {
	if i.c.g == nil {
		return object{"0": "0"}
	}
	return object{"0": i.c.g.ID}
}
