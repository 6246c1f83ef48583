package bot

import (
	"encoding/json"
	"errors"
	"fmt"
)

// blockJSON is a [Block] as it waits in the outbox: an object with one member
// that is named after its type.
type blockJSON struct {
	Heading *Heading `json:"heading,omitempty"`
	Para    *Para    `json:"para,omitempty"`
	Steps   *Steps   `json:"steps,omitempty"`
	Code    *Code    `json:"code,omitempty"`
	Facts   *Facts   `json:"facts,omitempty"`
	Report  *Report  `json:"report,omitempty"`
	Choices *Choices `json:"choices,omitempty"`
}

type replyJSON struct {
	ID      string      `json:"id"`
	For     *User       `json:"for,omitempty"`
	Private bool        `json:"private,omitempty"`
	Notify  []string    `json:"notify,omitempty"`
	Blocks  []blockJSON `json:"blocks"`
}

// MarshalJSON encodes the reply for the outbox.
func (r Reply) MarshalJSON() ([]byte, error) {
	out := replyJSON{ID: r.ID, Private: r.Private, Notify: r.Notify, Blocks: make([]blockJSON, len(r.Blocks))}
	if r.For != (User{}) {
		out.For = &r.For
	}
	for i, b := range r.Blocks {
		switch b := b.(type) {
		case Heading:
			out.Blocks[i].Heading = &b
		case Para:
			b = append(Para{}, b...) // nil would read back as no block
			out.Blocks[i].Para = &b
		case Steps:
			out.Blocks[i].Steps = &b
		case Code:
			out.Blocks[i].Code = &b
		case Facts:
			b = append(Facts{}, b...) // nil would read back as no block
			out.Blocks[i].Facts = &b
		case Report:
			b = append(Report{}, b...) // nil would read back as no block
			out.Blocks[i].Report = &b
		case Choices:
			b = append(Choices{}, b...) // nil would read back as no block
			out.Blocks[i].Choices = &b
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON decodes what MarshalJSON wrote. It refuses a block of a kind
// that it does not know, such as one that a newer version wrote.
func (r *Reply) UnmarshalJSON(data []byte) error {
	var in replyJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("bot: decode reply: %w", err)
	}
	*r = Reply{ID: in.ID, Private: in.Private, Notify: in.Notify}
	if in.For != nil {
		r.For = *in.For
	}
	for _, b := range in.Blocks {
		block := b.block()
		if block == nil {
			return fmt.Errorf("bot: decode reply %q: %w", in.ID, errUnknownBlock)
		}
		r.Blocks = append(r.Blocks, block)
	}
	return nil
}

var errUnknownBlock = errors.New("block of an unknown kind")

func (b blockJSON) block() Block {
	switch {
	case b.Heading != nil:
		return *b.Heading
	case b.Para != nil:
		return *b.Para
	case b.Steps != nil:
		return *b.Steps
	case b.Code != nil:
		return *b.Code
	case b.Facts != nil:
		return *b.Facts
	case b.Report != nil:
		return *b.Report
	case b.Choices != nil:
		return *b.Choices
	}
	return nil
}
