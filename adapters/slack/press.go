package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// interaction is a click, a shortcut or a submitted modal, as far as the bot
// uses it.
type interaction struct {
	Type string `json:"type"`
	Team *struct {
		ID string `json:"id"`
	} `json:"team"`
	Enterprise *struct {
		ID string `json:"id"`
	} `json:"enterprise"`
	Org  text `json:"is_enterprise_install"`
	User struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		User   string `json:"username"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		MessageTS string `json:"message_ts"`
		ChannelID string `json:"channel_id"`
		ThreadTS  string `json:"thread_ts"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		TS          string          `json:"ts"`
		ThreadTS    string          `json:"thread_ts"`
		Text        string          `json:"text"`
		Blocks      json.RawMessage `json:"blocks"` // of any app's, with anything in them
		Attachments json.RawMessage `json:"attachments"`
	} `json:"message"`
	Actions     []action `json:"actions"`
	ResponseURL string   `json:"response_url"`
	Trigger     string   `json:"trigger_id"`
	CallbackID  string   `json:"callback_id"`
	View        openView `json:"view"`
}

// action is the element that was used.
type action struct {
	ID    string `json:"action_id"`
	Block string `json:"block_id"`
	Value string `json:"value"`
	TS    string `json:"action_ts"`
	Text  struct {
		Text string `json:"text"`
	} `json:"text"`
}

// The kinds of interactions, and the callback IDs of the manifest's shortcuts.
const (
	actionsUsed   = "block_actions"
	viewSubmitted = "view_submission"
	onMessage     = "message_action"
	onGlobal      = "shortcut"

	shortcutTroubleshoot = "apihelp_troubleshoot"
	shortcutAsk          = "apihelp_ask"
)

// tenant is who installed the app. A submitted view names the workspace of its
// submitter as team, so the view's own word counts.
func (i *interaction) tenant() string {
	enterprise, team := "", ""
	if i.Enterprise != nil {
		enterprise = i.Enterprise.ID
	}
	if i.Team != nil {
		team = i.Team.ID
	}
	return tenantOf(enterprise, firstOf(i.View.InstalledTeam, team), i.Org == "true" || team == "" && enterprise != "")
}

func (i *interaction) user() bot.User {
	return bot.User{ID: i.User.ID, Name: i.userName(), Team: i.User.TeamID}
}

func (i *interaction) userName() string { return firstOf(i.User.Name, i.User.User, "Somebody") }

// receiveInteraction takes a click, a shortcut or a submitted modal.
func (a *Adapter) receiveInteraction(ctx context.Context, payload []byte) (any, error) {
	var i interaction
	if err := json.Unmarshal(payload, &i); err != nil {
		a.Log.Warn("interaction unreadable", "adapter", Name, "err", fmt.Sprintf("%T", err))
		return nil, nil
	}
	switch i.Type {
	case actionsUsed:
		if len(i.Actions) > 0 {
			return nil, a.press(ctx, &i, i.Actions[0])
		}
	case onMessage:
		if i.CallbackID == shortcutTroubleshoot {
			return nil, a.troubleshoot(ctx, &i)
		}
	case onGlobal:
		if i.CallbackID == shortcutAsk {
			a.after(func(ctx context.Context) { a.openAsk(ctx, i.tenant(), i.Trigger) })
		}
	case viewSubmitted:
		return a.submitted(ctx, &i)
	}
	return nil, nil
}

// troubleshoot answers the message that the shortcut was chosen on, where only
// who chose it sees it.
func (a *Adapter) troubleshoot(ctx context.Context, i *interaction) error {
	text, _ := plainText(firstOf(i.Message.Text, textsIn(i.Message.Blocks), textsIn(i.Message.Attachments)), "")
	c := bot.Conversation{Adapter: Name, Team: i.tenant(), Channel: i.Channel.ID, Thread: whisper + i.User.ID}
	a.replies.offer(c, i.ResponseURL)
	return a.take(ctx, bot.Message{ID: i.Trigger, In: c, From: i.user(), Text: text, At: time.Now().UTC(), Direct: true})
}

// textsIn returns what blocks or attachments say: alerts of other apps often
// have no text of their own.
func textsIn(data json.RawMessage) string {
	var found []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for _, key := range []string{"pretext", "title", "text", "fields", "elements", "value"} {
				if s, ok := v[key].(string); ok {
					found = append(found, s)
					continue
				}
				walk(v[key])
			}
		}
	}
	var v any
	if json.Unmarshal(data, &v) == nil {
		walk(v)
	}
	return strings.Join(found, "\n")
}

