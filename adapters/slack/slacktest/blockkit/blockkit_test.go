package blockkit

import (
	"fmt"
	"strings"
	"testing"
)

// n repeats the letter x.
func n(count int) string { return strings.Repeat("x", count) }

// join repeats a JSON value, with a number for %d, as the inside of an array.
func join(count int, item string) string {
	items := make([]string, count)
	for i := range items {
		items[i] = strings.ReplaceAll(item, "%d", fmt.Sprint(i))
	}
	return strings.Join(items, ",")
}

func plainJSON(s string) string { return `{"type":"plain_text","text":"` + s + `"}` }

func msg(blocks ...string) string {
	return `{"channel":"C1","text":"x","blocks":[` + strings.Join(blocks, ",") + `]}`
}

func actionsJSON(elements string) string {
	return msg(`{"type":"actions","elements":[` + elements + `]}`)
}

func buttonJSON(text, more string) string {
	return `{"type":"button","action_id":"a","text":` + plainJSON(text) + more + `}`
}

func confirmJSON(title, text, yes, no string) string {
	return actionsJSON(buttonJSON("x", fmt.Sprintf(`,"confirm":{"title":%s,"text":%s,"confirm":%s,"deny":%s}`,
		plainJSON(title), plainJSON(text), plainJSON(yes), plainJSON(no))))
}

func optionJSON(text, value, more string) string {
	return `{"text":` + plainJSON(text) + `,"value":"` + value + `"` + more + `}`
}

func menuJSON(kind, more string) string {
	return actionsJSON(`{"type":"` + kind + `","action_id":"a"` + more + `}`)
}

func optionsJSON(count int) string {
	return `,"options":[` + join(count, optionJSON("x", "%d", "")) + `]`
}

func sectionJSON(more string) string { return `{"type":"section"` + more + `}` }

func richJSON(elements string) string {
	return msg(`{"type":"rich_text","elements":[` + elements + `]}`)
}

func richSectionJSON(elements string) string {
	return richJSON(`{"type":"rich_text_section","elements":[` + elements + `]}`)
}

func inputJSON(label, element, more string) string {
	return `{"type":"input","label":` + plainJSON(label) + `,"element":` + element + more + `}`
}

const typing = `{"type":"plain_text_input","action_id":"a"}`

func modalJSON(title, more string, blocks ...string) string {
	return `{"type":"modal","title":` + plainJSON(title) + more + `,"blocks":[` + strings.Join(blocks, ",") + `]}`
}

const divider = `{"type":"divider"}`

// A fault is a payload and the beginning of what is wrong with it.
type fault struct{ name, payload, want string }

