package blockkit

// idLength is the most characters of a block_id, action_id, callback_id or
// external_id.
const idLength = 255

// block is a block with these members.
func block(required string, known fields) rule {
	return object(required, known.with(fields{"type": anything, "block_id": blockID}))
}

func blockID(c *checker, at string, v any) {
	str(1, idLength)(c, at, v)
	unique(c, at, v, c.blocks)
}

func actionID(c *checker, at string, v any) {
	str(1, idLength)(c, at, v)
	unique(c, at, v, c.actions)
}

func unique(c *checker, at string, v any, seen map[string]bool) {
	if s, _ := v.(string); seen[s] {
		c.fault(at, "%q is used twice", s)
	} else {
		seen[s] = true
	}
}

// blocks is a list of blocks of some types.
func blocks(most int, types map[string]rule) rule {
	one := union("block", types)
	all := list(1, most, func(c *checker, at string, v any) {
		clear(c.actions)
		one(c, at, v)
	})
	return func(c *checker, at string, v any) {
		clear(c.blocks)
		all(c, at, v)
	}
}

// inMessages and inViews are the block types of either place. Input blocks are
// allowed in messages too, but nobody is there to submit them.
var (
	inMessages = only(allBlocks, "section header divider context actions image rich_text")
	inViews    = only(allBlocks, "section header divider context actions image rich_text input")
)

var allBlocks = map[string]rule{
	"section": every(someOf("text", "fields"), block("", fields{
		"text": text(partText), "fields": list(1, 10, text(2000)), "expand": boolean,
		"accessory": union("accessory", only(elements, accessories)),
	})),
	"header":  block("text", fields{"text": plain(150), "level": integer(1, 4)}),
	"divider": block("", nil),
	"context": block("elements", fields{"elements": list(1, 10, union("context element", map[string]rule{
		"plain_text": plainText(2000), "mrkdwn": mrkdwnText(2000), "image": elements["image"],
	}))}),
	"actions":   block("elements", fields{"elements": list(1, 25, union("action", only(elements, actions)))}),
	"image":     every(oneOf("image_url", "slack_file"), block("alt_text", picture.with(fields{"title": plain(2000)}))),
	"rich_text": richText,
	"input": block("label element", fields{
		"label": plain(2000), "hint": plain(2000), "optional": boolean, "dispatch_action": boolean,
		"element": union("input", only(elements, inputs)),
	}),
}