// press takes a button.
func (a *Adapter) press(ctx context.Context, i *interaction, act action) error {
	switch {
	case a.asksForKey(act):
		a.openKey(i, act)
	case strings.HasPrefix(act.ID, sayPrefix):
		return a.said(ctx, i, act)
	case act.ID == actionPost:
		return a.once(act.Block+act.ID, func() error { return a.postInChannel(i) })
	case act.ID == actionDM:
		return a.continueInDM(ctx, i, act)
	case act.ID == actionAsk:
		a.after(func(ctx context.Context) { a.openAsk(ctx, i.tenant(), i.Trigger) })
	case act.ID == actionForget:
		a.after(func(ctx context.Context) { a.forget(ctx, i) })
	}
	return nil
}

// said says what a button stands for in the name of who pressed it, and takes
// the buttons of the reply away. A reply can be pressed once: a second press,
// by whomever, has the same message ID.
func (a *Adapter) said(ctx context.Context, i *interaction, act action) error {
	asker := askerOf(act.Block)
	if !i.mayUse(asker) {
		a.after(func(ctx context.Context) { a.tell(ctx, i, notYours) })
		return nil
	}
	c := i.place()
	if i.Container.Ephemeral {
		a.replies.offer(c, i.ResponseURL)
	}
	reply := replyOf(act.Block, i.Container.MessageTS)
	m := bot.Message{
		ID: "press:" + reply, In: c, From: i.user(), Text: act.Value, Presses: reply,
		At: time.Now().UTC(), Direct: c.Thread == "" || strings.HasPrefix(c.Thread, whisper),
	}
	if asker.ID != "" {
		m.From.ID = asker.ID // a colleague speaks for the asker
	}
	return a.once(reply, func() error {
		err := a.take(ctx, m)
		if errors.Is(err, bot.ErrPast) {
			a.after(func(ctx context.Context) { a.tell(ctx, i, goneOn) })
			return nil
		}
		if err == nil {
			a.after(func(ctx context.Context) { a.settle(ctx, i, i.userName()+" pressed "+act.Text.Text) })
		}
		return err
	})
}

// once does what a button is for, unless this process has done it: the first of
// two who press at a time is the one who is named. What fails can be tried again.
func (a *Adapter) once(button string, do func() error) error {
	first := false
	a.pressed.change(button, func(done bool) bool { first = !done; return true })
	if !first {
		return nil
	}
	err := do()
	if err != nil {
		a.pressed.put(button, false)
	}
	return err
}

// goneOn answers a press of a reply that is not the last one.
const goneOn = "The conversation has gone on since; see the last answer."

// notYours answers a stranger's press.
const notYours = "These buttons are for the person who asked, and their colleagues. Mention me with a question of your own, and I answer you."

// place is the conversation that a message with buttons belongs to.
func (i *interaction) place() bot.Conversation {
	c := bot.Conversation{Adapter: Name, Team: i.tenant(), Channel: firstOf(i.Container.ChannelID, i.Channel.ID)}
	thread := firstOf(i.Container.ThreadTS, i.Message.ThreadTS)
	switch {
	case i.Container.Ephemeral:
		c.Thread = whisper + i.User.ID
	case strings.HasPrefix(c.Channel, "D"):
		c.Channel, c.Thread = i.User.ID, thread
	default:
		c.Thread = firstOf(thread, i.Container.MessageTS)
	}
	return c
}

// settle takes the buttons of a pressed message away, and says who pressed
// which. It is a courtesy: pressing them again does nothing anyway.
func (a *Adapter) settle(ctx context.Context, i *interaction, note string) {
	was := post{Text: i.Message.Text}
	var blocks slackgo.Blocks
	if err := json.Unmarshal(i.Message.Blocks, &blocks); err == nil {
		was.Blocks = blocks.BlockSet
	}
	if i.Container.Ephemeral {
		was, _ = a.whispers.get(replyOf(i.Actions[0].Block, ""))
	}
	now, ok := settle(was, note)
	if !ok {
		return // somebody was faster, or it is not known any more what it said
	}
	var err error
	if i.ResponseURL != "" {
		body := response(now)
		delete(body, "response_type")
		body["replace_original"] = true
		err = a.replies.post(ctx, i.ResponseURL, body)
	} else {
		err = a.update(ctx, i, now)
	}
	if err != nil {
		a.Log.Warn("buttons not taken away", "adapter", Name, "err", err)
	}
}

func (a *Adapter) update(ctx context.Context, i *interaction, now post) error {
	client, _, err := a.client(ctx, i.tenant())
	if err != nil {
		return err
	}
	_, _, _, err = client.UpdateMessageContext(ctx, i.Container.ChannelID, i.Container.MessageTS, messageOptions(now)...)
	return err
}

// tell says something to who pressed, and to nobody else.
func (a *Adapter) tell(ctx context.Context, i *interaction, what string) {
	if a.replies.allowed(i.ResponseURL) {
		if err := a.replies.post(ctx, i.ResponseURL, response(post{Text: escape(what)})); err != nil {
			a.Log.Warn("note not delivered", "adapter", Name, "err", err)
		}
	}
}
