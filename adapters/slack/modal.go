package slack

import (
	"context"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// openView is the view that an interaction came from.
type openView struct {
	ID            string             `json:"id"`
	Hash          string             `json:"hash"`
	CallbackID    string             `json:"callback_id"`
	InstalledTeam string             `json:"app_installed_team_id"`
	Metadata      string             `json:"private_metadata"`
	State         *slackgo.ViewState `json:"state"`
}

// What the modals are called.
const (
	viewAsk       = "apihelp_ask"
	inputQuestion = "question" // block_id and action_id
	questionText  = 3000       // what an input takes at most
)

// openAsk opens the form for a question. A trigger lives for three seconds, so
// an empty view is opened first and filled then.
func (a *Adapter) openAsk(ctx context.Context, tenant, trigger string) {
	client, _, err := a.client(ctx, tenant)
	if err == nil {
		var opened *slackgo.ViewResponse
		if opened, err = client.OpenViewContext(ctx, trigger, modal("One moment …")); err == nil {
			_, err = client.UpdateViewContext(ctx, askForm(), "", opened.Hash, opened.ID)
		}
	}
	if err != nil {
		a.Log.Warn("form not opened", "adapter", Name, "err", err)
	}
}

// modal is a view with nothing but text.
func modal(text string) slackgo.ModalViewRequest {
	return slackgo.ModalViewRequest{
		Type: slackgo.VTModal, Title: literal("API help"), Close: literal("Close"), CallbackID: viewAsk,
		Blocks: slackgo.Blocks{BlockSet: []slackgo.Block{slackgo.NewSectionBlock(literal(text), nil, nil)}},
	}
}

func askForm() slackgo.ModalViewRequest {
	input := slackgo.NewPlainTextInputBlockElement(literal("getting a 401 since this morning"), inputQuestion)
	input.Multiline, input.MaxLength = true, questionText
	form := modal("")
	form.Submit = literal("Ask")
	form.Blocks.BlockSet = []slackgo.Block{
		slackgo.NewInputBlock(inputQuestion, literal("What goes wrong?"), literal("An error message, a status or a sentence. Leave keys and passwords out."), input),
	}
	return form
}

// submitted takes a form. What is wrong with it is said at its input; what is
// right is answered directly.
func (a *Adapter) submitted(ctx context.Context, i *interaction) (any, error) {
	if i.View.CallbackID == viewKey {
		return a.keySubmitted(i), nil
	}
	if i.View.CallbackID != viewAsk || i.View.State == nil {
		return nil, nil
	}
	question := strings.TrimSpace(i.View.State.Values[inputQuestion][inputQuestion].Value)
	if question == "" {
		return inputError("Please describe what goes wrong, in a few words."), nil
	}
	m := bot.Message{
		ID: "form:" + i.View.ID, From: i.user(), Text: question, At: time.Now().UTC(), Direct: true,
		In: bot.Conversation{Adapter: Name, Team: i.tenant(), Channel: i.User.ID},
	}
	if err := a.take(ctx, m); err != nil {
		a.Log.Warn("form not taken", "adapter", Name, "err", err)
		return inputError(notNow), nil
	}
	view := modal("The answer is in our direct messages.")
	return slackgo.NewUpdateViewSubmissionResponse(&view), nil
}

func inputError(text string) any {
	return slackgo.NewErrorsViewSubmissionResponse(map[string]string{inputQuestion: text})
}
