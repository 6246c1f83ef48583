package bot

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// phraseFiles are what the bot says of its own, one file a language. Adding a
// language is adding a file; what it lacks is said in English.
//
//go:embed phrases/*.json
var phraseFiles embed.FS

// phrases are what the bot says in one language, by what it says.
type phrases map[string]string

// english is the language that has every phrase.
const english = "en"

// catalogue has the phrases of every language, by its tag.
var catalogue = sync.OnceValue(func() map[string]phrases {
	files, err := phraseFiles.ReadDir("phrases")
	if err != nil {
		panic(fmt.Sprintf("bot: read the phrases: %v", err))
	}
	all := map[string]phrases{}
	for _, f := range files {
		data, err := phraseFiles.ReadFile("phrases/" + f.Name())
		p := phrases{}
		if err == nil {
			err = json.Unmarshal(data, &p)
		}
		if err != nil {
			panic(fmt.Sprintf("bot: read the phrases of %s: %v", f.Name(), err)) // a test reads them all
		}
		all[strings.TrimSuffix(f.Name(), ".json")] = p
	}
	return all
})

// phrasesFor returns the phrases for a language tag such as "de-AT", English
// where there are none.
func phrasesFor(tag string) phrases {
	language, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if p, ok := catalogue()[language]; ok {
		return p
	}
	return catalogue()[english]
}

// template returns a phrase with its gaps.
func (p phrases) template(key string) string {
	if s, ok := p[key]; ok {
		return s
	}
	return catalogue()[english][key]
}

// say returns a phrase with its gaps filled in: names and values by turns.
func (p phrases) say(key string, filling ...any) string {
	return plainRich(p.rich(key, filling...))
}

// para is a paragraph that is one phrase.
func (p phrases) para(key string, filling ...any) Para { return Para(p.rich(key, filling...)) }

// rich fills in a phrase. A value that is a [Span] keeps its style.
func (p phrases) rich(key string, filling ...any) Rich {
	var out Rich
	rest := p.template(key)
	for {
		before, gap, ok := strings.Cut(rest, "{")
		if before != "" {
			out = append(out, Span{Text: before})
		}
		if !ok {
			return out
		}
		var name string
		name, rest, _ = strings.Cut(gap, "}")
		out = append(out, fill(name, filling))
	}
}

func fill(name string, filling []any) Span {
	for i := 0; i+1 < len(filling); i += 2 {
		if filling[i] != name {
			continue
		}
		if s, ok := filling[i+1].(Span); ok {
			return s
		}
		return Span{Text: fmt.Sprint(filling[i+1])}
	}
	return Span{}
}

// choice is a button of the bot's own. What it says is the same in every
// language.
func (p phrases) choice(key string) Choice {
	return Choice{Label: p.template("choice." + key), Say: choiceSays[key]}
}

// choiceSays is what the bot's own choices say.
var choiceSays = map[string]string{
	"worked": "it worked", "failed": "didn't work", "next": "next step", "human": "talk to a human", "other": "something else",
	"resume": "resume", "check": "run live check", "again": "check again", "key": "check my key",
}

// labels maps what choices are called, in the form of [plainWords] and in
// every language, to what they say: where there are no buttons, people type
// what they see.
var labels = sync.OnceValue(func() map[string]string {
	says := map[string]string{}
	for _, p := range catalogue() {
		for key, say := range choiceSays {
			says[plainWords(p.template("choice."+key))] = say
		}
	}
	return says
})