// refusedMessages are named like the cases of other validators, where they
// have them too.
var refusedMessages = []fault{
	{"text-empty", msg(sectionJSON(`,"text":` + plainJSON(""))), "/blocks/0/text/text: 0 characters"},
	{"text-too-long", msg(sectionJSON(`,"text":{"type":"mrkdwn","text":"` + n(3001) + `"}`)), "/blocks/0/text/text: 3001 characters"},
	{"section-text-too-long", msg(sectionJSON(`,"text":` + plainJSON(n(3001)))), "/blocks/0/text/text: 3001 characters"},
	{"text longer once escaped", msg(sectionJSON(`,"text":` + plainJSON(n(2996)+"&"))), "/blocks/0/text/text: 3001 characters"},
	{"section-missing-content", msg(sectionJSON("")), "/blocks/0: want at least one of text fields"},
	{"section-too-many-fields", msg(sectionJSON(`,"fields":[` + join(11, plainJSON("x")) + `]`)), "/blocks/0/fields: 11 items"},
	{"section-field-too-long", msg(sectionJSON(`,"fields":[` + plainJSON(n(2001)) + `]`)), "/blocks/0/fields/0/text: 2001"},
	{"header-text-too-long", msg(`{"type":"header","text":` + plainJSON(n(151)) + `}`), "/blocks/0/text/text: 151"},
	{"mrkdwn in a header", msg(`{"type":"header","text":{"type":"mrkdwn","text":"x"}}`), `/blocks/0/text: text of type "mrkdwn"`},
	{"header without text", msg(`{"type":"header"}`), `/blocks/0: "text" is missing`},
	{"context-too-many-elements", msg(`{"type":"context","elements":[` + join(11, plainJSON("x")) + `]}`), "/blocks/0/elements: 11 items"},
	{"context-invalid-element", msg(`{"type":"context","elements":[` + buttonJSON("x", "") + `]}`), `/blocks/0/elements/0: context element of type "button"`},
	{"actions-too-many-elements", actionsJSON(join(26, `{"type":"button","action_id":"%d","text":`+plainJSON("x")+`}`)), "/blocks/0/elements: 26 items"},
	{"no actions", actionsJSON(""), "/blocks/0/elements: 0 items"},
	{"block-id-too-long", msg(`{"type":"divider","block_id":"` + n(256) + `"}`), "/blocks/0/block_id: 256"},
	{"block id used twice", msg(`{"type":"divider","block_id":"a"}`, `{"type":"divider","block_id":"a"}`), `/blocks/1/block_id: "a" is used twice`},
	{"action id used twice", actionsJSON(buttonJSON("x", "") + "," + buttonJSON("y", "")), `/blocks/0/elements/1/action_id: "a" is used twice`},
	{"too many blocks", msg(join(51, divider)), "/blocks: 51 items"},
	{"unknown block", msg(`{"type":"hologram"}`), `/blocks/0: block of type "hologram"`},
	{"no block", msg(`7`), `/blocks/0: block of type ""`},
	{"unknown key", msg(`{"type":"divider","colour":"red"}`), `/blocks/0: unknown key "colour"`},
	{"unknown argument", `{"text":"x","txet":"x"}`, `/: unknown key "txet"`},

	{"button-action-id-too-long", actionsJSON(`{"type":"button","text":` + plainJSON("x") + `,"action_id":"` + n(256) + `"}`), "/blocks/0/elements/0/action_id: 256"},
	{"button-text-too-long", actionsJSON(buttonJSON(n(76), "")), "/blocks/0/elements/0/text/text: 76"},
	{"button text longer once escaped", actionsJSON(buttonJSON(n(72)+"<", "")), "/blocks/0/elements/0/text/text: 76"},
	{"button-url-too-long", actionsJSON(buttonJSON("x", `,"url":"https://example.com/`+n(3000)+`"`)), "/blocks/0/elements/0/url: 3020"},
	{"button-value-too-long", actionsJSON(buttonJSON("x", `,"value":"`+n(2001)+`"`)), "/blocks/0/elements/0/value: 2001"},
	{"button-accessibility-label-too-long", actionsJSON(buttonJSON("x", `,"accessibility_label":"`+n(76)+`"`)), "/blocks/0/elements/0/accessibility_label: 76"},
	{"button style", actionsJSON(buttonJSON("x", `,"style":"default"`)), "/blocks/0/elements/0/style: got default"},
	{"button that runs a script", actionsJSON(buttonJSON("x", `,"url":"javascript:alert(1)"`)), "/blocks/0/elements/0/url: no http"},
	{"confirmation-title-too-long", confirmJSON(n(101), "x", "x", "x"), "/blocks/0/elements/0/confirm/title/text: 101"},
	{"confirmation-text-too-long", confirmJSON("x", n(301), "x", "x"), "/blocks/0/elements/0/confirm/text/text: 301"},
	{"confirmation-confirm-too-long", confirmJSON("x", "x", n(31), "x"), "/blocks/0/elements/0/confirm/confirm/text: 31"},
	{"confirmation-deny-too-long", confirmJSON("x", "x", "x", n(31)), "/blocks/0/elements/0/confirm/deny/text: 31"},
	{"option-text-too-long", menuJSON("overflow", `,"options":[`+optionJSON(n(76), "x", "")+`]`), "/blocks/0/elements/0/options/0/text/text: 76"},
	{"option-value-too-long", menuJSON("overflow", `,"options":[`+optionJSON("x", n(151), "")+`]`), "/blocks/0/elements/0/options/0/value: 151"},
	{"option-url-too-long", menuJSON("overflow", `,"options":[`+optionJSON("x", "x", `,"url":"https://example.com/`+strings.Repeat("😀", 3000)+`"`)+`]`), "/blocks/0/elements/0/options/0/url: 3020"},
	{"option-description-too-long", menuJSON("overflow", `,"options":[`+optionJSON("x", "x", `,"description":`+plainJSON(n(76)))+`]`), "/blocks/0/elements/0/options/0/description/text: 76"},
	{"mrkdwn in a menu", menuJSON("overflow", `,"options":[{"text":{"type":"mrkdwn","text":"x"},"value":"x"}]`), "/blocks/0/elements/0/options/0/text: text of type"},
	{"option-group-label-too-long", menuJSON("static_select", `,"option_groups":[{"label":`+plainJSON(n(76))+optionsJSON(1)+`}]`), "/blocks/0/elements/0/option_groups/0/label/text: 76"},
	{"option-group-empty", menuJSON("static_select", `,"option_groups":[{"label":`+plainJSON("x")+optionsJSON(0)+`}]`), "/blocks/0/elements/0/option_groups/0/options: 0"},
	{"option-group-too-many-options", menuJSON("static_select", `,"option_groups":[{"label":`+plainJSON("x")+optionsJSON(101)+`}]`), "/blocks/0/elements/0/option_groups/0/options: 101"},
	{"select-placeholder-too-long", menuJSON("static_select", optionsJSON(1)+`,"placeholder":`+plainJSON(n(151))), "/blocks/0/elements/0/placeholder/text: 151"},
	{"select-too-many-options", menuJSON("static_select", optionsJSON(101)), "/blocks/0/elements/0/options: 101"},
	{"select-too-many-option-groups", menuJSON("static_select", `,"option_groups":[`+join(101, `{"label":`+plainJSON("x")+optionsJSON(1)+`}`)+`]`), "/blocks/0/elements/0/option_groups: 101"},
	{"static-select-options-and-groups", menuJSON("static_select", optionsJSON(1)+`,"option_groups":[{"label":`+plainJSON("x")+optionsJSON(1)+`}]`), "/blocks/0/elements/0: want exactly one"},
	{"overflow-empty", menuJSON("overflow", optionsJSON(0)), "/blocks/0/elements/0/options: 0"},
	{"overflow-too-many-options", menuJSON("overflow", optionsJSON(6)), "/blocks/0/elements/0/options: 6"},
	{"checkboxes-empty", menuJSON("checkboxes", optionsJSON(0)), "/blocks/0/elements/0/options: 0"},
	{"checkboxes-too-many-options", menuJSON("checkboxes", optionsJSON(11)), "/blocks/0/elements/0/options: 11"},
	{"radio-buttons-empty", menuJSON("radio_buttons", optionsJSON(0)), "/blocks/0/elements/0/options: 0"},
	{"radio-buttons-too-many-options", menuJSON("radio_buttons", optionsJSON(11)), "/blocks/0/elements/0/options: 11"},
	{"image-url-too-long", msg(`{"type":"image","alt_text":"x","image_url":"https://example.com/` + n(3000) + `"}`), "/blocks/0/image_url: 3020"},
	{"image-alt-text-too-long", msg(`{"type":"image","alt_text":"` + n(2001) + `","image_url":"https://example.com/"}`), "/blocks/0/alt_text: 2001"},
	{"image-url-and-slack-file", msg(`{"type":"image","alt_text":"x","image_url":"https://example.com/","slack_file":{"id":"F1"}}`), "/blocks/0: want exactly one"},
	{"image without alt text", msg(`{"type":"image","image_url":"https://example.com/"}`), `/blocks/0: "alt_text" is missing`},

	{"empty rich text", richJSON(""), "/blocks/0/elements: 0 items"},
	{"empty rich text element", richSectionJSON(`{"type":"text","text":""}`), "/blocks/0/elements/0/elements/0/text: 0"},
	{"rich text too long", richSectionJSON(`{"type":"text","text":"` + n(3001) + `"}`), "/blocks/0/elements/0/elements/0/text: 3001"},
	{"control character", richSectionJSON(`{"type":"text","text":"a\u0007b"}`), "/blocks/0/elements/0/elements/0/text: control character"},
	{"mention in rich text", richSectionJSON(`{"type":"broadcast","range":"channel"}`), `/blocks/0/elements/0/elements/0: rich text element of type "broadcast"`},
	{"user in rich text", richSectionJSON(`{"type":"user","user_id":"U1"}`), `/blocks/0/elements/0/elements/0: rich text element of type "user"`},
	{"link to a script", richSectionJSON(`{"type":"link","url":"javascript:x"}`), "/blocks/0/elements/0/elements/0/url: no http"},
	{"list in a list", richJSON(`{"type":"rich_text_list","style":"ordered","elements":[{"type":"rich_text_list","style":"ordered","elements":[]}]}`), `/blocks/0/elements/0/elements/0: list item of type`},
	{"list from below one", richJSON(`{"type":"rich_text_list","style":"ordered","offset":-1,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`), "/blocks/0/elements/0/offset: got -1"},

	{"mass mention", msg(sectionJSON(`,"text":{"type":"mrkdwn","verbatim":true,"text":"<!channel>"}`)), "/blocks/0/text/text: unescaped <"},
	{"mass mention in the text", `{"text":"<!here>"}`, "/text: unescaped <"},
	{"disguised link", `{"text":"<https://evil.example|docs>"}`, "/text: unescaped <"},
	{"bare ampersand", `{"text":"a & b"}`, "/text: unescaped &"},
	{"mention without angles", msg(sectionJSON(`,"text":{"type":"mrkdwn","text":"ask @everyone"}`)), "/blocks/0/text: Slack makes links and mentions"},
	{"bare domain", msg(sectionJSON(`,"text":{"type":"mrkdwn","text":"see evil.example"}`)), "/blocks/0/text: Slack makes links and mentions"},
	{"formatted text without blocks", `{"text":"so *bold*"}`, "/text: Slack formats this text"},
	{"quoted text without blocks", `{"text":"a\n&gt; b"}`, "/text: Slack formats this text"},
	{"code without blocks", `{"text":"run ` + "`rm`" + `"}`, "/text: Slack formats this text"},
	{"names are looked up", `{"text":"x","link_names":true}`, "/link_names: makes mentions"},
	{"names are looked up, as in a form", `{"text":"x","link_names":"1"}`, "/link_names: makes mentions"},
	{"all is parsed", `{"text":"x","parse":"full"}`, "/parse: got full"},
	{"text too long for an update", `{"text":"` + n(4001) + `"}`, "/text: 4001"},
	{"text longer once escaped at the top", `{"text":"` + n(3996) + `&lt;&lt;"}`, "/text: 4004"},
	{"nothing to say", `{"channel":"C1"}`, "/: want at least one of text"},
	{"empty text", `{"text":""}`, "/text: empty"},
	{"thread that is none", `{"text":"x","thread_ts":"now"}`, "/thread_ts: got now"},
	{"too much in all", msg(join(5, sectionJSON(`,"text":`+plainJSON(n(2900))))), "/blocks: 14"},
	{"little text in much structure", richSectionJSON(join(450, `{"type":"text","text":"x"}`)), "/blocks: 1"},
	{"blocks as a string", `{"text":"x","blocks":"[{\"type\":\"hologram\"}]"}`, `/blocks/0: block of type "hologram"`},
	{"blocks as a broken string", `{"text":"x","blocks":"[{"}`, "/blocks: no JSON"},
	{"input in a message", msg(inputJSON("x", typing, "")), `/blocks/0: block of type "input"`},
	{"no object", `[]`, "/: got an array"},
	{"no JSON", `{`, "/: unexpected EOF"},
	{"two JSON values", `{"text":"x"} {"text":"x"}`, "/: more than one"},
	{"bytes that are no text", "{\"text\":\"\xff\"}", "/: no valid UTF-8"},
}

