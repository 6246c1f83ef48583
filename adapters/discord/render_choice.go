package discord

import (
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"apihelp/bot"
)

// What buttons and rows of them may hold.
const (
	labelMax   = 80 // UTF-16 code units
	rowButtons = 5
	allButtons = 25
)

// Signs of a cut label, and of a choice that is spelled out.
const (
	ellipsis = "…"
	bullet   = "• "
)

// offered returns the choices that are buttons, and a paragraph that spells out
// what buttons can't hold: long labels, choices that can't be pressed, and
// those for which there is no place. One is kept for [postButton].
func offered(r bot.Reply, v view) (buttons []component, spelled bot.Para) {
	room := allButtons
	if v.Ephemeral {
		room--
	}
	for _, b := range r.Blocks {
		choices, _ := b.(bot.Choices)
		for _, c := range choices {
			c.Label, c.Say = oneLine(c.Label), strings.TrimSpace(clean(c.Say))
			button, ok := buttonOf(r, c, len(buttons))
			ok = ok && len(buttons) < room
			if ok {
				buttons = append(buttons, button)
			}
			if !ok || strings.HasSuffix(button.Label, ellipsis) {
				spelled = spell(spelled, c, ok)
			}
		}
	}
	if len(buttons) > 0 && len(buttons) < room && !isAnswer(r) && r.For.ID != "" {
		id := buttonID{Kind: addDetails, Reply: r.ID, Asker: r.For.ID, N: len(buttons)}
		buttons = append(buttons, component{
			Type: discordgo.ButtonComponent, Style: discordgo.SecondaryButton, Label: phrasesFor(v.Locale).AddDetails, CustomID: id.String(),
		})
	}
	return buttons, spelled
}

// isAnswer reports whether a reply has something to try. To another, details
// may help.
func isAnswer(r bot.Reply) bool {
	return slices.ContainsFunc(r.Blocks, func(b bot.Block) bool {
		switch b := b.(type) {
		case bot.Heading, bot.Steps, bot.Code, bot.Report:
			return true
		case bot.Choices:
			return slices.ContainsFunc(b, func(c bot.Choice) bool { return c.Say == "it worked" })
		}
		return false
	})
}

// buttonOf is the button number n of a reply. It reports false for a choice
// that can't be one.
func buttonOf(r bot.Reply, c bot.Choice, n int) (component, bool) {
	label := shorten(firstText(c.Label, oneLine(c.Say+c.URL)))
	b := component{Type: discordgo.ButtonComponent, Style: discordgo.SecondaryButton, Label: label}
	if c.URL != "" {
		target, ok := address(c.URL)
		b.Style, b.URL = discordgo.LinkButton, target
		return b, ok
	}
	id := buttonID{Kind: sayThis, Reply: r.ID, Asker: r.For.ID, N: n, Say: c.Say}
	if !id.fits() {
		id.Kind, id.Say = sayKept, ""
		if c.Say == firstText(c.Label, oneLine(c.Say)) {
			id.Kind = sayLabel
		}
	}
	if id.Kind == sayKept {
		b.Say = c.Say
	}
	b.CustomID = id.String()
	switch c.Say {
	case "it worked":
		b.Style = discordgo.SuccessButton
	case "next step":
		b.Style = discordgo.PrimaryButton
	}
	return b, label != "" && c.Say != ""
}

func firstText(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// spell adds a line with the whole of a choice, of which a button may show the
// beginning. One that is empty adds none.
func spell(p bot.Para, c bot.Choice, button bool) bot.Para {
	s := bot.Span{Text: firstText(c.Label, oneLine(c.Say))}
	if !button {
		s.URL = c.URL
	}
	if s.Text == "" && s.URL == "" {
		return p
	}
	lead := bullet
	if len(p) > 0 {
		lead = "\n" + bullet
	}
	return append(p, bot.Span{Text: lead}, s)
}

// rowsOf puts buttons into rows.
func rowsOf(buttons []component) []component {
	var rows []component
	for len(buttons) > 0 {
		n := min(rowButtons, len(buttons))
		rows = append(rows, component{Type: discordgo.ActionsRowComponent, Components: buttons[:n:n]})
		buttons = buttons[n:]
	}
	return rows
}

// postButton leads from an answer that only the asker sees to one for all.
func postButton(r bot.Reply, v view) component {
	id := buttonID{Kind: postHere, Reply: r.ID, Asker: r.For.ID, N: allButtons}
	return component{
		Type: discordgo.ButtonComponent, Style: discordgo.SecondaryButton,
		Label: phrasesFor(v.Locale).PostHere, CustomID: id.String(),
	}
}

// shorten makes a label fit a button, between words if it can. The full label
// is spelled out above.
func shorten(s string) string {
	units := func(r rune) int { return (runeSize(r) / unit) * unit }
	_, rest := cutText(s, labelMax*unit, units, true)
	if rest == "" {
		return s
	}
	head, _ := cutText(s, (labelMax-1)*unit, units, true)
	return strings.TrimSpace(head) + ellipsis
}
