package discord

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/bwmarrin/discordgo"
	"pgregory.net/rapid"

	"apihelp/adapters/discord/discordtest/limits"
	"apihelp/bot"
)

// bare is what is left of texts without white space and the signs that
// rendering adds.
func bare(texts ...string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("():•"+invisible, r) {
			return -1
		}
		return r
	}, clean(strings.Join(texts, " ")))
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
			for i, item := range b.Items {
				texts = append(texts, strconv.Itoa(max(b.First, 1)+i)+".")
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
	for _, posts := range [][]post{render(r, v), plainPosts(r, v)} {
		var all reading
		var buttons []component
		for i, p := range posts {
			if err := limits.Message(payload(t, p)); err != nil {
				t.Fatalf("post %d: %v", i, err)
			}
			for _, text := range p.texts() {
				all.read(t, text)
			}
			if buttonsOf(p) > 0 && i < len(posts)-1 {
				t.Fatalf("buttons on post %d of %d", i, len(posts))
			}
			walk(p.Components, func(c component) {
				if c.Type == discordgo.ButtonComponent {
					buttons = append(buttons, c)
				}
			})
			settles(t, p)
		}
		want, got := bare(wanted(r)...), bare(all.text.String())
		if !strings.HasPrefix(got, want) {
			t.Fatalf("shown %.300q,\nwant  %.300q", got, want)
		}
		if items := stepsIn(r); all.lists != items {
			t.Fatalf("%d items of lists, want %d", all.lists, items)
		}
		for _, link := range all.links {
			if !strings.HasPrefix(link, "https://example.com/") {
				t.Fatalf("%q is a link", link)
			}
		}
		says(t, r, buttons, got[len(want):], posts)
	}
}

func stepsIn(r bot.Reply) int {
	n := 0
	for _, b := range r.Blocks {
		steps, _ := b.(bot.Steps)
		n += len(steps.Items)
	}
	return n
}

// says wants the label of every choice on a button or spelled out, and of every
// button that it says what its choice does.
func says(t rapid.TB, r bot.Reply, buttons []component, spelled string, posts []post) {
	t.Helper()
	n := 0
	for _, b := range r.Blocks {
		choices, _ := b.(bot.Choices)
		for _, c := range choices {
			label, say := oneLine(c.Label), strings.TrimSpace(clean(c.Say))
			found := slices.ContainsFunc(buttons, func(b component) bool { return b.Label == label })
			if !found && !strings.Contains(spelled, bare(label)) {
				t.Fatalf("label %.100q is neither on a button nor in %.300q", label, spelled)
			}
			if _, ok := buttonOf(r, bot.Choice{Label: label, Say: say, URL: c.URL}, 0); ok && n < len(buttons) {
				pressed(t, c.URL == "", buttons[n], say, label, posts[len(posts)-1])
				n++
			}
		}
	}
}

// pressed presses a button, as Discord hands back the message that it is on.
func pressed(t rapid.TB, talks bool, b component, say, label string, p post) {
	t.Helper()
	if !talks {
		return
	}
	id, ok := parseButtonID(b.CustomID)
	if id.Kind == postHere {
		return
	}
	if !ok || id.Reply != replyID || id.Asker != askerID {
		t.Fatalf("custom_id %q of %q", b.CustomID, say)
	}
	got, ok := sayOf(b.CustomID, stored(t, p))
	if id.Kind == sayKept {
		if got, ok = b.Say, true; got != say {
			t.Fatalf("%.100q is kept, want %.100q", got, say)
		}
	}
	if short := len(utf16.Encode([]rune(say))) <= 40; !ok || got != say && (short || label == say && !strings.HasPrefix(label, got)) {
		t.Fatalf("the button says %.100q, want %.100q", got, say)
	}
}

