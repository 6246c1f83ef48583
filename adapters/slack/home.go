package slack

import (
	"context"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// The buttons of the home tab.
const (
	actionAsk    = "home:ask"
	actionForget = "home:forget"
)

// publishHome shows a user their home tab.
func (a *Adapter) publishHome(ctx context.Context, tenant, user string) {
	a.showHome(ctx, tenant, user, "")
}

// showHome shows it with a note at the top, if that is not empty.
func (a *Adapter) showHome(ctx context.Context, tenant, user, note string) {
	var past []bot.Past
	if a.Recent != nil {
		var err error
		if past, err = a.Recent(ctx, tenant, user); err != nil {
			a.Log.Warn("past not read", "adapter", Name, "err", err)
		}
	}
	client, _, err := a.client(ctx, tenant)
	if err == nil {
		view := slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: homeBlocks(past, note)}}
		_, err = client.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: user, View: view})
	}
	if err != nil {
		a.Log.Warn("home not shown", "adapter", Name, "err", err)
	}
}

func homeBlocks(past []bot.Past, note string) []slackgo.Block {
	ask := slackgo.NewButtonBlockElement(actionAsk, "ask", literal("Ask a question"))
	ask.Style = slackgo.StylePrimary
	blocks := []slackgo.Block{
		slackgo.NewHeaderBlock(literal("Help with the API")),
		slackgo.NewSectionBlock(literal(homeText), nil, nil),
		slackgo.NewActionBlock("home:ask", ask),
		slackgo.NewHeaderBlock(literal("Your latest conversations")),
		pastBlock(past),
		slackgo.NewHeaderBlock(literal("Privacy")),
		slackgo.NewSectionBlock(literal(privacy), nil, nil),
	}
	if note != "" {
		blocks = append([]slackgo.Block{slackgo.NewSectionBlock(literal(note), nil, nil)}, blocks...)
	}
	forget := slackgo.NewButtonBlockElement(actionForget, "forget", literal("Forget me"))
	forget.Confirm = slackgo.NewConfirmationBlockObject(literal("Forget me?"),
		literal("Your conversations end, and what is kept of them is deleted."), literal("Forget me"), literal("Cancel"))
	return append(blocks, slackgo.NewActionBlock("home:forget", forget))
}

const homeText = `Describe what goes wrong: an error message, a status, or what you see. The answer comes from the troubleshooting guide, with its steps and the reason why. I say so when the guide has no answer.

Mention me in a channel, write me a direct message, or choose "Troubleshoot this" from the menu of a message.`

// pastBlock lists conversations: when, about what, and where.
func pastBlock(past []bot.Past) slackgo.Block {
	if len(past) == 0 {
		return slackgo.NewSectionBlock(literal("None that I remember."), nil, nil)
	}
	items := make([]slackgo.RichTextElement, len(past))
	for n, p := range past {
		line := []slackgo.RichTextSectionElement{
			slackgo.NewRichTextSectionTextElement(p.At.UTC().Format("2 January, 15:04 UTC")+": "+p.Topic, nil),
		}
		if len(p.In.Channel) > 0 && p.In.Channel[0] == 'C' {
			line = append(line, slackgo.NewRichTextSectionTextElement(" in ", nil), slackgo.NewRichTextSectionChannelElement(p.In.Channel, nil))
		}
		items[n] = slackgo.NewRichTextSection(line...)
	}
	return richText(slackgo.NewRichTextList(slackgo.RTEListBullet, 0, items...))
}

// forget removes what is kept of a user, and shows that it is gone.
func (a *Adapter) forget(ctx context.Context, i *interaction) {
	if a.Forget != nil {
		if err := a.Forget(ctx, i.tenant(), i.User.ID); err != nil {
			a.Log.Warn("user not forgotten", "adapter", Name, "err", err)
			a.showHome(ctx, i.tenant(), i.User.ID, "That did not work, and nothing is deleted yet. Please press \"Forget me\" again in a minute.")
			return
		}
	}
	a.showHome(ctx, i.tenant(), i.User.ID, "Done. What was kept of your conversations is deleted.")
}
