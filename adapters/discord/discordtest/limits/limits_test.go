package limits

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

const silent = `"allowed_mentions":{"parse":[]}`

// plain is a message of the first kind.
func plain(more string) string { return `{` + silent + more + `}` }

// v2 is a message of components.
func v2(components ...string) string {
	return `{"flags":32768,` + silent + `,"components":[` + strings.Join(components, ",") + `]}`
}

func textJSON(s string) string      { return `{"type":10,"content":"` + s + `"}` }
func containerJSON(s string) string { return `{"type":17,"components":[` + s + `]}` }
func rowJSON(s string) string       { return `{"type":1,"components":[` + s + `]}` }
func buttonJSON(s string) string    { return `{"type":2,"style":2,` + s + `}` }
func optionJSON(s string) string    { return `{"label":"x","value":"` + s + `"}` }

const (
	aButton = `{"type":2,"style":2,"label":"x","custom_id":"%d"}`
	aMenu   = `{"type":3,"custom_id":"m","options":[{"label":"x","value":"x"}]}`
)

func modalJSON(title string, components ...string) string {
	return `{"custom_id":"m","title":"` + title + `","components":[` + strings.Join(components, ",") + `]}`
}

func labelJSON(component string) string {
	return `{"type":18,"label":"x","component":` + component + `}`
}

func inputJSON(more string) string { return `{"type":4,"custom_id":"i","style":1` + more + `}` }

func commandJSON(more string) string {
	return `{"name":"ask","description":"x"` + more + `}`
}

func optionsJSON(options ...string) string {
	return commandJSON(`,"options":[` + strings.Join(options, ",") + `]`)
}

func argJSON(kind int, name, more string) string {
	return fmt.Sprintf(`{"type":%d,"name":%q,"description":"x"%s}`, kind, name, more)
}

// A fault is a payload and the beginning of what is wrong with it.
type fault struct{ name, payload, want string }

