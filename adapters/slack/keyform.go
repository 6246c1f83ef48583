package slack

import (
	"context"
	"encoding/json"
	"strings"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// The form for a key.
const (
	sayKey      = "check my key" // says the button that opens it
	viewKey     = "apihelp_key"
	inputKey    = "key" // block_id and action_id, as of the next
	inputTarget = "target"
	allTargets  = "*"  // no name of a target
	mostTargets = 99   // to choose from, beside all
	keyText     = 3000 // what an input takes at most
)

// What the form says.
const (
	keyWarning = `Please use a test key if you can. Slack has no input that hides what you type, and the key passes through Slack on its way to me.

I use it for this one check and forget it then: it is not stored, not logged and not shown to anybody. It is safer still to run apihelp check on your own machine, where the key goes to the API and nowhere else.`

	keyEmpty    = "There is nothing here but space. Please paste the key."
	keyCrowded  = "Too many checks are under way. Please submit this again in a minute."
	keyTooLate  = `The form did not open in time. Please press "Check my key" again.`
	keyChecking = "Checking. The rows appear here as they are found; the result also goes to our conversation. You may close this window."
	keyRefused  = `This form is not valid any more. Please press "Check my key" in our conversation again.`
)

// A keyOrigin is where a form for a key was opened, and by whom. It travels in
// the form's private metadata, which Slack gives back as it was set, in a
// payload that it signs, and which no user can change.
type keyOrigin struct {
	In    bot.Conversation `json:"in"`
	By    string           `json:"by"`    // who opened it, and alone may submit it
	Asker string           `json:"asker"` // in whose name the outcome is reported
}

// asksForKey reports whether a button opens the form for a key.
func (a *Adapter) asksForKey(act action) bool {
	return a.Check != nil && !a.KeyPage && strings.HasPrefix(act.ID, sayPrefix) && act.Value == sayKey
}

// mayUse reports whether buttons for an asker are for who used them.
func (i *interaction) mayUse(asker bot.User) bool {
	return asker.ID == "" || asker.Same(i.user()) || asker.Colleague(i.user())
}

// openKey opens the form. Everything in it is known, so that it needs no empty
// view before it; the buttons stay, for whoever changes their mind.
func (a *Adapter) openKey(i *interaction, act action) {
	asker := askerOf(act.Block)
	if !i.mayUse(asker) {
		a.after(func(ctx context.Context) { a.tell(ctx, i, notYours) })
		return
	}
	from := keyOrigin{In: i.place(), By: i.User.ID, Asker: firstOf(asker.ID, i.User.ID)}
	if i.Container.Ephemeral {
		a.replies.offer(from.In, i.ResponseURL)
	}
	a.after(func(ctx context.Context) {
		client, _, err := a.client(ctx, from.In.Team)
		if err == nil {
			_, err = client.OpenViewContext(ctx, i.Trigger, keyForm(from, a.Targets))
		}
		if err != nil {
			a.Log.Warn("form not opened", "adapter", Name, "err", err)
			a.tell(ctx, i, keyTooLate)
		}
	})
}

// keyForm has one input for the key, and one for the target where there are
// several. Neither dispatches actions, which would send the key about.
func keyForm(from keyOrigin, targets []string) slackgo.ModalViewRequest {
	metadata, err := json.Marshal(from)
	if err != nil {
		panic("slack: encode metadata of our own: " + err.Error())
	}
	form := modal(keyWarning)
	form.CallbackID, form.PrivateMetadata, form.Submit = viewKey, string(metadata), literal("Check")
	key := slackgo.NewPlainTextInputBlockElement(nil, inputKey)
	key.MaxLength = keyText
	form.Blocks.BlockSet = append(form.Blocks.BlockSet, slackgo.NewInputBlock(inputKey, literal("Key"), literal("Everybody who sees your screen can read it."), key))
	if len(targets) > 1 {
		form.Blocks.BlockSet = append(form.Blocks.BlockSet, slackgo.NewInputBlock(inputTarget, literal("Environment"), nil, targetSelect(targets)))
	}
	return form
}

func targetSelect(targets []string) *slackgo.SelectBlockElement {
	all := slackgo.NewOptionBlockObject(allTargets, literal("All of them"), nil)
	options := []*slackgo.OptionBlockObject{all}
	for _, name := range targets[:min(mostTargets, len(targets))] {
		options = append(options, slackgo.NewOptionBlockObject(name, literal(name), nil))
	}
	s := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, inputTarget, options...)
	s.InitialOption = all
	return s
}

// keySubmitted takes a key. It is a secret before anything else is done with it,
// and the interaction forgets it. The acknowledgement puts a note in the place of
// the form; what is found replaces that.
func (a *Adapter) keySubmitted(i *interaction) any {
	typed, target := i.takeKey()
	if strings.TrimSpace(typed) == "" {
		return keyError(keyEmpty)
	}
	q := bot.CheckRequest{By: i.user(), Key: bot.HandedIn(typed)}
	var from keyOrigin
	if err := json.Unmarshal([]byte(i.View.Metadata), &from); err != nil || from.By != i.User.ID || a.Check == nil {
		q.Key.Clear()
		a.Log.Warn("form refused", "adapter", Name)
		return updated(modal(keyRefused))
	}
	if q.In = from.In; target != "" && target != allTargets {
		q.Targets = []string{target}
	}
	asker := i.user()
	asker.ID = from.Asker // a colleague speaks for the asker
	v := &keyView{Adapter: a, id: i.View.ID}
	taken := false
	err := a.once("key:"+i.View.ID, func() error {
		if taken = a.after(func(ctx context.Context) { v.check(ctx, q, asker) }); !taken {
			return errBusy
		}
		return nil
	})
	if !taken {
		q.Key.Clear()
	}
	if err != nil {
		return keyError(keyCrowded)
	}
	return updated(modal(keyChecking))
}

// takeKey takes what was entered out of an interaction.
func (i *interaction) takeKey() (key, target string) {
	if i.View.State == nil {
		return "", ""
	}
	values := i.View.State.Values
	i.View.State = nil
	return values[inputKey][inputKey].Value, values[inputTarget][inputTarget].SelectedOption.Value
}

func keyError(text string) any {
	return slackgo.NewErrorsViewSubmissionResponse(map[string]string{inputKey: text})
}

func updated(view slackgo.ModalViewRequest) any {
	return slackgo.NewUpdateViewSubmissionResponse(&view)
}
