package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	slackgo "github.com/slack-go/slack"
	"pgregory.net/rapid"

	"apihelp/adapters/slack/slacktest/blockkit"
	"apihelp/bot"
)

// shown is what a reader sees of posts, and what the buttons say.
type shown struct {
	texts  []string // of all blocks but buttons, in order
	labels []string
	values []string
}

// read takes posts apart by their JSON, as Slack does.
func (s *shown) read(t interface{ Fatal(...any) }, p post) {
	data, err := json.Marshal(p.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var blocks any
	if err := json.Unmarshal(data, &blocks); err != nil {
		t.Fatal(err)
	}
	s.walk(blocks)
}

func (s *shown) walk(v any) {
	if a, ok := v.([]any); ok {
		for _, v := range a {
			s.walk(v)
		}
	}
	o, ok := v.(map[string]any)
	if !ok {
		return
	}
	text, _ := o["text"].(string)
	link, _ := o["url"].(string)
	switch {
	case o["type"] == "button":
		label, _ := o["text"].(map[string]any)
		value, _ := o["value"].(string)
		s.labels, s.values = append(s.labels, label["text"].(string)), append(s.values, value)
	case o["type"] == "link" && link != text:
		s.texts = append(s.texts, text, link)
	case text != "":
		s.texts = append(s.texts, text)
	default:
		s.walk(o["text"])
		s.walk(o["elements"])
	}
}

// bare is what is left of texts without white space, control characters and
// the signs that rendering adds.
func bare(texts ...string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("():•", r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.Join(texts, " "), "�"))
}

// wanted are the texts of all blocks but choices.
func wanted(r bot.Reply) []string {
	var texts []string
	rich := func(r bot.Rich) {
		for _, s := range r {
			texts = append(texts, s.Text)
			if s.URL != s.Text {
				texts = append(texts, s.URL)
			}
		}
	}
	for _, b := range r.Blocks {
		switch b := b.(type) {
		case bot.Heading:
			texts = append(texts, string(b))
		case bot.Para:
			rich(bot.Rich(b))
		case bot.Steps:
			for _, item := range b.Items {
				rich(item)
			}
		case bot.Code:
			texts = append(texts, b.Text)
		case bot.Facts:
			for _, f := range b {
				texts = append(texts, f.Label)
				rich(f.Value)
			}
		case bot.Report:
			for _, row := range b {
				texts = append(texts, strings.ToUpper(string(row.Mark)), row.Label, row.Detail)
			}
		}
	}
	return texts
}

// verify checks all that must hold for the posts of any reply.
func verify(t rapid.TB, r bot.Reply, v view) {
	t.Helper()
	var all shown
	posts := render(r, v)
	for i, p := range posts {
		if err := blockkit.Message(message(t, p)); err != nil {
			t.Fatalf("post %d: %v", i, err)
		}
		var one shown
		one.read(t, p)
		all = shown{slices.Concat(all.texts, one.texts), slices.Concat(all.labels, one.labels), slices.Concat(all.values, one.values)}
		for j, b := range p.Blocks {
			_, buttons := b.(*slackgo.ActionBlock)
			if buttons && (j < len(p.Blocks)-1 || i < len(posts)-1 && len(posts[i+1].Blocks) > 1) {
				t.Fatalf("buttons in block %d of post %d, and more behind them", j, i)
			}
		}
		spoken(t, p, one)
		settled(t, p)
	}
	want, got := bare(wanted(r)...), bare(all.texts...)
	if !strings.HasPrefix(got, want) {
		t.Fatalf("shown %.300q,\nwant  %.300q", got, want)
	}
	offered(t, r, all, got[len(want):])
}

