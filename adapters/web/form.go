package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"time"

	"apihelp/bot"
)

const (
	formType = "application/x-www-form-urlencoded"

	// formLimit is that of a POST's body: the longest headers that servers
	// take have 8 to 16 KiB, and a longer key could not be sent to any API.
	formLimit = 16 << 10

	// formTime bounds the sending of the form by a slow browser.
	formTime = 15 * time.Second

	// The fields of the form. What is called "password" or "key" is what
	// browsers offer to save.
	keyField, targetField = "value", "target"
)

// readForm returns the checks that a form asks for. The error is a notice: it
// quotes nothing of the form, and neither does anything else.
func (p *Page) readForm(w http.ResponseWriter, r *http.Request) (bot.CheckRequest, error) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != formType {
		return bot.CheckRequest{}, notForm
	}
	body, err := readBody(w, r)
	defer clear(body)
	if err != nil {
		return bot.CheckRequest{}, err
	}
	form, err := url.ParseQuery(string(body))
	defer clear(form)
	if err != nil {
		return bot.CheckRequest{}, notForm // the error itself may quote some of the key
	}
	q := bot.CheckRequest{Key: bot.HandedIn(form.Get(keyField)), Targets: form[targetField]}
	if err := p.judge(&q); err != nil {
		q.Key.Clear()
		return bot.CheckRequest{}, err
	}
	return q, nil
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	rc := http.NewResponseController(w)
	// Where there are no deadlines, as in tests without a connection, nobody
	// is slow.
	_ = rc.SetReadDeadline(time.Now().Add(formTime))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, formLimit))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return body, largeForm
	}
	if err != nil {
		return body, notForm
	}
	_ = rc.SetReadDeadline(time.Time{})
	return body, nil
}

// judge finds what is missing in a form, or cannot come from the page.
func (p *Page) judge(q *bot.CheckRequest) error {
	slices.Sort(q.Targets)
	q.Targets = slices.Compact(q.Targets)
	for _, t := range q.Targets {
		if !slices.Contains(p.Targets, t) {
			return notForm
		}
	}
	switch {
	case q.Key.IsZero():
		return noKey
	case len(q.Targets) == 0 && len(p.Targets) > 1:
		return noTarget
	case len(q.Targets) == 0:
		q.Targets = p.Targets
	}
	return nil
}