var refusedViews = []fault{
	{"input-label-too-long", modalJSON("x", `,"submit":`+plainJSON("x"), inputJSON(n(2001), typing, "")), "/blocks/0/label/text: 2001"},
	{"input-hint-too-long", modalJSON("x", `,"submit":`+plainJSON("x"), inputJSON("x", typing, `,"hint":`+plainJSON(n(2001)))), "/blocks/0/hint/text: 2001"},
	{"input-invalid-element", modalJSON("x", `,"submit":`+plainJSON("x"), inputJSON("x", buttonJSON("x", ""), "")), `/blocks/0/element: input of type "button"`},
	{"plain-text-input-max-length-too-large", modalJSON("x", `,"submit":`+plainJSON("x"), inputJSON("x", `{"type":"plain_text_input","action_id":"a","max_length":3001}`, "")), "/blocks/0/element/max_length: got 3001"},
	{"file-input-max-files-too-small", modalJSON("x", `,"submit":`+plainJSON("x"), inputJSON("x", `{"type":"file_input","action_id":"a","max_files":0}`, "")), "/blocks/0/element/max_files: got 0"},
	{"file-input-max-files-too-large", modalJSON("x", `,"submit":`+plainJSON("x"), inputJSON("x", `{"type":"file_input","action_id":"a","max_files":11}`, "")), "/blocks/0/element/max_files: got 11"},
	{"number-input-inverted-range", modalJSON("x", `,"submit":`+plainJSON("x"), inputJSON("x", `{"type":"number_input","action_id":"a","is_decimal_allowed":false,"min_value":"2","max_value":"1"}`, "")), "/blocks/0/element: min_value"},
	{"input without submit", modalJSON("x", "", inputJSON("x", typing, "")), "/: a modal with an input needs submit"},
	{"view-missing-blocks", modalJSON("x", ""), "/blocks: 0 items"},
	{"view-too-many-blocks", modalJSON("x", "", join(101, divider)), "/blocks: 101 items"},
	{"view-private-metadata-too-long", modalJSON("x", `,"private_metadata":"`+n(3001)+`"`, divider), "/private_metadata: 3001"},
	{"view-callback-id-too-long", modalJSON("x", `,"callback_id":"`+n(256)+`"`, divider), "/callback_id: 256"},
	{"view-title-too-long", modalJSON(n(25), "", divider), "/title/text: 25"},
	{"view-close-too-long", modalJSON("x", `,"close":`+plainJSON(n(25)), divider), "/close/text: 25"},
	{"view-submit-too-long", modalJSON("x", `,"submit":`+plainJSON(n(25)), divider), "/submit/text: 25"},
	{"mrkdwn in a title", `{"type":"modal","title":{"type":"mrkdwn","text":"x"},"blocks":[` + divider + `]}`, "/title: text of type"},
	{"no title", `{"type":"modal","blocks":[` + divider + `]}`, `/: "title" is missing`},
	{"title of a home", `{"type":"home","title":` + plainJSON("x") + `,"blocks":[` + divider + `]}`, `/: unknown key "title"`},
	{"unknown view", `{"type":"popup","blocks":[` + divider + `]}`, `/: view of type "popup"`},
	{"too large", modalJSON("x", `,"private_metadata":"`+n(250_000)+`"`, divider), "/: 250"},
}

