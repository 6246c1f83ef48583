package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A member is one name and value of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// members returns those of an object in their order, duplicates included,
// which a map would lose. No error in this file quotes a value: any of them
// may be a secret.
func members(object []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("must be an object in braces")
	}
	var all []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, notJSON(object, err)
		}
		m := member{name: name.(string)} // what follows { or , is a name, or an error
		if err := d.Decode(&m.value); err != nil {
			return nil, notJSON(object, err)
		}
		all = append(all, m)
	}
	return all, nil
}

// notJSON says where in text the error of its decoder is.
func notJSON(text []byte, err error) error {
	at := len(text)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = min(at, max(0, int(syntax.Offset)-1))
	}
	before := text[:at]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := at - bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("is no JSON: look at line %d, column %d", line, column)
}
