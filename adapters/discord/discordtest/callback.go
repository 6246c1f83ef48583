package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

func interactionRoutes() map[string]handler {
	return map[string]handler{
		"POST /interactions/{id}/{token}/callback":          (*call).callback,
		"POST /webhooks/{app}/{token}":                      (*call).followUp,
		"GET /webhooks/{app}/{token}/messages/{message}":    (*call).getResponse,
		"PATCH /webhooks/{app}/{token}/messages/{message}":  (*call).editResponse,
		"DELETE /webhooks/{app}/{token}/messages/{message}": (*call).deleteResponse,
	}
}

// callback is POST /interactions/{}/{}/callback.
func (c *call) callback() (int, any, error) {
	i := c.s.inter.byID[c.id("id")]
	if i == nil || i.Token != c.id("token") || i.response == 0 && i.late() {
		return 0, nil, refuse(http.StatusNotFound, 10062, "Unknown interaction")
	}
	if i.response != 0 {
		return 0, nil, refuse(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	}
	m, err := i.answer(c.Body, c)
	if err != nil {
		return 0, nil, err
	}
	if c.Query.Get("with_response") != "true" {
		return http.StatusNoContent, nil, nil
	}
	return http.StatusOK, i.receipt(m), nil
}

// receipt is the answer to a callback with_response.
func (i *Interaction) receipt(m *Message) object {
	about := object{"id": i.ID, "type": i.kind}
	w := object{"interaction": about}
	if m == nil {
		return w
	}
	about["response_message_id"], about["response_message_loading"], about["response_message_ephemeral"] = m.ID, i.deferred, m.Ephemeral
	if i.response == CallbackMessage || i.response == CallbackUpdate {
		w["resource"] = object{"type": i.response, "message": m.wire()}
	}
	return w
}

// takes are the types of callback that an interaction may be answered with.
func (i *Interaction) takes() []int {
	switch {
	case i.kind == interAutocomplete:
		return []int{CallbackChoices}
	case i.kind == interCommand:
		return []int{CallbackMessage, CallbackDeferred, CallbackModal}
	case i.kind == interComponent:
		return []int{CallbackMessage, CallbackDeferred, CallbackDeferredUpdate, CallbackUpdate, CallbackModal}
	case i.source != nil:
		return []int{CallbackMessage, CallbackDeferred, CallbackDeferredUpdate, CallbackUpdate}
	}
	return []int{CallbackMessage, CallbackDeferred}
}

// answer takes the app's response, which came by REST or in an HTTP answer. c
// is nil for the latter.
func (i *Interaction) answer(body json.RawMessage, c *call) (*Message, error) {
	var b struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &b) != nil || !slices.Contains(i.takes(), b.Type) {
		return nil, invalid("type", "BASE_TYPE_CHOICES", fmt.Sprintf("Value of field \"type\" must be one of %v.", i.takes()))
	}
	m, err := i.act(b.Type, b.Data, c)
	if err != nil {
		return nil, err
	}
	i.response, i.data, i.original = b.Type, null(b.Data), m
	i.end(nil)
	return m, nil
}

// act does what the callback says and returns the original message.
func (i *Interaction) act(kind int, data json.RawMessage, c *call) (*Message, error) {
	switch kind {
	case CallbackMessage:
		d, err := i.draft(data, c)
		if err != nil {
			return nil, err
		}
		return i.say(d, d.flags()&FlagEphemeral != 0)
	case CallbackDeferred:
		return i.think(data)
	case CallbackUpdate:
		if i.source.live() == nil {
			return i.source, nil
		}
		if i.c.archived {
			return nil, refuse(http.StatusBadRequest, 50083, "Thread is archived")
		}
		edit := *i.call(c)
		edit.Call = &Call{Method: "POST", Path: "/interactions/" + i.ID + "/" + i.Token + "/callback", Body: null(data)}
		return i.source.live(), i.s.change(&edit, i.source.live())
	case CallbackChoices:
		return nil, checkChoices(data)
	case CallbackModal:
		modal, err := readModal(data)
		i.modal = modal
		return nil, err
	}
	return i.source, nil // deferred update
}

func (i *Interaction) call(c *call) *call {
	if c != nil {
		return c
	}
	return &call{Call: &Call{Method: "POST", Path: "/interactions/" + i.ID + "/" + i.Token + "/callback"}, s: i.s}
}

func (i *Interaction) draft(data json.RawMessage, c *call) (*draft, error) {
	d := &draft{}
	if len(data) > 0 && json.Unmarshal(data, d) != nil {
		return nil, invalid("data", "MODEL_TYPE_CONVERT", "Not an object of message data")
	}
	if c != nil {
		d.files = c.Files
	}
	if d.Mentions == nil { // unlike other messages, these ping users alone
		d.Mentions = &allowed{Parse: []string{"users"}}
	}
	return d, nil
}

// think shows "thinking" until the response is edited.
func (i *Interaction) think(data json.RawMessage) (*Message, error) {
	var d struct {
		Flags int `json:"flags"`
	}
	_ = json.Unmarshal(data, &d)
	if d.Flags&FlagComponentsV2 != 0 {
		return nil, invalid("data.flags", "INTERACTION_CALLBACK_FLAGS", "IS_COMPONENTS_V2 cannot be set on a deferred response")
	}
	i.deferred = true
	return i.place(&Message{author: i.s.world.bot, Author: i.s.appID, Flags: FlagLoading | d.Flags&FlagEphemeral}, d.Flags&FlagEphemeral != 0), nil
}

// say posts a message of the interaction.
func (i *Interaction) say(d *draft, ephemeral bool) (*Message, error) {
	m, err := i.s.compose(i.c, d)
	if err != nil {
		return nil, err
	}
	m.Flags = d.flags() &^ FlagEphemeral
	if ephemeral {
		m.Flags |= FlagEphemeral
	}
	i.s.pings(i.c, m, d, "POST an interaction's message", true)
	return i.place(m, ephemeral), nil
}

// place puts the message where people see it.
func (i *Interaction) place(m *Message, ephemeral bool) *Message {
	m.inter, m.webhook = i, ""
	switch {
	case i.menu:
		m.Type = typeContextMenu
	case i.kind == interCommand:
		m.Type = typeCommand
	}
	if !ephemeral {
		return i.s.add(i.c, m)
	}
	m.ID, m.Channel, m.created, m.Ephemeral, m.to = i.s.id(), i.c, i.s.o.Clock(), true, i.u
	i.u.ephemerals = append(i.u.ephemerals, m)
	return m
}

// checkChoices checks the data of an autocompletion's answer.
func checkChoices(data json.RawMessage) error {
	var d struct {
		Choices []object `json:"choices"`
	}
	if json.Unmarshal(data, &d) != nil || len(d.Choices) > 25 {
		return invalid("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for n, c := range d.Choices {
		if err := required(fmt.Sprintf("data.choices.%d.name", n), text(c, "name"), 100); err != nil {
			return err
		}
		if err := (length{fmt.Sprintf("data.choices.%d.value", n), text(c, "value"), 100}).check(); err != nil {
			return err
		}
	}
	return nil
}
