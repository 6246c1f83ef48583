package blockkit

import "math"

// partText is the most characters of one text. Slack documents it for text
// objects; here it bounds the texts of rich text as well.
const partText = 3000

// richText is a rich_text block. Elements that mention somebody are none that
// is sent.
var richText = block("elements", fields{"elements": list(1, math.MaxInt, union("rich text", map[string]rule{
	"rich_text_section":      richSection,
	"rich_text_list":         richList,
	"rich_text_preformatted": richPart(fields{"language": str(1, 30), "border": border}),
	"rich_text_quote":        richPart(fields{"border": border}),
}))})

var (
	border      = integer(0, 10)
	richSection = richPart(nil)

	richList = object("elements style", fields{
		"type": anything, "style": enum("ordered bullet"), "indent": integer(0, 8), "offset": integer(0, math.MaxInt32), "border": border,
		"elements": list(1, math.MaxInt, union("list item", map[string]rule{"rich_text_section": richSection})),
	})

	inline = union("rich text element", map[string]rule{
		"text":    object("text", fields{"type": anything, "style": style, "text": every(str(1, partText), printable)}),
		"link":    object("url", fields{"type": anything, "style": style, "text": every(str(1, partText), printable), "url": address, "unsafe": boolean}),
		"channel": object("channel_id", fields{"type": anything, "style": style, "channel_id": str(1, 255)}),
		"emoji": object("name", fields{
			"type": anything, "style": style, "name": str(1, 100), "unicode": str(1, 100), "skin_tone": integer(1, 6),
		}),
	})

	style = object("", fields{"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean})
)

func richPart(more fields) rule {
	return object("elements", fields{"type": anything, "elements": list(1, math.MaxInt, inline)}.with(more))
}
