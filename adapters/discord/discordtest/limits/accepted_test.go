package limits

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// acceptedMessages are messages that Discord takes, some at a limit.
var acceptedMessages = map[string]string{
	"content":            plain(`,"content":"` + n(2000) + `"`),
	"content in UTF-16":  plain(`,"content":"` + strings.Repeat("😀", 1000) + `"`),
	"nonce":              plain(`,"content":"x","enforce_nonce":true,"nonce":"` + n(25) + `"`),
	"reply":              plain(`,"content":"x","message_reference":{"message_id":"1","fail_if_not_exists":false}`),
	"private":            plain(`,"content":"x","flags":68`),
	"fences":             plain(`,"content":"` + "```sh\\nx \\\\\\\\```\\\\``` ``" + `"`),
	"rows":               plain(`,"content":"x","components":[` + rowJSON(`{"type":2,"style":1,"label":"`+n(80)+`","custom_id":"`+n(100)+`"}`) + `,` + rowJSON(aMenu) + `]`),
	"rows taken away":    plain(`,"content":"x","components":[]`),
	"embed":              plain(`,"embeds":[{"title":"` + n(256) + `","description":"` + n(4096) + `","fields":[{"name":"x","value":"` + n(1024) + `"}]}]`),
	"made of components": `{"flags":32768,"content":null,"embeds":[],` + silent + `,"components":[` + textJSON("x") + `]}`,
	"text":               v2(textJSON(n(4000))),
	"text in bytes":      v2(textJSON(strings.Repeat("語", 3386))),
	"40 components":      v2(containerJSON(join(20, textJSON("x"))), containerJSON(join(18, textJSON("x")))),
	"everything": v2(containerJSON(textJSON("x")+`,{"type":14,"divider":true,"spacing":1},`+
		`{"type":9,"components":[`+textJSON("x")+`],"accessory":`+buttonJSON(`"label":"y","custom_id":"y"`)+`},`+rowJSON(`{"type":2,"style":5,"label":"x","url":"https://example.com"}`)),
		rowJSON(`{"type":8,"custom_id":"c","channel_types":[0],"placeholder":"x","disabled":true}`)),
}

var acceptedModals = map[string]string{
	"inputs": modalJSON(n(45), labelJSON(inputJSON(`,"max_length":4000,"placeholder":"x","required":false`)),
		labelJSON(`{"type":22,"custom_id":"c","required":true,"options":[`+optionJSON("x")+`]}`), textJSON("x"),
		labelJSON(`{"type":21,"custom_id":"r","options":[`+join(2, optionJSON("%d"))+`]}`), rowJSON(`{"type":4,"custom_id":"o","style":2,"label":"x"}`)),
}

var acceptedCommands = map[string]string{
	"several": `[` + optionsJSON(argJSON(3, "question", `,"required":true,"autocomplete":true,"max_length":6000`), argJSON(5, "public", "")) +
		`,{"type":3,"name":"Troubleshoot this message","contexts":[0,1],"integration_types":[0]},{"name":"ask-privacy","description":"x"}]`,
	"permissions": `[{"name":"ask-privacy","description":"x","default_member_permissions":"32"}]`,
	"groups":      `[` + optionsJSON(argJSON(2, "a", `,"options":[`+argJSON(1, "b", `,"options":[`+argJSON(3, "c", "")+`]`)+`]`)) + `]`,
	"a language":  `[` + commandJSON(`,"name_localizations":{"de":"frag","hi":"पूछो"},"description_localizations":{"de":"x"}`) + `]`,
}

func TestWhatDiscordTakesIsAccepted(t *testing.T) {
	for _, kind := range []struct {
		name  string
		check func([]byte) error
		cases map[string]string
	}{{"message", Message, acceptedMessages}, {"modal", Modal, acceptedModals}, {"commands", Commands, acceptedCommands}} {
		for name, payload := range kind.cases {
			t.Run(kind.name+"/"+name, func(t *testing.T) {
				if err := kind.check([]byte(payload)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	if err := Choices([]byte(`{"choices":[{"name":"x","value":"x"}]}`)); err != nil {
		t.Error(err)
	}
}

func FuzzNothingMakesTheCheckerPanic(f *testing.F) {
	for _, tt := range slices.Concat(refusedMessages, refusedModals, refusedCommands) {
		f.Add([]byte(tt.payload))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) && Message(data) == nil {
			t.Errorf("accepted %q, which is no JSON", data)
		}
		if Modal(data) == nil && Message(data) == nil {
			t.Errorf("accepted %q both as a modal and as a message", data)
		}
		_, _ = Commands(data), Choices(data)
	})
}
