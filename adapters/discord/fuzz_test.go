package discord

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"apihelp/adapters/discord/gateway"
	"apihelp/bot"
)

// FuzzEventsAreTakenOrPassedOver: whatever comes, the adapter answers it or
// passes over it.
func FuzzEventsAreTakenOrPassedOver(f *testing.F) {
	for _, s := range []string{
		`{"id":"1","type":2,"data":{"name":"apihelp","options":[{"name":"question","value":"x"}]},"user":{"id":"2"}}`,
		`{"id":"1","type":3,"data":{"custom_id":"v1|say|R|2|0|next step"},"message":{"components":[{"type":17,"components":[{"type":99}]}]},"member":{"user":{"id":"2"},"permissions":"x"}}`,
		`{"id":"1","type":5,"data":{"custom_id":"v1|details|R|2|0|","components":[{"component":{"custom_id":"details","value":"x"}}]},"message":{}}`,
		`{"id":"1","type":4}`, `{"id":"1","content":"<@1> x","author":{"id":"2"},"mentions":[{"id":"1"}],"channel_type":11,"components":[{"type":1000}]}`, `{}`, `null`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		a, err := New(Options{Token: "t", APIURL: "http://127.0.0.1:1", Shelf: nothing{}})
		if err != nil {
			t.Fatal(err)
		}
		a.accept <- func(context.Context, bot.Message) error { return nil }
		var i interaction
		if json.Unmarshal([]byte(data), &i) == nil {
			if r := a.interact(t.Context(), &i); r.Type == 0 {
				t.Errorf("no response to %s", data)
			}
		}
		for _, kind := range []string{"GUILD_DELETE", "GUILD_CREATE", "THREAD_CREATE", "UNHEARD_OF"} {
			if err := a.handle(t.Context(), gateway.Event{Type: kind, Data: json.RawMessage(data)}); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
		}
		var m message
		if json.Unmarshal([]byte(data), &m) == nil && len(m.Roles) == 0 { // else it asks the network
			if err := a.hear(t.Context(), &m, false); err != nil {
				t.Error(err)
			}
		}
		a.later.Wait()
	})
}

// nothing is a shelf on which nothing stays.
type nothing struct{}

func (nothing) Get(context.Context, string) ([]byte, error)              { return nil, nil }
func (nothing) Put(context.Context, string, []byte, time.Duration) error { return nil }
func (nothing) Lock(ctx context.Context, _ string, do func(context.Context) error) error {
	return do(ctx)
}

func TestAFormOfAStrangersIsNotTaken(t *testing.T) {
	a, err := New(Options{Token: "t", APIURL: "http://127.0.0.1:1", Shelf: nothing{}})
	if err != nil {
		t.Fatal(err)
	}
	a.accept <- func(_ context.Context, m bot.Message) error {
		t.Errorf("a stranger's form is taken as from %s: %q", m.From.ID, m.Text)
		return nil
	}
	for _, kind := range []string{"details", "forget", "say"} {
		var i interaction
		form := `{"id":"1","type":5,"guild_id":"9","channel_id":"8","data":{"custom_id":"v1|` + kind + `|R|2|0|x","components":[{"component":{"custom_id":"details","value":"x"}}]},
			"message":{},"member":{"user":{"id":"666"},"permissions":"0"}}`
		if err := json.Unmarshal([]byte(form), &i); err != nil {
			t.Fatal(err)
		}
		a.interact(t.Context(), &i)
	}
}