var refusedMessages = []fault{
	{"no JSON", `{`, "/: "},
	{"two documents", plain(`,"content":"x"`) + "{}", "/: more than one"},
	{"an array", `[]`, "/: got an array"},
	{"mentions by default", `{"content":"x"}`, `/: "allowed_mentions" is missing`},
	{"mentions that are null", `{"content":"x","allowed_mentions":null}`, "/allowed_mentions: got null"},
	{"kinds that are null", `{"content":"x","allowed_mentions":{"parse":null}}`, "/allowed_mentions/parse: got null"},
	{"kinds that are left out", `{"content":"x","allowed_mentions":{}}`, `/allowed_mentions: "parse" is missing`},
	{"mentions of everyone", `{"content":"x","allowed_mentions":{"parse":["everyone"]}}`, "/allowed_mentions/parse: 1 items"},
	{"a mention of one", `{"content":"x","allowed_mentions":{"parse":[],"users":["1"]}}`, "/allowed_mentions/users: 1 items"},
	{"a ping by a reply", `{"content":"x","allowed_mentions":{"parse":[],"replied_user":true}}`, "/allowed_mentions/replied_user: "},
	{"empty", plain(``), "/: an empty message"},
	{"blank", plain(`,"content":" \n"`), "/: an empty message"},
	{"rows without content", plain(`,"components":[` + rowJSON(aButton) + `]`), "/: an empty message"},
	{"too long", plain(`,"content":"` + n(2001) + `"`), "/content: 2001 characters"},
	{"too long in UTF-16", plain(`,"content":"` + strings.Repeat("😀", 1001) + `"`), "/content: 2002 characters"},
	{"an open fence", plain(`,"content":"` + "\\\\``` ```sh" + `"`), "/content: a code fence is not closed"},
	{"unknown key", plain(`,"content":"x","file":1`), `/: unknown key "file"`},
	{"read aloud", plain(`,"content":"x","tts":true`), "/tts: "},
	{"unknown flag", plain(`,"content":"x","flags":1`), "/flags: got 1"},
	{"a long nonce", plain(`,"content":"x","enforce_nonce":true,"nonce":"` + n(26) + `"`), "/nonce: 26 characters"},
	{"an idle nonce", plain(`,"content":"x","nonce":"1"`), "/: want both nonce"},
	{"enforcing nothing", plain(`,"content":"x","enforce_nonce":true`), "/: want both nonce"},
	{"not enforcing", plain(`,"content":"x","nonce":"1","enforce_nonce":false`), "/enforce_nonce: "},
	{"a reply to nothing", plain(`,"content":"x","message_reference":{}`), `/message_reference: "message_id" is missing`},
	{"a reply to no id", plain(`,"content":"x","message_reference":{"message_id":"x"}`), "/message_reference/message_id: "},
	{"a file", plain(`,"content":"x","attachments":[]`), "/attachments: "},

	{"embed title", plain(`,"embeds":[{"title":"` + n(257) + `"}]`), "/embeds/0/title: 257"},
	{"embed fields", plain(`,"embeds":[{"fields":[` + join(26, `{"name":"x","value":"x"}`) + `]}]`), "/embeds/0/fields: 26"},
	{"embed field without value", plain(`,"embeds":[{"fields":[{"name":"x","value":""}]}]`), "/embeds/0/fields/0/value: 0 "},
	{"embeds together", plain(`,"embeds":[` + join(2, `{"description":"`+n(3001)+`"}`) + `]`), "/embeds: 6002 characters"},

	{"six rows", plain(`,"content":"x","components":[` + join(6, rowJSON(aButton)) + `]`), "/components: 6 rows"},
	{"components without the flag", plain(`,"content":"x","components":[` + textJSON("x") + `]`), `/components: a component of type "10" needs`},
	{"content beside components", `{"flags":32768,"content":"x",` + silent + `,"components":[` + textJSON("x") + `]}`, "/: content and embeds"},
	{"embeds beside components", `{"flags":32768,"embeds":[{}],` + silent + `,"components":[` + textJSON("x") + `]}`, "/: content and embeds"},
	{"no components", v2(), "/: an empty message"},
	{"unknown component", v2(`{"type":12,"items":[]}`), `/components/0: component of type "12"`},
	{"a type in a string", v2(`{"type":"10","content":"x"}`), `/components/0: component of type ""`},
	{"empty text", v2(textJSON("")), "/components/0/content: 0 characters"},
	{"blank text", v2(textJSON(" ")), "/components/0/content: blank"},
	{"an open fence in a text", v2(textJSON("```x")), "/components/0/content: a code fence"},
	{"texts together", v2(textJSON(n(2000)), containerJSON(textJSON(n(2001)))), "/components: 4001 characters"},
	{"bytes together", v2(textJSON(strings.Repeat("語", 3387))), "/components: 10173 bytes"},
	{"41 components", v2(containerJSON(join(20, textJSON("x"))), containerJSON(join(19, textJSON("x")))), "/components: 41 components"},
	{"a container in a container", v2(containerJSON(containerJSON(textJSON("x")))), `/components/0/components/0: container component of type "17"`},
	{"a bare button", v2(aButton), `/components/0: component of type "2"`},
	{"an empty container", v2(containerJSON("")), "/components/0/components: 0 items"},
	{"accent", v2(`{"type":17,"accent_color":16777216,"components":[` + textJSON("x") + `]}`), "/components/0/accent_color: "},
	{"separator", v2(textJSON("x"), `{"type":14,"spacing":3}`), "/components/1/spacing: "},
	{"a section without accessory", v2(`{"type":9,"components":[` + textJSON("x") + `]}`), `/components/0: "accessory" is missing`},
	{"a section of four", v2(`{"type":9,"accessory":` + aButton + `,"components":[` + join(4, textJSON("x")) + `]}`), "/components/0/components: 4 items"},
	{"one id twice", v2(`{"type":10,"id":1,"content":"x"}`, `{"type":14,"id":1}`), "/components/1/id: "},

	{"six buttons", v2(rowJSON(join(6, aButton))), "/components/0/components: 6 items"},
	{"an empty row", v2(rowJSON("")), "/components/0/components: 0 items"},
	{"a menu beside a button", v2(rowJSON(aButton + "," + aMenu)), "/components/0: a menu beside"},
	{"one custom_id twice", v2(rowJSON(buttonJSON(`"label":"x","custom_id":"a"`)), rowJSON(buttonJSON(`"label":"x","custom_id":"a"`))),
		`/components/1/components/0/custom_id: "a" is used twice`},
	{"long label", v2(rowJSON(buttonJSON(`"custom_id":"a","label":"` + n(81) + `"`))), "/components/0/components/0/label: 81"},
	{"empty label", v2(rowJSON(buttonJSON(`"custom_id":"a","label":""`))), "/components/0/components/0/label: 0"},
	{"no label", v2(rowJSON(buttonJSON(`"custom_id":"a"`))), "/components/0/components/0: want a label"},
	{"long custom_id", v2(rowJSON(buttonJSON(`"label":"x","custom_id":"` + n(101) + `"`))), "/components/0/components/0/custom_id: 101"},
	{"no custom_id", v2(rowJSON(buttonJSON(`"label":"x"`))), `/components/0/components/0: "custom_id" is missing`},
	{"a button with url", v2(rowJSON(buttonJSON(`"label":"x","custom_id":"a","url":"https://example.com"`))), `/components/0/components/0: unknown key "url"`},
	{"a link with custom_id", v2(rowJSON(`{"type":2,"style":5,"label":"x","custom_id":"a","url":"https://example.com"}`)), `/components/0/components/0: unknown key "custom_id"`},
	{"a link without url", v2(rowJSON(`{"type":2,"style":5,"label":"x"}`)), `/components/0/components/0: "url" is missing`},
	{"a link to nowhere", v2(rowJSON(`{"type":2,"style":5,"label":"x","url":"javascript:1"}`)), "/components/0/components/0/url: no http"},
	{"a link too far", v2(rowJSON(`{"type":2,"style":5,"label":"x","url":"https://example.com/` + n(500) + `"}`)), "/components/0/components/0/url: 520"},
	{"a premium button", v2(rowJSON(`{"type":2,"style":6,"custom_id":"a","label":"x"}`)), "/components/0/components/0/style: got 6"},
	{"26 options", v2(rowJSON(`{"type":3,"custom_id":"a","options":[` + join(26, optionJSON("%d")) + `]}`)), "/components/0/components/0/options: 26"},
	{"one value twice", v2(rowJSON(`{"type":3,"custom_id":"a","options":[` + join(2, optionJSON("x")) + `]}`)), "/components/0/components/0/options/1/value: "},
	{"no more than less", v2(rowJSON(`{"type":5,"custom_id":"a","min_values":2,"max_values":1}`)), "/components/0/components/0: min_values is above"},
}

