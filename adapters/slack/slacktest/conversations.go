package slacktest

import (
	"slices"
	"strconv"
	"strings"
)

func conversationMethods() map[string]method {
	return map[string]method{
		"conversations.info":    {"bot", "channels:read", "channel include_locale include_num_members client_context_team_id", (*call).conversationInfo},
		"conversations.open":    {"bot", "im:write", "users channel return_im prevent_creation", (*call).openConversation},
		"conversations.replies": {"bot", "channels:history", "channel ts cursor limit latest oldest inclusive include_all_metadata", (*call).replies},
		"conversations.history": {"bot", "channels:history", "channel cursor limit latest oldest inclusive include_all_metadata", (*call).history},
	}
}

func (c *call) conversationInfo() (object, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	return object{"channel": ch.info(c.in)}, nil
}

func (c *call) openConversation() (object, error) {
	users := strings.Split(c.Args["users"], ",")
	if id := c.Args["channel"]; id != "" {
		if ch := c.s.world.channels[id]; ch != nil && ch.im != nil {
			users = []string{ch.im.ID}
		}
	}
	if len(users) > 1 {
		return nil, refuse("method_not_supported_for_channel_type") // group messages aren't played here
	}
	u := c.s.world.users[users[0]]
	if u == nil || !u.meets(c.in) {
		return nil, refuse("user_not_found")
	}
	known := u.dms[c.in] != nil
	ch := u.dm(c.in)
	body := object{"channel": object{"id": ch.ID}}
	if known {
		body["no_op"], body["already_open"] = true, true
	}
	if c.Args["return_im"] == "true" || c.Args["return_im"] == "1" {
		body["channel"] = ch.info(c.in)
	}
	return body, nil
}

func (c *call) replies() (object, error) {
	ch, err := c.readable()
	if err != nil {
		return nil, err
	}
	parent := ch.find(c.Args["ts"])
	if parent == nil {
		return nil, refuse("thread_not_found")
	}
	return c.page(append([]*Message{parent}, ch.replies(parent.TS)...), 1000)
}

func (c *call) history() (object, error) {
	ch, err := c.readable()
	if err != nil {
		return nil, err
	}
	var all []*Message
	for _, m := range ch.messages {
		if m.ThreadTS == "" || m.ThreadTS == m.TS || m.Subtype == "thread_broadcast" {
			all = append(all, m)
		}
	}
	slices.Reverse(all)
	return c.page(all, 100)
}

// readable is channel for calls that read what was said.
func (c *call) readable() (*Channel, error) {
	ch, err := c.channel("channel")
	if err == nil && !slices.Contains(ch.bots, c.in) {
		return nil, refuse("not_in_channel")
	}
	return ch, err
}

// page cuts the list to what the arguments ask for.
func (c *call) page(all []*Message, most int) (object, error) {
	inclusive := c.Args["inclusive"] == "true" || c.Args["inclusive"] == "1"
	all = slices.DeleteFunc(all, func(m *Message) bool {
		early, late := c.Args["oldest"], c.Args["latest"]
		if inclusive && (m.TS == early || m.TS == late) {
			return false
		}
		return early != "" && m.TS <= early || late != "" && m.TS >= late
	})
	start := 0
	if cursor := c.Args["cursor"]; cursor != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(cursor, "next:"))
		if err != nil || n > len(all) {
			return nil, refuse("invalid_cursor")
		}
		start = n
	}
	if limit, err := strconv.Atoi(c.Args["limit"]); err == nil && limit > 0 {
		most = min(limit, most)
	}
	end := min(start+most, len(all))
	list := []any{}
	for _, m := range all[start:end] {
		list = append(list, m.stored())
	}
	body := object{"messages": list, "has_more": end < len(all)}
	if end < len(all) {
		body["response_metadata"] = object{"next_cursor": "next:" + strconv.Itoa(end)}
	}
	return body, nil
}
