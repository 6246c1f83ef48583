package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// An intent is what a message does to the conversation, apart from what it
// may say about a topic.
type intent uint8

const (
	ask      intent = iota // nothing in particular: it is about the API
	next                   // the step did not help, or is done
	back                   // show something again
	all                    // show everything again
	resolved               // it works
	restart                // something new
	handoff                // a person, please
	greeting
	thanks
	about // what are you, what can you do
)

// followUpWords is how long a message can be and still be about the
// conversation rather than about the API.
const followUpWords = 16

// intents are tried in order: the first that matches wins. The text they see
// is lower case, without punctuation, one space between words.
var intents = []struct {
	intent  intent
	pattern *regexp.Regexp
}{
	{handoff, regexp.MustCompile(`^(a |the )?(human|agent|person|support|escalate|operator)( please| pls)?$|` +
		`\b(talk|speak|chat|connect|transfer|hand|get|want|need|give|is|ask)\b( \w+){0,4} (human|person|agent|someone|somebody|representative|supporter|support (team|staff|engineer)|real engineer)\b|` +
		`\b(escalate this|escalate it|contact support|open a ticket|nothing works|none of (this|that|it|these|them) (work|help)s?)`)},
	{restart, regexp.MustCompile(`^(restart|reset|new (question|problem|issue|topic)|start (over|again)|never ?mind|forget (it|that|about it)|cancel|stop)( please| then| again)?$|` +
		`\b(lets start over|start over|start from (scratch|the beginning)|from the beginning)\b`)},
	{next, regexp.MustCompile(`\b(but|still|not|didnt|doesnt|isnt|wasnt|no)\b.*\b(help|helped|work|works|working|worked|same|fixed|solved|luck|change|changed|difference|fail|fails|failing|broken|happen|happens|happening|reset|resets|get|gets|getting|there)\b`)},
	{resolved, regexp.MustCompile(`\b(solved|resolved|sorted|(that|this|it|which) (fixed|helped|worked|did it|did the trick)|fixed (it|now)|it works|works (now|again|fine)|working (now|again)|all good now|(is|its) (gone|fixed)|(step )?\d did (it|the trick))\b|^(it )?(works|worked|fixed|solved)$`)},
	{all, regexp.MustCompile(`\b((all|whole|full|complete) (the |of the )?(steps|list|thing|answer)|all of (them|it)|everything again|repeat (it )?all)\b`)},
	{back, regexp.MustCompile(`^(go |step )?back( please)?$|\b(previous|last) step\b|\bone step back\b|\bgo back\b|^repeat\b|\b(what|which) was\b|\bsay (that|it) again\b|\bstep \d+( again)?$|\b(show|repeat|see) (me )?step\b`)},
	{next, regexp.MustCompile(`^(ok |okay |and |so |yes |no |yep |nope |i |we |just |alright )*(next|continue|go on|skip|done|did|tried|checked|already|nope|no|what next|what now|now what|then what|and now|what else|anything else|same|whats next)\b`)},
	{greeting, regexp.MustCompile(`^(hi|hello|hey|heya|hiya|yo|howdy|moin|good (morning|afternoon|evening|day)|greetings|sup)( there| all| bot| everyone| everybody| team| folks| guys| apihelp| again)*$`)},
	{thanks, regexp.MustCompile(`^(ok |okay |great |cool |perfect |many |super )*(thanks|thank you|thx|ty|cheers|much appreciated)( \w+){0,4}$`)},
	{about, regexp.MustCompile(`^help( me)?( please)?$|\bwhat (can you|topics|do you (do|know)|are you|else can you)\b|\bwho are you\b|\bare you (a |an )?(\w+ )?(bot|robot|human|ai|person|real)\b`)},
}

// recognise returns the intent of a message.
func recognise(words string) intent {
	if strings.Count(words, " ") >= followUpWords {
		return ask
	}
	for _, in := range intents {
		if in.pattern.MatchString(words) {
			return in.intent
		}
	}
	return ask
}

// plainWords is the form of a text in which intents are recognised.
func plainWords(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\'' || r == '’':
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-':
			return unicode.ToLower(r)
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

var stepNumbers = regexp.MustCompile(`\b(\d{1,2})(?: ?(?:-|to|till|until|through) ?(\d{1,2}))?\b`)

// mentionedSteps returns the numbers of steps that a follow-up names, of n
// steps: "1 and 2", "1-3", "step 2".
func mentionedSteps(words string, n int) []int {
	var steps []int
	for _, m := range stepNumbers.FindAllStringSubmatch(words, -1) {
		first, _ := strconv.Atoi(m[1])
		last := first
		if m[2] != "" {
			last, _ = strconv.Atoi(m[2])
		}
		for i := max(1, first); i <= min(last, n); i++ {
			steps = append(steps, i)
		}
	}
	slices.Sort(steps)
	return slices.Compact(steps)
}

var ordinals = map[string]int{"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}

// picked returns the position of the offer that a message chooses, or -1: by
// its number, its place or its title.
func picked(words string, offered []string, title func(id string) string) int {
	short := strings.TrimSuffix(strings.TrimPrefix(words, "the "), " one")
	n, err := strconv.Atoi(short)
	if err != nil {
		n = ordinals[short]
	}
	if n >= 1 && n <= len(offered) {
		return n - 1
	}
	return slices.IndexFunc(offered, func(id string) bool { return words != "" && words == plainWords(title(id)) })
}