var refusedResponses = []fault{
	{"unknown type", `{"text":"x","response_type":"public"}`, "/response_type: got public"},
	{"argument of another method", `{"text":"x","channel":"C1"}`, `/: unknown key "channel"`},
	{"formatted text", `{"text":"*x*"}`, "/text: Slack formats this text"},
}

func TestWhatSlackRefusesIsFound(t *testing.T) {
	for _, place := range []struct {
		name  string
		check func([]byte) error
		cases []fault
	}{{"message", Message, refusedMessages}, {"view", View, refusedViews}, {"response", Response, refusedResponses}} {
		for _, tt := range place.cases {
			t.Run(place.name+"/"+tt.name, func(t *testing.T) {
				err := place.check([]byte(tt.payload))
				if err == nil || !strings.Contains(err.Error(), "blockkit: "+tt.want) {
					t.Errorf("got %v, want blockkit: %s", err, tt.want)
				}
			})
		}
	}
}

func TestEveryFaultIsReportedAndInOrder(t *testing.T) {
	payload := []byte(msg(`{"type":"divider","b":1,"a":1}`, `{"type":"header","text":`+plainJSON(n(151))+`}`))
	const want = `blockkit: /blocks/0: unknown key "a"
blockkit: /blocks/0: unknown key "b"
blockkit: /blocks/1/text/text: 151 characters after escaping, want 1 to 150`
	for range 20 {
		if err := Message(payload); err == nil || err.Error() != want {
			t.Fatalf("got %v, want %s", err, want)
		}
	}
}