var refusedModals = []fault{
	{"title", modalJSON(n(46), labelJSON(inputJSON(""))), "/title: 46"},
	{"no components", modalJSON("x"), "/components: 0 items"},
	{"six components", modalJSON("x", join(6, textJSON("x"))), "/components: 6 items"},
	{"a bare input", modalJSON("x", inputJSON("")), `/components/0: modal component of type "4"`},
	{"a button", modalJSON("x", rowJSON(aButton)), `/components/0/components/0: row component of type "2"`},
	{"a label twice", modalJSON("x", labelJSON(inputJSON(`,"label":"x"`))), `/components/0/component: unknown key "label"`},
	{"an input without label", modalJSON("x", rowJSON(inputJSON(""))), `/components/0/components/0: "label" is missing`},
	{"long label", modalJSON("x", `{"type":18,"label":"`+n(46)+`","component":`+inputJSON("")+`}`), "/components/0/label: 46"},
	{"long placeholder", modalJSON("x", labelJSON(inputJSON(`,"placeholder":"`+n(101)+`"`))), "/components/0/component/placeholder: 101"},
	{"too much to type", modalJSON("x", labelJSON(inputJSON(`,"max_length":4001`))), "/components/0/component/max_length: "},
	{"more than most", modalJSON("x", labelJSON(inputJSON(`,"min_length":3,"max_length":2`))), "/components/0/component: min_length is above"},
	{"a value too long", modalJSON("x", labelJSON(inputJSON(`,"value":"abc","max_length":2`))), "/components/0/component: the value has 3"},
	{"masked", modalJSON("x", labelJSON(`{"type":4,"custom_id":"i","style":3}`)), "/components/0/component/style: "},
	{"disabled", modalJSON("x", labelJSON(`{"type":5,"custom_id":"i","disabled":false}`)), `/components/0/component: unknown key "disabled"`},
	{"one radio button", modalJSON("x", labelJSON(`{"type":21,"custom_id":"i","options":[`+optionJSON("x")+`]}`)), "/components/0/component/options: 1"},
	{"11 checkboxes", modalJSON("x", labelJSON(`{"type":22,"custom_id":"i","options":[`+join(11, optionJSON("%d"))+`]}`)), "/components/0/component/options: 11"},
	{"one custom_id twice", modalJSON("x", labelJSON(inputJSON("")), labelJSON(inputJSON(""))), "/components/1/component/custom_id: "},
}

