package bot

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// An intent is what a message does to the conversation, apart from what it
// may say about a topic.
type intent uint8

const (
	ask      intent = iota // nothing in particular: it is about the API
	next                   // the step is done, and what comes then
	failed                 // the step did not help
	cannot                 // the step cannot or will not be taken
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
	about    // what are you, what can you do
	why      // what led to the answer
	same     // somebody has the same trouble
	useless  // the answer was no good
	honest   // doubt that the guide knows
	angry    // an insult
	checkKey // is the key good
	resume   // go on, after a person was called
	reopened // what was solved is back
	shorter  // too much text
	hopeless // nothing has helped
	runCheck // test the way to the API
	left     // what is there still to try
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
var doubt = regexp.MustCompile(`\b(nobody|no one|noone|not|never|nothing|none|but|still|yesterday|before|earlier|last|previously|once|used to|sometimes|almost|partly|only|hope|hopefully|if|when|until|unless|` +
	`anyone|anybody|somebody|someone|then|for an?|after|isnt|wasnt|didnt|doesnt|cant|wont|hasnt|havent|dont) |^(did|does|was|is|has|so) (it|this|that|he|they|the) |\?`)

// recognisers are tried in order: the first that matches wins.
var recognisers = []recogniser{
	{resume, regexp.MustCompile(`^(ok |okay |please |hey |now |apihelp |the )*(bot |apihelp )*(please )?(resume|unpause|unmute|take over again|come back|back to (the )?bot|go on with the bot)( please| now| bot| apihelp| here)*$|` +
		`^(ok |okay |hey )*(bot|apihelp) (please )?(go on|continue|carry on|come back)\b|^(ok |okay )*(go on|continue|carry on) (please )?(bot|apihelp)$`), nil},
	{handoff, regexp.MustCompile(`^(ok |okay |well |fine |alright |so |no |then |just |please |yes )*(a |the )?(human|agent|person|support|escalate|operator|hooman|mensch|humano|quelquun)( please| pls| now| then)*$|` +
		`\b(talk|speak|chat|write) (to|with) (\w+ ){0,3}(human|person|agent|someone|somebody|representative|supporter|engineer|support|team|people|dev|developer)\b|` +
		`\b(connect|transfer|hand|get|give|send|find|call|ping) (me |us |this |it )?(to |over to |in )?(\w+ ){0,3}(human|person|agent|someone|somebody|representative|supporter|engineer|support)\b|` +
		`\b(want|need|like|prefer) (a |an |some )?(real |live |actual )?(human|person|representative|supporter)\b|\bis (there |any )*(a |an |any )?(real )?(human|person|anyone|anybody|support|someone|somebody)( \w+)? (here|there|around|available|on call)\b|` +
		`\b(real|actual|live) (human|person|engineer|support)( please| pls| now)?$|\bwho (can|could|will|would|should|do|may) (i |we )?(\w+ )?(help|answer|contact|ask|talk|turn)\b|\b(ask|call|get) (someone|somebody|a colleague|your colleagues)\b|\bparler (à|a|avec)\b|\b(escalate( this| it)?|contact support|open a ticket|file a ticket|raise a ticket)\b|\bmit (einem|nem) menschen\b|\b(hablar|persona real)\b`),
		regexp.MustCompile(`\b(dont|do not|no|not) (need|want|escalate|contact|(a |an )?(human|person))\b`)},
	{hopeless, regexp.MustCompile(`\b(nothing|none of (this|that|it|these|them)) (\w+ )?(works?|helps?|worked|helped|helping|working)\b`), nil},
	{left, regexp.MustCompile(`^(so |ok |and |well )*(what|which)( one| ones| step| steps)?( is| are|s)? (left|remaining|missing)( then| now| to (do|try))?$|^(what|which) (else )?(is|are) there (left|still)`), nil},
	{runCheck, regexp.MustCompile(`^(please |pls |ok |can you |could you |now )*(run|do|start|make|repeat) (a |the |another )?(live )?(checks?|tests?)( again| now| please)*$|^(please |ok |now )*(re)?(check|test) (it )?again( please| now)?$|^(live )?check( the)?( api)?$|` +
		`\b(is|was) (it|this|that) (me|us|my side|our side|on my (side|end)|on our (side|end)) or (you|u|yours?|you guys|the api|your side|your end|on your (side|end))\b|\bis (it|the api|your api) (just me|down|up)( or .*)?$`), nil},
	{checkKey, regexp.MustCompile(`\b(can|could|would|will|pls|please|may) (you )?(\w+ )?(test|check|verify|validate|try|look at|look up)( out)? (if |whether |that )?(my|our|this|the|a) (\w+ ){0,2}(key|token|credentials?|secret|jwt)\b|` +
		`^(please |pls |ok |so )*(test|check|verify|validate) (my|our|this) (\w+ ){0,2}(key|token|credentials?|secret|jwt)\b|` +
		`\bis (my|our|this|the) (\w+ ){0,2}(key|token|secret|jwt) (\w+ )?(valid|ok|okay|good|alive|active|still|working|fine|correct|revoked|expired|dead|live)\b|\bhow (do|can|could) (i|we) (test|check|verify|validate) (my|our|the|a|if my|whether my|that my) (\w+ ){0,2}(key|token)\b|` +
		`\b(is|was) (it|this|that) (me|us|my side|our side|on my (side|end)|on our (side|end)) or (you|u|yours?|you guys|the api|your side|your end|on your (side|end))\b|\bwhats? (is )?wrong with (my|our|the|this) (\w+ )?(key|token)\b|\bmy key is redacted\b|\b(should|can|may|shall|could) (i|we) (just |also )?(post|paste|send|share|show|drop|dm|put) (it|you|the key|my key|them|one)\b|\b(send|give|paste|post|show|dm) you (my|the|our) (\w+ ){0,2}(key|token)\b`), regexp.MustCompile(`^(why|what does)\b`)},
	{same, regexp.MustCompile(`^(oh |hi |hey |yes |yep |yeah |ok |we have |we get |i have |i get |getting |got |having |exactly )*(the )?(same( (here|problem|issue|error|thing|for (me|us)|with (me|us)|boat))+|me too|us too|here too|\+1|1|ditto|likewise|also (me|here))( (here|too|as well|since \w+( \w+)?|today|now))*$`), regexp.MustCompile(`^(1|same (problem|issue|error|thing)) $`)},
	{restart, regexp.MustCompile(`^(ok |okay |please |lets |can we |sorry |now )*((restart|reset)( please| now| this| that| (the )?(chat|conversation|bot)| everything)*$|start (over|again|new|fresh|from (scratch|the beginning|the top))|(begin|start) (again|over|anew|from scratch|from zero)|from scratch|((a |an )?(new|different|other|another|separate|unrelated) (question|problem|issue|topic|thing)))\b`), nil},
	{leave, regexp.MustCompile(`^(ok |okay |please |ah |oh |well |actually |um |hm )*(never ?mind|nvm|nm|forget (it|that|about it)|cancel|stop|quit|no longer needed|not (needed|important|relevant) (anymore|any more)|leave it|drop it|false alarm|my bad)( please| then| all| it| this| bot| thanks| thank you)*$`), nil},
	{all, regexp.MustCompile(`\b(show|give|repeat|send|list|see|read|want|need)\b.*\b(all|whole|full|complete|everything|entire)\b|^(all|the full list|the whole list|everything again|all (the )?steps)\b|\bevery step\b|\beverything (you|u|youve|uve|the guide) (have|has|got|know|knows)\b|\bdump (it |them )?(all|everything)\b|\b(the )?(list|steps) (again|once more|one more time)\b|\b(which|what) steps? (fits?|is|are|applies|apply) (\w+ )?(best|most|likely)\b|\ball (the )?(steps|points) (again|please|at once)\b|` +
		`^(ok |okay |and |so |fine |well |but |now )*(what (should|do|can|shall|must) (i|we) do( (now|then|about (it|this|that)))?|how (do|can|could|should|to) ?(i|we|you)? ?(fix|solve|resolve|handle|debug|check|test|mend) (it|this|that|these|my side|our side|my end))$|` +
		`^(so |and |ok |but )*which (one |ones )?of (those|these|them)\b`),
		regexp.MustCompile(`\b(tried|did|done|checked)\b`)},
	{nextAll, regexp.MustCompile(`\b(tried|did|done|checked|went through|been through)\b.*\b(all|everything|every (one|step)|each)\b|\b(all|everything|every step)\b.*\b(tried|done|checked)\b`), regexp.MustCompile(`\b(havent|not|didnt|up to)\b|\d`)},
	{cannot, regexp.MustCompile(`\b(cant|cannot|can not|couldnt|unable to|not able to|not allowed to|dont know how to|no idea how to|wont) (do|change|try|touch|check|access|use|apply|set|edit|follow|open|see|get to|test|update|regenerate|upgrade|install|increase|switch|modify|verify|restart)( \w+){0,6}\b|` +
		`^(ok |please |lets |just |can we |i |ill |i will |we |well )*skip( (this|that|it|the|step|one|\d|to|ahead)\b.*)?$|\b(dont|do not|doesnt) have (access|permissions?|rights|admin|a (proxy|firewall|dashboard)|that|one|any)\b|\b(no|not) (access|permissions?|admin|rights)( \w+){0,4}$|` +
		`\b(not|isnt|doesnt) (applicable|apply|possible|an option|in my control|our decision)\b|\bi skipped\b|\bpass on (this|that)\b`),
		regexp.MustCompile(`\b(connect|reach|log ?in|login|authenticate|call the|the api|our api|app|users?|customers?|website)\b`)},
	{useless, regexp.MustCompile(`\b(useless|not (very |really |at all |so )?helpful|unhelpful|no help|waste of time|wrong answer|bad answer|worthless|pointless|(you are|youre|ur) wrong|thats wrong|this is wrong|(that|it|this|you) (was|were|is|are) (no|not|zero) help|didnt answer|not what i asked|doesnt answer|thats not (it|my problem|the problem|what i))\b`),
		regexp.MustCompile(`\b(error|message|body|docs?|documentation|log|logs)\b`)},
	{resolved, regexp.MustCompile(`\b(closing (this|it|the ticket)|(i |we )?(think )?(we|were|im|i am|we are) (all )?good( now)?$|got it now|(its|it is|thats|now) working|works with (the|my|a) (real|right|new|other|correct) \w+|did the rest|` +
		`\d+ ?ms (perfect|nice|great|thanks|cool))\b|\ball green\b.*|^(\w+ ){1,4}(helped|fixed (it|that|this|everything)|did it|did the trick|solved (it|that|this)|made it (fast|faster|work|better))\b|\b(fine|good|fast|stable|smooth|okay|quick|faster) now\b|` +
		`^(ok |and )*(0|zero|no) (timeouts?|errors?|failures?|429s?|50\ds?|resets?)\b|\bno(t)? (\w+ ){0,2}(hit|errors?|timeouts?|429s?|failures?|throttled) any ?more\b|\bfrom \d+ ?(s|sec|seconds|min|minutes|ms)? to \d+ ?(s|sec|seconds|ms)?\b|` +
		`^(ok |oh |ah |aha |lol |back )*(\w+ ){0,3}(it )?was (our|my) \w+( \w+)?( lol| haha)?$|^now it \w+s again|\b(thats|that is|that was) (it|all) (thx|thanks|thank you)|` +
		`\b(found it|figured it out|solved|resolved|sorted|(that|this|it|which|(step )?\d|number \d|proxy|clock|firewall|caching|cache|key|port|one|vpn|gzip|pooling|timeout|retry|backoff|bundle|token) (fixed|helped|worked|works|did it|did the trick|has (worked|helped))|` +
		`fixed (it|now)|did (the trick|it)|works (now|again|fine|like a charm|perfectly)|working (now|again|fine)|all (is )?(good|fine|set|clear)( now)?|(is|its|problem|error|issue) (gone|fixed|away)|(that|it) was (it|the \w+( \w+)?)|` +
		`was the (problem|issue|culprit|cause|reason)|back to normal|up and running|up again|back up|no (more )?(errors?|issues?|problems?)( (anymore|any more|now|since))?)\b|^(it |now it |ok it |yes it |yay it |nice it |and it )?(now )?(works|worked|fixed|solved|running)\b|^(ok |oh |yes )*(the |my |a )?(new|other|fresh|live|right|correct|prod|production) \w+ (works|worked|did it)\b|` +
		`\b(it is|it was|caching|proxy) \d+( \d+)* now\b|\b\d+ (ms |s |sec |seconds )?now\b.*\b(thanks|thank|thx|great|cool|nice|perfect)|\b(funktioniert|klappt|geht) (jetzt|wieder|nun)\b|\b(ya|ahora) funciona\b`), doubt},
	{failed, regexp.MustCompile(`^(but |and |ok |hm )*still \w+( \w+)?$|^(no|nope|nah|negative|nada)( sorry)?( (still|it|that|this|didnt|doesnt|same|no|not|not really|unfortunately))*$|\b(but|still|not|didnt|doesnt|isnt|wasnt|never|nothing|no|cant|couldnt|dont|did nothing|did not|does not|hasnt|havent)\b.*\b(help|helped|helps|work|works|working|worked|same|` +
		`fixed|solved|resolved|sorted|gone|luck|change|changed|changes|difference|effect|better|improvement|fails?|failing|broken|happens?|happening|resets?|gets?|getting|there|do (that|this|it)|invalid|` +
		`refused|expired|slow|error|errors|timeout|timing|have)\b|^(ok |and |hm |yes |well )*(same|still|same as before|unchanged|no change|no luck|nothing|nix|nichts|immer noch|also no success|no success|no joy|no dice)( (same|error|thing|result|issue|problem|again|here|not|fails|failing|nothing|story))*$|\b(did|done|made) (no|zero) difference\b|\bsame (error|result|problem|issue|thing|story)\b`),
		regexp.MustCompile(`^(what|which|how|where)\b|\b(tried|did|done|checked|skip|skipped) \d`)},
	{next, regexp.MustCompile(`\b(tried|did|done|finished|completed|checked|skip|skipped|verified)\b.*\b\d{1,2}(-\d{1,2})?\b( |$)|^\d[\d ,and-]* (is |are |was |were )?(done|did|didnt|tried|checked|ok|okay|fine|good|both)\b|` +
		`^(i |we |ok |yes |now |just |already |have |has |had )*(set|changed|updated|installed|enabled|added|increased|raised|regenerated|copied|switched|restarted|reinstalled|upgraded|rebooted|rotated|synced|bumped|disabled|removed|implemented|corrected|opened|retried|configured)\b`), regexp.MustCompile(`\b(what|which|show|again)\b`)},
	{shorter, regexp.MustCompile(`\b(too (much|long)( \w+)?|shorter|tl ?dr|(in )?short(er)? (please|version)|just (the )?(one|first|main|most important)( \w+)?|one (step|thing|at) (at )?a time|briefly)\b`), regexp.MustCompile(`\b(timeouts?|respon|takes?|requests?|latency|wait)\b`)},
	{reopened, regexp.MustCompile(`\b(spoke too soon|(its|it is|problem is|error is|issue is) back|(came|comes) back|happening again|broke again|broken again|not (fixed|solved|resolved) after all|back again|again the same)\b`), nil},
	{back, regexp.MustCompile(`^(go |step )?back( please)?$|\b(previous|last) step\b|\bone step back\b|\bgo back\b|^repeat\b|\b(what|which) was\b|\bsay (that|it) again\b|\bremind me\b|` +
		`\b(which|what) (\w+ ){1,3}(did|have) you (say|said|mean|mention)|(explain|more (about|on|details? on)|details? (on|for|about)|what (does|is|about)|how (about|do i do)|tell me (more )?about) (the )?(step|number|point|nr|no) \d|` +
		`\b(steps?|point|number) \d[\d ,and-]*( again| please)?$|^(ok |and |so )*(step |number )?\d$|^(ok |and |so )*the last( one| step| point)?$|\b(show|repeat|see) (me )?(the )?(steps?|point|number) ?\d?\b|\b(first|second|third|fourth|fifth) (step|one|point)( again| please)$`), nil},
	{next, regexp.MustCompile(`^(ok |okay |and |so |yes |well |i |we |just |alright |already |done |did that |did it |tried that |that |checked |this |cool |great |yep )*(next|nxt|continue|go on|carry on|done|did|tried|checked|what next|what now|now what|then what|and now|and then|what else|anything else|any other (ideas?|steps?)|whats next|move on|moving on|keep going|weiter|fertig|siguiente|check)\b|^(it |its |port |it is |now |was \d+ )*(is )?(open|\d+ now)\b`), regexp.MustCompile(`\b(you|u) know\b`)},
	{greeting, regexp.MustCompile(`^(hi|hello|hey|heya|hiya|yo|howdy|moin|hallo|servus|hola|bonjour|good (morning|afternoon|evening|day)|greetings|sup|ping)( (there|all|bot|everyone|everybody|team|folks|guys|apihelp|again|any(one|body) (there|here|around)|quick (q|question)|got a (sec|minute|second)|can you help( me)?))*$|^(quick (q|question|one)|question|i have a question|can i ask (you )?(something|a question)|got a (sec|second|minute)|anyone (there|here)|are you there|you there)$`), nil},
	{thanks, regexp.MustCompile(`^(ok |okay |great |cool |perfect |many |super |awesome |nice |alright |good )*(thanks|thank you|thx|ty|tysm|cheers|much appreciated|danke|gracias|merci)( \w+){0,4}$|^(ok |okay |so |and |well )*(bye|goodbye|see you|see ya|cya|good night|have a (nice|good|great) \w+)( \w+){0,3}$|^(you are|youre|u r) (\w+ )?(kind|great|awesome|the best|amazing|helpful|a lifesaver)$`), nil},
	{no, regexp.MustCompile(`^(no|nope|nah|neither|none|none of (these|them|those|that)|something else|not (really|that|this|these))( \w+)?$`), nil},
	{angry, regexp.MustCompile(`\b(fuck|fucking|stupid|dumb|idiot|moron|shut up|sucks|crap|garbage|trash|piece of shit|shit|bullshit|wtf|hate (you|this)|go to hell|screw (you|this)|stfu)\b`), nil},
	{honest, regexp.MustCompile(`\b(so )?(you|u) (dont|do not|cant|cannot) (know|tell|answer|say|help)\b|\byou have no (idea|clue)\b|\bso no answer\b|\byou dont know\b`), nil},
	{ack, regexp.MustCompile(`^(ok|okay|k|yes|yep|yeah|yup|sure|great|cool|nice|good|perfect|alright|got it|i see|i will try|ill try|let me try|will try|trying|will do|lol|haha|hm+|um+|ah|oh|wow|one moment|one sec|wait|brb|understood|makes sense)( \w+)?$`), nil},
	{why, regexp.MustCompile(`^(but |and )?(why|why (that|this|so|do you (think|say) (so|that))|explain( (that|this|it))?|how (do|did) you (know|find out|get (that|there)))$`), nil},
	{about, regexp.MustCompile(`^help( me)?( please)?$|\bwhat (can you|topics|do you (do|know)|are you|else can you)\b|\bwhat else do you know\b|\bwho are you\b|\bhow are you\b|\bare you (a |an )?(\w+ )?(bot|robot|human|ai|person|real|there|chatgpt|gpt)\b`), nil},
}

// recognise returns the intent of a message whose words and, for the sake of
// its question marks, text are given. Where the whole says nothing, the last of
// its clauses that does counts: "updated the bundle, works!".
func recognise(words, text string) intent {
	whole := intentOf(words, text)
	if whole != ask && whole != next && whole != ack {
		return whole
	}
	if strings.Count(words, " ") > 2*followUpWords {
		return whole
	}
	clauses := clausesOf(text)
	asked := false
	for i := len(clauses) - 1; i >= 0; i-- {
		words := mend(plainWords(clauses[i]))
		in := intentOf(words, clauses[i])
		switch {
		case in == thanks && whole == ask && i == len(clauses)-1:
			return in
		case in == resolved && asked:
		case spokenAside[in] && (whole == ask || in != ack && in != next):
			return in
		}
		asked = asked || inquiry.MatchString(words) || strings.HasSuffix(clauses[i], "?")
	}
	return whole
}

// clausesOf splits a text into its clauses, with what ends them.
func clausesOf(text string) []string {
	var clauses []string
	from := 0
	for _, end := range append(clauseEnd.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		if clause := strings.TrimSpace(text[from:end[1]]); plainWords(clause) != "" {
			clauses = append(clauses, clause)
		}
		from = end[1]
	}
	return clauses
}

// clauseEnd is where a clause ends; a dot within a number or a name is none.
var clauseEnd = regexp.MustCompile(`[.!?;,:]+(?:\s|$)|\n+| - | – |…|\.\.\.| (?:and|but) (?:it|now|still) `)

// spokenAside are the intents that one clause of a longer message can have.
var spokenAside = map[intent]bool{
	resolved: true, failed: true, next: true, nextAll: true, handoff: true, cannot: true, resume: true, all: true, leave: true, reopened: true, ack: true, restart: true, hopeless: true, left: true,
}

// finders are those of the recognisers, in their order.
var finders = sync.OnceValue(func() []finder {
	all := make([]finder, len(recognisers))
	for i, r := range recognisers {
		all[i] = newFinder(r.pattern)
	}
	return all
})

func intentOf(words, text string) intent {
	if words == "" || strings.Count(words, " ") >= followUpWords {
		return ask
	}
	asking := words + " "
	if strings.HasSuffix(strings.TrimSpace(text), "?") {
		asking += "?"
	}
	for i, r := range recognisers {
		if finders()[i].matches(words) && (r.unless == nil || !r.unless.MatchString(asking)) {
			return r.intent
		}
	}
	return ask
}

// denied is what a message says that it is not.
var denied = regexp.MustCompile(`(?i)\b(?:it'?s |its )?not (?:(?:the|a|an|my|our|about(?: the)?) (?:[\w-]+ ){0,2}?[\w-]+(?:[,.;]|$)|\d{3}$)`)

// withoutDenied blanks what a message says that it is not, and keeps the
// places of the rest.
func withoutDenied(text string) string {
	return denied.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat(" ", len(s)) })
}

// newProblem is how people begin to speak of something else.
var newProblem = regexp.MustCompile(`(?i)^(?:.*[.;,!] *)?\W*(ok |okay |and |now |also )*(a |an )?(new|different|other|another) (question|problem|issue|topic|thing)\W*`)

// plainWords is the form of a text in which intents are recognised.
func plainWords(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\'' || r == '’':
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '+':
			return unicode.ToLower(r)
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
