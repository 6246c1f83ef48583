package discord

import "strings"

// phrases are what the adapter says itself, in one language. Each %s is filled
// in by whoever uses the phrase, in the order in which they stand.
type phrases struct {
	Pressed    string // who and which button; stands where the buttons were
	NotYours   string // to a stranger who presses a button
	Settled    string // to one whose press was too late
	Choose     string // above buttons that have no text
	PostHere   string // button: show the answer to the channel
	AddDetails string // button and title of the modal
	Details    string // label in the modal
	DetailHint string // in the empty field of the modal
	MentionMe  string // to a message that the bot may not read
	Failed     string // instead of an answer that could not be given
	Nudge      string // in a thread that nobody has written in for long
	Privacy    string // what the bot keeps: how long
	Forget     string // button below it
	Forgotten  string // once that is done
}

// phrasesFor returns the phrases of a locale such as "de" or "en-GB", and the
// English ones if there are none of it.
func phrasesFor(locale string) phrases {
	language, _, _ := strings.Cut(strings.ToLower(locale), "-")
	if p, ok := catalogue[language]; ok {
		return p
	}
	return catalogue["en"]
}

var catalogue = map[string]phrases{
	"en": {
		Pressed:    "%s pressed %s",
		NotYours:   "These buttons are for the person who asked. Mention me with a question of your own, and I answer you.",
		Settled:    "This was answered already; see below.",
		Choose:     "What would you like to do?",
		PostHere:   "Post here",
		AddDetails: "Add details",
		Details:    "What happens, and since when?",
		DetailHint: "The error message, what you tried. No keys or passwords, please.",
		MentionMe:  "I can't read this message. Please mention me in it, or use /apihelp.",
		Failed:     "Something went wrong on my side, and your question is not answered. Please ask again in a minute.",
		Nudge:      "Is this still open? If I hear nothing, I close the thread; writing here opens it again.",
		Privacy:    "I keep what we said for %s, to follow the conversation, and nothing else about you. Keys are never kept.",
		Forget:     "Forget me",
		Forgotten:  "Done. I have forgotten what we talked about.",
	},
	"de": {
		Pressed:    "%s hat „%s“ gedrückt",
		NotYours:   "Diese Knöpfe sind für die Person, die gefragt hat. Erwähne mich mit deiner eigenen Frage, dann antworte ich dir.",
		Settled:    "Das ist schon beantwortet; siehe unten.",
		Choose:     "Was möchtest du tun?",
		PostHere:   "Hier posten",
		AddDetails: "Details ergänzen",
		Details:    "Was passiert, und seit wann?",
		DetailHint: "Die Fehlermeldung, was du versucht hast. Bitte keine Schlüssel oder Passwörter.",
		MentionMe:  "Ich kann diese Nachricht nicht lesen. Bitte erwähne mich darin, oder nutze /apihelp.",
		Failed:     "Bei mir ist etwas schiefgegangen, und deine Frage ist nicht beantwortet. Bitte frag in einer Minute noch einmal.",
		Nudge:      "Ist das noch offen? Wenn ich nichts höre, schließe ich den Thread; wer hier schreibt, öffnet ihn wieder.",
		Privacy:    "Ich bewahre unser Gespräch %s lang auf, um ihm folgen zu können, und sonst nichts über dich. Schlüssel werden nie gespeichert.",
		Forget:     "Vergiss mich",
		Forgotten:  "Erledigt. Ich habe vergessen, worüber wir gesprochen haben.",
	},
}