var refusedCommands = []fault{
	{"upper case", `[{"name":"Ask","description":"x"}]`, "/0/name: "},
	{"space", `{"name":"a b","description":"x"}`, "/name: "},
	{"long name", `{"name":"` + n(33) + `","description":"x"}`, "/name: "},
	{"no description", `{"name":"ask"}`, `/: "description" is missing`},
	{"long description", `{"name":"ask","description":"` + n(101) + `"}`, "/description: 101"},
	{"a description of a message command", `{"type":3,"name":"Ask","description":"x"}`, "/description: 1 characters"},
	{"twice", `[` + commandJSON("") + `,` + commandJSON("") + `]`, "/1/name: "},
	{"101", `[` + join(101, `{"name":"a%d","description":"x"}`) + `]`, "/: 101 chat commands"},
	{"16 message commands", `[` + join(16, `{"type":3,"name":"A %d"}`) + `]`, "/: 16 message commands"},
	{"26 options", optionsJSON(join(26, argJSON(3, "a%d", ""))), "/options: 26"},
	{"one option twice", optionsJSON(argJSON(3, "a", ""), argJSON(3, "a", "")), "/options/1/name: "},
	{"required behind", optionsJSON(argJSON(3, "a", ""), argJSON(3, "b", `,"required":true`)), "/options/1: a required option"},
	{"26 choices", optionsJSON(argJSON(3, "a", `,"choices":[`+join(26, `{"name":"%d","value":"x"}`)+`]`)), "/options/0/choices: 26"},
	{"long choice", optionsJSON(argJSON(3, "a", `,"choices":[{"name":"x","value":"`+n(101)+`"}]`)), "/options/0/choices/0/value: 101"},
	{"choices and completion", optionsJSON(argJSON(3, "a", `,"autocomplete":true,"choices":[{"name":"x","value":"x"}]`)), "/options/0: choices beside"},
	{"completion of a switch", optionsJSON(argJSON(5, "a", `,"autocomplete":true`)), "/options/0/autocomplete: "},
	{"max_length", optionsJSON(argJSON(3, "a", `,"max_length":6001`)), "/options/0/max_length: "},
	{"least above most", optionsJSON(argJSON(4, "a", `,"min_value":2,"max_value":1`)), "/options/0: min_value is above"},
	{"commands beside options", optionsJSON(argJSON(1, "a", ""), argJSON(3, "b", "")), "/options: commands beside"},
	{"an option in a group", optionsJSON(argJSON(2, "a", `,"options":[`+argJSON(3, "b", "")+`]`)), "/options/0/options/0: a group holds"},
	{"too much text", optionsJSON(join(25, argJSON(3, "a%d", `,"choices":[`+join(4, `{"name":"%d","value":"`+n(100)+`"}`)+`]`))), "/: 10"},
	{"unknown locale", commandJSON(`,"name_localizations":{"xx":"a"}`), `/name_localizations: unknown key "xx"`},
	{"translated badly", commandJSON(`,"name_localizations":{"de":"A B"}`), "/name_localizations/de: "},
	{"permissions", commandJSON(`,"default_member_permissions":32`), "/default_member_permissions: "},
	{"unknown context", commandJSON(`,"contexts":[3]`), "/contexts/0: "},
	{"unknown type", `{"type":4,"name":"x"}`, "/type: got 4"},
}

func TestWhatDiscordRefusesIsRefused(t *testing.T) {
	for _, kind := range []struct {
		name  string
		check func([]byte) error
		cases []fault
	}{
		{"message", Message, refusedMessages}, {"modal", Modal, refusedModals}, {"commands", Commands, refusedCommands},
		{"choices", Choices, []fault{
			{"26", `{"choices":[` + join(26, `{"name":"x","value":"x"}`) + `]}`, "/choices: 26"},
			{"empty name", `{"choices":[{"name":"","value":"x"}]}`, "/choices/0/name: 0"},
		}},
	} {
		for _, tt := range kind.cases {
			t.Run(kind.name+"/"+tt.name, func(t *testing.T) {
				err := kind.check([]byte(tt.payload))
				if err == nil {
					t.Fatal("accepted")
				}
				if got := err.Error(); !strings.HasPrefix(got, "limits: "+tt.want) {
					t.Errorf("got %q, want it to begin with %q", got, "limits: "+tt.want)
				}
				if strings.Contains(err.Error(), "\n") {
					t.Errorf("got several faults, want one: %v", err)
				}
			})
		}
	}
}

func TestFaultsAreJoinedInAStableOrder(t *testing.T) {
	payload := []byte(`{"content":"","zoo":1,"ant":1,"tts":true}`)
	want := "limits: /: \"allowed_mentions\" is missing\nlimits: /: unknown key \"ant\"\nlimits: /tts: got true: nobody asked to be read to\n" +
		"limits: /: unknown key \"zoo\"\nlimits: /: an empty message"
	for range 20 {
		if diff := cmp.Diff(want, Message(payload).Error()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}