// stored is a post as Discord hands it back with a press.
func stored(t interface{ Fatal(...any) }, p post) post {
	var back post
	if err := json.Unmarshal(payload(t, p), &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// hostile are texts that are markup, mentions or trouble somewhere.
var hostile = []string{
	"@everyone", "<@&1>", "<#1>", "||spoilers||", "`", "```", "*bold*", "**", "_", "~~", "> quote", "# head", "- item", "1. item", "[x](https://evil.example)", "https://evil.example",
	"<t:1:R>", "<:a:1>", "\x00\x1b[31m", "\r\n", "\n", "\u202eabc", "\u2028", "\xff\xfe", "😀👩‍👩‍👧", "العربية", "語", "\\", "<", "@", "Because", "", " ",
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

func anyRich() *rapid.Generator[bot.Rich] {
	address := rapid.SampledFrom([]string{"https://example.com/a?b=1&c=2", "javascript:alert(1)", "https://a@b.example/", "mailto:a@b.example", "http://[::1"})
	return rapid.Custom(func(t *rapid.T) bot.Rich {
		var r bot.Rich
		for range rapid.IntRange(0, rapid.SampledFrom([]int{3, 40}).Draw(t, "most")).Draw(t, "spans") {
			s := bot.Span{Style: bot.Style(rapid.IntRange(0, 15).Draw(t, "style")), Text: anyText().Draw(t, "text")}
			if rapid.IntRange(0, 4).Draw(t, "linked") == 0 {
				s.URL = address.Draw(t, "address")
				s.Text = rapid.OneOf(rapid.Just(s.Text), rapid.Just(s.URL), rapid.StringMatching(`[a-z<*]{1,9}`)).Draw(t, "label")
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
		c := bot.Choice{Label: text.Draw(t, "label"), Say: text.Draw(t, "say"), URL: address}
		if rapid.Bool().Draw(t, "same") {
			c.Say = c.Label
		}
		choices = append(choices, c)
	})
	return choices
}

func TestAnyReplyFitsAndLosesNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := reply()
		for range rapid.IntRange(0, 6).Draw(t, "blocks") {
			r.Blocks = append(r.Blocks, anyBlock(t))
		}
		verify(t, r, view{Ephemeral: rapid.Bool().Draw(t, "ephemeral")})
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
		"one word": "x", "words": "some words ", "markup": "<@&1> ", "stars": "*", "backticks": "`", "ats": "@", "lines": "a\n", "emoji": "👩‍👩‍👧", "letters apart": "x ", "three bytes": "語",
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(unit, 4200/len(unit))
			verify(t, everywhere(text), view{Ephemeral: true})
			verify(t, reply(para(text), bot.Choices{{Label: text, Say: text}, {Label: "go", Say: text}}), view{})
		})
	}
}

// times repeats a value.
func times[T any](n int, v T) []T { return slices.Repeat([]T{v}, n) }

func TestManySmallThingsFit(t *testing.T) {
	styled := bot.Span{Text: "x\n", Style: bot.Bold | bot.Italic | bot.Strike}
	address := "https://example.com/" + strings.Repeat("x", 480)
	for name, r := range map[string]bot.Reply{
		"paragraphs": reply(times[bot.Block](120, para("x"))...), "headings": reply(times[bot.Block](120, bot.Heading("x"))...),
		"spans in a line": reply(bot.Para(times(900, bot.Span{Text: "x", Style: bot.Bold | bot.Italic | bot.Strike}))),
		"spans":           reply(bot.Para(times(900, styled))), "steps": reply(bot.Steps{First: 1, Items: times(200, bot.Rich{styled})}),
		"choices":               reply(para("x"), bot.Choices(times(60, bot.Choice{Label: "Go", Say: "go"}))),
		"choices that lead far": reply(para("x"), bot.Choices(times(20, bot.Choice{Label: "Go", URL: address}))), "links": reply(bot.Para(times(20, bot.Span{Text: "x", URL: address}))),
	} {
		t.Run(name, func(t *testing.T) { verify(t, r, view{Ephemeral: true}) })
	}
}

func TestAMegabyteFits(t *testing.T) {
	text := strings.Repeat("some <@&1> words ", 1<<20/17)
	got := 0
	for _, p := range render(reply(para(text), bot.Choices{{Label: "Go", Say: "go"}}), view{}) {
		if err := limits.Message(payload(t, p)); err != nil {
			t.Fatal(err)
		}
		got += strings.Count(strings.Join(p.texts(), " "), `\<\@&1\>`)
	}
	if want := strings.Count(text, "<@&1>"); got != want {
		t.Errorf("got %d words, want %d", got, want)
	}
}

func FuzzAnyTextFitsAndLosesNoWord(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, "https://example.com/"+text)
	}
	f.Fuzz(func(t *testing.T, text, address string) {
		r := everywhere(text)
		verify(t, r, view{})
		r.Blocks = append(r.Blocks, bot.Para{{Text: "docs", URL: address}}, bot.Choices{{Label: "Docs", URL: address}})
		for _, p := range render(r, view{Ephemeral: true}) {
			if err := limits.Message(payload(t, p)); err != nil {
				t.Error(err)
			}
		}
	})
}
