package discord

import "github.com/bwmarrin/discordgo"

// noteSize bounds a note, for names can be long.
const noteSize = 150 * unit

// settled returns what replaces a post after one of its buttons was pressed: the
// same with a note, such as "Ann pressed Next step", in place of the buttons.
// Buttons that lead to an address stay. The post is as Discord sent it, or as it
// was rendered. It reports false, and that nothing is to be changed, if the post
// has no buttons to press: somebody else was faster.
func settled(was post, note string) (post, bool) {
	note, _ = cutText(oneLine(note), noteSize, textCost, true)
	small := ""
	if note != "" {
		small = "-# " + escape(note)
	}
	rest, found := unpressable(was.Components, small, was.v2())
	if !found {
		return was, false
	}
	now := post{Content: was.Content, Components: rest, Flags: discordgo.MessageFlagsSuppressEmbeds}
	if was.v2() {
		now.Flags |= discordgo.MessageFlagsIsComponentsV2
	} else if small != "" {
		now.Content += "\n\n" + small
	}
	return now, true
}

// unpressable returns components without the buttons that say something, and
// reports whether there were any. The first of them becomes the note, where a
// note is a component.
func unpressable(all []component, note string, v2 bool) (rest []component, found bool) {
	for _, c := range all {
		had := len(c.Components)
		switch c.Type {
		case discordgo.ActionsRowComponent:
			c.Components = links(c.Components)
			if len(c.Components) < had && !found && v2 && note != "" {
				rest = append(rest, component{Type: discordgo.TextDisplayComponent, Content: note})
			}
			found = found || len(c.Components) < had
			if len(c.Components) == 0 {
				continue
			}
		case discordgo.ContainerComponent:
			var within bool
			c.Components, within = unpressable(c.Components, note, v2)
			found = found || within
		}
		rest = append(rest, c)
	}
	return rest, found
}

func links(buttons []component) []component {
	var kept []component
	for _, b := range buttons {
		if b.URL != "" {
			kept = append(kept, b)
		}
	}
	return kept
}
