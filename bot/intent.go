package bot

import (
	"regexp"
	"strings"
	"unicode"
)

// An intent is what a message does to the conversation, apart from what it
// may say about a topic.
type intent uint8

const (
	ask      intent = iota // nothing in particular: it is about the API
	next                   // the step did not help, or is done
	nextAll                // no step helped
	back                   // show something again
	all                    // show everything again
	resolved               // it works
	restart                // something new
	leave                  // nothing any more
	handoff                // a person, please
	greeting
	thanks
	ack // heard, but what to do with it is open
	no
	about // what are you, what can you do
	why   // what led to the answer
)

// followUpWords is how long a message can be and still be about the
// conversation rather than about the API.
const followUpWords = 16

// A recogniser recognises an intent in the words of a message: lower case,
// without punctuation, one space between words.
type recogniser struct {
	intent  intent
	pattern *regexp.Regexp
	unless  *regexp.Regexp // nil for never
}

// doubt is what takes "it works" back, or asks about it.
var doubt = regexp.MustCompile(`\b(not|never|nothing|no|none|but|still|sometimes|almost|partly|only|hope|hopefully|if|when|until|unless|` +
	`anyone|anybody|somebody|someone|then|for an?|after|(did|does|was|is|isnt|wasnt|didnt|doesnt|cant|wont|hasnt|havent|dont)) |\?`)

// recognisers are tried in order: the first that matches wins.
var recognisers = []recogniser{
	{handoff, regexp.MustCompile(`^(a |the )?(human|agent|person|support|escalate|operator)( please| pls)?$|` +
		`\b(talk|speak|chat) (to|with) (\w+ ){0,3}(human|person|agent|someone|somebody|representative|supporter|engineer|support|team)\b|` +
		`\b(connect|transfer|hand|get|give) me (\w+ ){0,3}(human|person|agent|someone|somebody|representative|supporter|engineer)\b|` +
		`\b(want|need) (a |an |some )?(real |live |actual )?(human|person|representative)\b|` +
		`\b(escalate (this|it)|contact support|open a ticket)\b|\b(nothing|none of (this|that|it|these|them)) (works?|helps?|worked|helped)\b`), nil},
	{restart, regexp.MustCompile(`^(ok |okay |please |lets )*(restart|reset|start (over|again|from (scratch|the beginning|the top))|((a |an )?(new|different|other|another) (question|problem|issue|topic|thing)))\b`), nil},
	{leave, regexp.MustCompile(`^(ok |okay |please )*(never ?mind|forget (it|that|about it)|cancel|stop|quit|bye)( please| then)?$`), nil},
	{all, regexp.MustCompile(`\b(show|give|repeat|send|list|see|read)\b.*\b(all|whole|full|complete|everything)\b|^(all|the full list|the whole list|everything again)\b`),
		regexp.MustCompile(`\b(tried|did|done|checked)\b`)},
	{nextAll, regexp.MustCompile(`\b(tried|did|done|checked|went through)\b.*\b(all|everything|every (one|step)|each)\b|\b(all|everything|every step)\b.*\b(tried|done|checked)\b`), nil},
	{resolved, regexp.MustCompile(`\b(solved|resolved|sorted|(that|this|it|which|(step )?\d) (fixed|helped|worked|works|did it|did the trick|has (worked|helped))|fixed (it|now)|` +
		`works (now|again|fine)|working (now|again|fine)|all good now|(is|its) (gone|fixed))\b|^(it )?(works|worked|fixed|solved)\b`), doubt},
	{next, regexp.MustCompile(`\b(tried|did|done|finished|completed|checked|skip|skipped)\b.*\d|^\d[\d ,and-]* (is |are )?(done|did|didnt|tried|checked)\b`), regexp.MustCompile(`\b(what|which|show|again)\b`)},
	{next, regexp.MustCompile(`\b(but|still|not|didnt|doesnt|isnt|wasnt|never|nothing|no|cant|couldnt|dont)\b.*\b(help|helped|helps|work|works|working|worked|same|` +
		`fixed|solved|resolved|sorted|gone|luck|change|changed|difference|fails?|failing|broken|happens?|happening|resets?|gets?|getting|there|applicable|do (that|this|it)|invalid|` +
		`refused|expired|slow|error|timeout|have)\b`), nil},
	{back, regexp.MustCompile(`^(go |step )?back( please)?$|\b(previous|last) step\b|\bone step back\b|\bgo back\b|^repeat\b|\b(what|which) was\b|\bsay (that|it) again\b|` +
		`\bsteps? \d[\d ,and-]*( again| please)?$|^\d$|\b(show|repeat|see) (me )?steps?\b`), nil},
	{next, regexp.MustCompile(`^(ok |okay |and |so |yes |well |i |we |just |alright |already )*(next|continue|go on|skip|done|did|tried|checked|what next|what now|now what|then what|and now|what else|anything else|same|whats next)\b`), nil},
	{greeting, regexp.MustCompile(`^(hi|hello|hey|heya|hiya|yo|howdy|moin|good (morning|afternoon|evening|day)|greetings|sup)( there| all| bot| everyone| everybody| team| folks| guys| apihelp| again)*$`), nil},
	{thanks, regexp.MustCompile(`^(ok |okay |great |cool |perfect |many |super )*(thanks|thank you|thx|ty|cheers|much appreciated)( \w+){0,4}$`), nil},
	{no, regexp.MustCompile(`^(no|nope|nah|neither|none|none of (these|them|those)|something else|not (really|that|this|these))( \w+)?$`), nil},
	{ack, regexp.MustCompile(`^(ok|okay|k|yes|yep|yeah|yup|sure|great|cool|nice|good|perfect|alright|got it|i see|i will try|will try|trying|lol|haha|hm+|um+|ah|oh|wow|one moment|wait)( \w+)?$`), nil},
	{why, regexp.MustCompile(`^(but |and )?(why|why (that|this|so)|explain( (that|this|it))?|how (do|did) you (know|find out|get (that|there)))$`), nil},
	{about, regexp.MustCompile(`^help( me)?( please)?$|\bwhat (can you|topics|do you (do|know)|are you|else can you)\b|\bwho are you\b|\bare you (a |an )?(\w+ )?(bot|robot|human|ai|person|real|there)\b`), nil},
}

// recognise returns the intent of a message whose words and, for the sake of
// its question marks, text are given.
func recognise(words, text string) intent {
	if strings.Count(words, " ") >= followUpWords {
		return ask
	}
	asking := words + " "
	if strings.HasSuffix(strings.TrimSpace(text), "?") {
		asking += "?"
	}
	for _, r := range recognisers {
		if r.pattern.MatchString(words) && (r.unless == nil || !r.unless.MatchString(asking)) {
			return r.intent
		}
	}
	return ask
}

// newProblem is how people begin to speak of something else.
var newProblem = regexp.MustCompile(`(?i)^\W*(ok |okay |and |now |also )*(a |an )?(new|different|other|another) (question|problem|issue|topic|thing)\W*`)

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
