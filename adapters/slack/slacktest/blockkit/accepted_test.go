package blockkit

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWhatSlackTakesIsAccepted(t *testing.T) {
	for _, tt := range []struct {
		name, payload string
		check         func([]byte) error
	}{
		{"text", `{"token":"x","channel":"C1","text":"a &amp; b &lt;c&gt;","thread_ts":"1700000000.000100"}`, Message},
		{"text at its limit", `{"text":"` + n(3992) + `&lt;&gt;"}`, Message},
		{"emoji at the limit", `{"text":"` + strings.Repeat("😀", 4000) + `"}`, Message},
		{"formatted text as plain text", `{"text":"*x*","mrkdwn":"false","parse":"none","link_names":false}`, Message},
		{"a name with underscores", `{"text":"set APIHELP_CHECK_TARGETS and 2*3*4"}`, Message},
		{"a date", `{"text":"at <!date^1700000000^{time}|12:00>"}`, Message},
		{"blocks without text", `{"channel":"C1","blocks":[` + divider + `]}`, Message},
		{"blocks as a string", `{"text":"x","blocks":"[{\"type\":\"divider\"}]"}`, Message},
		{"as many blocks as fit", msg(join(50, divider)), Message},
		{"texts at their limits", msg(`{"type":"header","level":2,"text":`+plainJSON(n(150))+`}`, sectionJSON(`,"text":`+plainJSON(n(3000)))), Message},
		{"emoji are one character each", msg(`{"type":"header","text":` + plainJSON(strings.Repeat("😀", 150)) + `}`), Message},
		{"one action id in two blocks", msg(`{"type":"actions","elements":[`+buttonJSON("x", "")+`]}`, `{"type":"actions","elements":[`+buttonJSON("x", "")+`]}`), Message},
		{"verbatim text with names", msg(sectionJSON(`,"text":{"type":"mrkdwn","verbatim":true,"text":"@here see evil.example"}`)), Message},
		{"literal text with markup", richSectionJSON(`{"type":"text","text":"<!channel> *x*","style":{"bold":true,"code":true}}`), Message},
		{"modal with an input", modalJSON("x", `,"submit":`+plainJSON("Ask"), inputJSON("x", typing, "")), View},
		{"home", `{"type":"home","blocks":[` + join(100, divider) + `]}`, View},
		{"response", `{"text":"x","response_type":"in_channel","replace_original":true,"thread_ts":"1700000000.000100"}`, Response},
		{"response that deletes", `{"delete_original":true}`, Response},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.check([]byte(tt.payload)); err != nil {
				t.Error(err)
			}
		})
	}
}

// fixtures are documents from Slack's own libraries that lie beside the
// repository on some machines.
const fixtures = "../../../../../shared/spec/slack-block-fixtures"

// unsent are fixtures that are valid but not for what the bot sends: block
// types that no answer has a use for, mentions, and two messages that use a
// block_id twice.
var unsent = []string{
	"blocks/alert_block", "blocks/card_block", "blocks/carousel_block", "blocks/container_block", "blocks/context_actions_*",
	"blocks/data_*", "blocks/file_block_only", "blocks/markdown_block_basic", "blocks/plan_block", "blocks/table_block",
	"blocks/task_card_block", "blocks/video_block_*", "elements/rich_text_input_basic", "elements/url_source_basic",
	"messages/webhook_message_basic", "messages/webhook_message_delete",
	"rich_text/rich_text_channel_basic", "rich_text/rich_text_user_basic", "rich_text/rich_text_user_group_basic",
}

// ruleFor says what a fixture is, by the name of its folder and file.
func ruleFor(name string) rule {
	folder, file, _ := strings.Cut(name, "/")
	switch folder {
	case "blocks":
		return union("block", allBlocks)
	case "elements":
		return union("element", elements)
	case "rich_text":
		if strings.Contains(file, "_section_") || strings.Contains(file, "_list_") || strings.Contains(file, "_quote_") || strings.Contains(file, "_code_") {
			return func(c *checker, at string, v any) {
				richText(c, at, map[string]any{"type": "rich_text", "elements": []any{v}})
			}
		}
		return inline
	case "views":
		return anyView
	case "messages":
		if strings.HasPrefix(file, "webhook") || file == "message_response" {
			return response
		}
		return message
	case "attachments":
		return func(c *checker, at string, v any) { posted["attachments"](c, at, []any{v}) }
	}
	return objects[strings.SplitN(file, "_", 2)[0]]
}

var objects = map[string]rule{
	"confirmation": confirm, "conversation": filter, "text": text(partText), "trigger": trigger,
	"workflow": object("trigger", fields{"trigger": trigger}), "input": object("name value", fields{"name": str(1, 10), "value": str(1, 10)}),
	"dispatch": typed["dispatch_action_config"],
	"option": func(c *checker, at string, v any) {
		if member(v, "value") != "" {
			option(c, at, v)
		} else {
			group(c, at, v)
		}
	},
}

func TestTheFixturesOfOthersAreJudgedAsTheyJudgeThem(t *testing.T) {
	files, _ := filepath.Glob(fixtures + "/valid/*/*.json")
	for _, file := range files {
		rel, _ := filepath.Rel(fixtures+"/valid", file)
		name := strings.TrimSuffix(filepath.ToSlash(rel), ".json")
		t.Run("valid/"+name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			err = check(data, ruleFor(name))
			excepted := slices.ContainsFunc(unsent, func(pattern string) bool {
				ok, _ := filepath.Match(pattern, name)
				return ok
			})
			if (err != nil) != excepted {
				t.Errorf("got %v, excepted: %v", err, excepted)
			}
		})
	}
}

// unsentCases begin the names of invalid cases about what is refused whole.
var unsentCases = []string{
	"url-source-", "table-", "markdown-", "video-", "alert-", "card-", "carousel-", "container-", "context-actions-",
	"feedback-button-", "icon-button-", "data-", "pie-chart-", "chart-", "axis-",
}

func TestEachInvalidCaseOfOthersIsAmongOurs(t *testing.T) {
	data, err := os.ReadFile(fixtures + "/invalid/manifest.json")
	if err != nil {
		return // the fixtures are an extra
	}
	var manifest struct{ Cases []struct{ ID string } }
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	ours := slices.Concat(refusedMessages, refusedViews, refusedResponses)
	for _, c := range manifest.Cases {
		known := slices.ContainsFunc(ours, func(f fault) bool { return f.name == c.ID })
		whole := slices.ContainsFunc(unsentCases, func(prefix string) bool { return strings.HasPrefix(c.ID, prefix) })
		if known == whole {
			t.Errorf("case %q: tested here: %v, refused whole: %v; want one of both", c.ID, known, whole)
		}
	}
}

func FuzzNothingMakesTheCheckerPanic(f *testing.F) {
	for _, tt := range slices.Concat(refusedMessages, refusedViews) {
		f.Add([]byte(tt.payload))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) && Message(data) == nil {
			t.Errorf("accepted %q, which is no JSON", data)
		}
		if View(data) == nil && Message(data) == nil {
			t.Errorf("accepted %q both as a view and as a message", data)
		}
		_ = Response(data)
	})
}
