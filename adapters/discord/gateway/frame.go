package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"

	"github.com/gorilla/websocket"
)

// Opcodes of the gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatACK   = 11
)

const frameLimit = 4 << 20 // bytes; Discord's largest are the events of big servers

// errUnreadable is a frame to skip. It has none of its content.
var errUnreadable = errors.New("gateway: frame too long or not a payload")

// A payload is what a frame contains. Those that are sent have Op and Data.
type payload struct {
	Op   *int            `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s,omitempty"`
	Type string          `json:"t,omitempty"`
}

// readFrame reads one frame. After errUnreadable the next can be read.
func readFrame(conn *websocket.Conn) (payload, error) {
	_, r, err := conn.NextReader()
	if err != nil {
		return payload{}, err
	}
	frame, err := io.ReadAll(io.LimitReader(r, frameLimit)) // what is cut off is no JSON
	if err != nil {
		return payload{}, err
	}
	return decode(frame)
}

func decode(frame []byte) (p payload, err error) {
	if json.Unmarshal(frame, &p) != nil || p.Op == nil {
		return payload{}, errUnreadable
	}
	return p, nil
}

// encode returns a frame.
func encode(op int, data any) ([]byte, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("gateway: encode opcode %d: %w", op, err)
	}
	return json.Marshal(payload{Op: &op, Data: raw})
}

// address returns the URL to dial for one that Discord gave.
func address(given string) (string, error) {
	u, err := url.Parse(given)
	if err != nil || u.Host == "" || u.Scheme != "wss" && u.Scheme != "ws" {
		return "", fmt.Errorf("gateway: %q is no address of a gateway", given)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	query := u.Query()
	query.Set("v", "10")
	query.Set("encoding", "json")
	u.RawQuery = query.Encode()
	return u.String(), nil
}