func message(t rapid.TB, p post) []byte {
	data, err := json.Marshal(map[string]any{"text": p.Text, "blocks": p.Blocks})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// spoken wants every word of a post's blocks in its text, in order.
func spoken(t rapid.TB, p post, s shown) {
	t.Helper()
	rest := unescape(p.Text)
	for _, word := range strings.Fields(strings.Join(s.texts, " ")) {
		_, after, ok := strings.Cut(rest, word)
		if !ok {
			t.Fatalf("%.100q is not in the text %.300q", word, p.Text)
		}
		rest = after
	}
}

// offered wants the label of every choice on a button or spelled out, and what
// it says behind a button.
func offered(t rapid.TB, r bot.Reply, s shown, spelled string) {
	t.Helper()
	for _, b := range r.Blocks {
		choices, _ := b.(bot.Choices)
		for _, c := range choices {
			label := oneLine(c.Label)
			if !slices.Contains(s.labels, label) && !strings.Contains(spelled, bare(label)) {
				t.Fatalf("label %.100q is neither on a button nor in %.300q", label, spelled)
			}
			say := clean(c.Say)
			pressable := c.URL == "" && say != "" && length(say) <= 2000 && bare(label) != ""
			if pressable && !slices.Contains(s.values, say) {
				t.Fatalf("no button says %.100q", say)
			}
		}
	}
}

// hostile are texts that are markup, mentions or trouble somewhere.
var hostile = []string{
	"<!channel>", "<@U123>", "<https://evil.example|docs>", "@everyone", "&amp;", "&", "`", "```", "*bold*", ":smile:", "\x00\x1b[31m", "\r\n",
	"\u202eabc", "\u2028", "\xff\xfe", "😀👩‍👩‍👧", "العربية", "\\\"", "> quote", "<", "Because", "", " ",
}

func anyText() *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.SampledFrom(hostile), rapid.String(), rapid.StringMatching(`[a-z ]{1,40}`))
	return rapid.Custom(func(t *rapid.T) string {
		text := strings.Join(rapid.SliceOfN(piece, 0, 4).Draw(t, "pieces"), " ")
		if rapid.IntRange(0, 9).Draw(t, "long") == 0 {
			text = strings.Repeat(text, rapid.IntRange(1, 150).Draw(t, "times"))
		}
		return text
	})
}

// anyRich draws spans. Linked texts are short: a long one is cut into several
// links, which reads as if its address were there twice.
func anyRich() *rapid.Generator[bot.Rich] {
	address := rapid.SampledFrom([]string{"https://example.com/a?b=1&c=2", "javascript:alert(1)", "https://a@b.example/", "mailto:a@b.example", "<!here>", "http://[::1"})
	return rapid.Custom(func(t *rapid.T) bot.Rich {
		var r bot.Rich
		for range rapid.IntRange(0, rapid.SampledFrom([]int{3, 60}).Draw(t, "most")).Draw(t, "spans") {
			s := bot.Span{Style: bot.Style(rapid.IntRange(0, 15).Draw(t, "style"))}
			if rapid.IntRange(0, 4).Draw(t, "linked") == 0 {
				s.Text, s.URL = rapid.StringMatching(`[a-z<&]{0,9}`).Draw(t, "label"), address.Draw(t, "address")
			} else {
				s.Text = anyText().Draw(t, "text")
			}
			r = append(r, s)
		}
		return r
	})
}

func anyBlock(t *rapid.T) bot.Block {
	text, rich := anyText(), anyRich()
	some := func(f func()) {
		for range rapid.IntRange(0, rapid.SampledFrom([]int{3, 30}).Draw(t, "most")).Draw(t, "items") {
			f()
		}
	}
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return bot.Heading(text.Draw(t, "heading"))
	case 1:
		return bot.Para(rich.Draw(t, "para"))
	case 2:
		steps := bot.Steps{First: rapid.IntRange(-1, 200).Draw(t, "first")}
		some(func() { steps.Items = append(steps.Items, rich.Draw(t, "step")) })
		return steps
	case 3:
		return bot.Code{Lang: rapid.SampledFrom(append(hostile, "sh", "c++")).Draw(t, "lang"), Text: text.Draw(t, "code")}
	case 4:
		var facts bot.Facts
		some(func() { facts = append(facts, bot.Fact{Label: text.Draw(t, "label"), Value: rich.Draw(t, "value")}) })
		return facts
	case 5:
		var report bot.Report
		some(func() {
			mark := rapid.SampledFrom([]bot.Mark{bot.OK, bot.Fail, bot.Warn, bot.Skip}).Draw(t, "mark")
			report = append(report, bot.Row{Mark: mark, Label: text.Draw(t, "label"), Detail: text.Draw(t, "detail")})
		})
		return report
	}
	var choices bot.Choices
	some(func() {
		address := rapid.SampledFrom([]string{"", "", "", "https://example.com/x", "javascript:x"}).Draw(t, "url")
		choices = append(choices, bot.Choice{Label: text.Draw(t, "label"), Say: text.Draw(t, "say"), URL: address})
	})
	return choices
}

func TestAnyReplyFitsAndLosesNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := reply()
		for range rapid.IntRange(0, 8).Draw(t, "blocks") {
			r.Blocks = append(r.Blocks, anyBlock(t))
		}
		verify(t, r, view{Ephemeral: rapid.Bool().Draw(t, "ephemeral"), Outsiders: rapid.Bool().Draw(t, "outsiders")})
	})
}

// everywhere is a reply with a text in every place that takes one.
func everywhere(text string) bot.Reply {
	rich := bot.Rich{{Text: text, Style: bot.Mono}}
	return reply(bot.Heading(text), bot.Para(rich), bot.Heading(text), bot.Steps{First: 1, Items: []bot.Rich{rich, rich}}, bot.Code{Lang: text, Text: text},
		bot.Facts{{Label: text, Value: rich}}, bot.Report{{Mark: bot.Fail, Label: text, Detail: text}}, bot.Choices{{Label: text, Say: text}})
}

func TestLongTextsFitAndLoseNoWord(t *testing.T) {
	for name, unit := range map[string]string{
		"one word": "x", "words": "some words ", "markup": "<!channel>", "ampersands": "&", "lines": "a\n", "quotes": `"\`, "emoji": "😀", "letters apart": "x ",
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(unit, 7000/len(unit))
			verify(t, everywhere(text), view{Ephemeral: true})
			verify(t, reply(para(text), bot.Choices{{Label: text, Say: text}, {Label: "go", Say: text}}), view{})
		})
	}
}

// times repeats a value.
func times[T any](n int, v T) []T { return slices.Repeat([]T{v}, n) }

func TestManySmallThingsFit(t *testing.T) {
	styled := bot.Span{Text: "x ", Style: bot.Bold | bot.Italic | bot.Mono | bot.Strike}
	address := "https://example.com/" + strings.Repeat("x", 900)
	for name, r := range map[string]bot.Reply{
		"paragraphs":            reply(times[bot.Block](120, para("x"))...),
		"paragraphs of spans":   reply(times[bot.Block](10, bot.Para(times(35, styled)))...),
		"spans":                 reply(bot.Para(times(400, styled))),
		"steps":                 reply(bot.Steps{First: 1, Items: times(200, bot.Rich{styled})}),
		"choices":               reply(bot.Choices(times(60, bot.Choice{Label: "Go", Say: "go"}))),
		"choices that say much": reply(bot.Choices(times(20, bot.Choice{Label: "Go", Say: strings.Repeat(`"`, 1900)}))),
		"choices that lead far": reply(bot.Choices(times(20, bot.Choice{Label: "Go", URL: address}))),
		"links":                 reply(bot.Para(times(20, bot.Span{Text: "x ", URL: address}))),
		"a long reason":         reply(bot.Heading("x"), para("Because "+strings.Repeat("x ", 1300))),
	} {
		t.Run(name, func(t *testing.T) { verify(t, r, view{Ephemeral: true}) })
	}
}

func TestAMegabyteFitsAndLosesNoWord(t *testing.T) {
	verify(t, reply(para(strings.Repeat("some <!channel> words ", 1<<20/22)), bot.Choices{{Label: "Go", Say: "go"}}), view{})
}

func FuzzAnyTextFitsAndLosesNoWord(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, "https://example.com/"+text)
	}
	f.Fuzz(func(t *testing.T, text, address string) {
		r := everywhere(text)
		verify(t, r, view{})
		r.Blocks = append(r.Blocks, bot.Para{{Text: "docs", URL: address}}, bot.Choices{{Label: "Docs", URL: address}})
		verify(t, r, view{Ephemeral: true, Outsiders: true})
	})
}
