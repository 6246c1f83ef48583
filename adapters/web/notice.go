package web

import (
	"errors"
	"net/http"
)

// A notice is why nothing was checked, for people. It is an error, so that what
// finds it out can return it.
type notice struct {
	Status int
	Title  string
	Text   string
	Again  bool // the link can still be used
}

// Error implements error.
func (n notice) Error() string { return "web: " + n.Title }

// newLink is how to get another link.
const newLink = `To get a new one, go back to the conversation and press "Check my key" there, or write "check my key" to the bot.`

// The notices of the page. None tells what was sent.
var (
	unknownLink = notice{Status: http.StatusNotFound, Title: "This link does not work any more", Text: "A link can be used for ten minutes, or it was not copied completely. " + newLink}
	usedLink    = notice{Status: http.StatusGone, Title: "This link was used already", Text: "A link works once, and its result is in the conversation. If it was not you who used it, tell whoever runs the bot. " + newLink}
	storeAway   = notice{Status: http.StatusServiceUnavailable, Title: "Please try again in a minute", Text: "The bot cannot look this link up at the moment; nothing was checked and nothing was kept. If the link has ended by then: " + newLink, Again: true}
	manyMisses  = notice{Status: http.StatusTooManyRequests, Title: "Please try again in a minute", Text: "Too many links that do not work were opened from your network.", Again: true}
	wrongMethod = notice{Status: http.StatusMethodNotAllowed, Title: "This is a page for browsers", Text: "Open the link in a browser."}
	crossSite   = notice{Status: http.StatusForbidden, Title: "This form came from another site", Text: "Nothing was checked. Open the link that the bot gave you, and fill in the form there.", Again: true}
	notForm     = notice{Status: http.StatusBadRequest, Title: "This is not the form of this page", Text: "Nothing was checked. Load the page again and fill in the form.", Again: true}
	largeForm   = notice{Status: http.StatusRequestEntityTooLarge, Title: "That is too long for a key", Text: "Nothing was checked. Copy the key alone.", Again: true}
	noKey       = notice{Status: http.StatusUnprocessableEntity, Title: "There was no key", Text: "Paste the key into the field.", Again: true}
	noTarget    = notice{Status: http.StatusUnprocessableEntity, Title: "Nothing to check against", Text: "Choose at least one environment.", Again: true}
	notRun      = notice{Status: http.StatusInternalServerError, Title: "The check could not be run", Text: "Nothing was found out about your key, and it was not kept. The link is used up. " + newLink}
)

// refuse answers with why nothing was checked.
func (p *Page) refuse(w http.ResponseWriter, r *http.Request, err error) {
	n, ok := errors.AsType[notice](err)
	if !ok {
		p.Log.Warn("private page not served", "adapter", Name, "err", err)
		n = storeAway
	}
	if n.Status == http.StatusServiceUnavailable || n.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "60")
	}
	switch {
	case wantsEvents(r):
		(&events{w: w, status: n.Status}).over(outcome{Title: n.Title, Text: n.Text, Again: n.Again})
	case n.Status == http.StatusUnprocessableEntity:
		p.writeForm(w, n.Status, n.Title+". "+n.Text)
	default:
		writeNotice(w, n)
	}
}
