package discord

import (
	"context"
	"encoding/json"
	"strconv"
	"time"
)

// saysAge is how long a button remembers what a custom_id has no room for.
const saysAge = 30 * 24 * time.Hour

// keepSays keeps what the buttons of posts say, where it fits neither their
// custom_id nor their label.
func (a *Adapter) keepSays(ctx context.Context, reply string, posts []post) {
	says := map[string]string{}
	for _, p := range posts {
		walk(p.Components, func(c component) {
			if id, ok := parseButtonID(c.CustomID); ok && id.Kind == sayKept {
				says[strconv.Itoa(id.N)] = c.Say
			}
		})
	}
	if len(says) == 0 {
		return
	}
	a.says.put(reply, says)
	ctx, cancel := context.WithTimeout(ctx, shelfWait)
	defer cancel()
	data, err := json.Marshal(says)
	if err == nil {
		err = a.Shelf.Put(ctx, "says:"+reply, data, saysAge)
	}
	if err != nil {
		a.Log.Warn("only this process knows what a button says", "adapter", Name, "reply", reply, "err", err)
	}
}

// keptSay returns what keepSays kept of a button.
func (a *Adapter) keptSay(ctx context.Context, id buttonID) (string, bool) {
	says, ok := a.says.get(id.Reply)
	if !ok {
		ctx, cancel := context.WithTimeout(ctx, shelfWait)
		defer cancel()
		data, err := a.Shelf.Get(ctx, "says:"+id.Reply)
		if err == nil && data != nil {
			err = json.Unmarshal(data, &says)
		}
		if err != nil {
			a.Log.Warn("what a button says is not to be had", "adapter", Name, "reply", id.Reply, "err", err)
		}
	}
	say, ok := says[strconv.Itoa(id.N)]
	return say, ok
}
