package check

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
)

// incidentName is how many characters of a name are kept: a line in a chat.
const incidentName = 200

// A summary is what is of use in a Statuspage's api/v2/summary.json.
type summary struct {
	Page *struct {
		URL string `json:"url"`
	} `json:"page"`
	Status *struct {
		Indicator   string `json:"indicator"`
		Description string `json:"description"`
	} `json:"status"`
	Incidents    []event `json:"incidents"`
	Maintenances []event `json:"scheduled_maintenances"`
}

// An event is an incident or a scheduled maintenance of a summary.
type event struct {
	Name      string `json:"name"`
	Impact    string `json:"impact"`
	Status    string `json:"status"`
	Shortlink string `json:"shortlink"`
	Created   string `json:"created_at"`
	Started   string `json:"started_at"`
	Scheduled string `json:"scheduled_for"`
}

// valid reports whether the answer was a summary at all, and not some other
// JSON object.
func (s summary) valid() bool { return s.Page != nil && s.Status != nil }

// worst returns what is going on with the worst impact; of equal ones that
// which began last. A page that shows trouble but names no incident is told
// in the words of its own headline.
func (s summary) worst() (worst Incident, ok bool) {
	var ongoing []Incident
	for _, e := range s.Incidents {
		// A summary has no others, but compatible services are less strict.
		if !slices.Contains([]string{"resolved", "postmortem", "completed"}, e.Status) {
			ongoing = append(ongoing, s.incident(e, e.Impact, cmp.Or(e.Started, e.Created)))
		}
	}
	for _, e := range s.Maintenances {
		// The others are yet to come.
		if e.Status == "in_progress" || e.Status == "verifying" {
			ongoing = append(ongoing, s.incident(e, "maintenance", cmp.Or(e.Scheduled, e.Started, e.Created)))
		}
	}
	if len(ongoing) == 0 && rank(s.Status.Indicator) > 0 {
		return s.incident(event{Name: s.Status.Description}, s.Status.Indicator, ""), true
	}
	if len(ongoing) == 0 {
		return Incident{}, false
	}
	return slices.MaxFunc(ongoing, func(a, b Incident) int {
		return cmp.Or(cmp.Compare(rank(a.Impact), rank(b.Impact)), a.Since.Compare(b.Since))
	}), true
}

// rank orders impacts: https://developer.statuspage.io/ has critical, major,
// minor, maintenance and none. What is none of them counts as none.
func rank(impact string) int {
	return slices.Index([]string{"maintenance", "minor", "major", "critical"}, impact) + 1
}

// incident returns e as it may be shown.
func (s summary) incident(e event, impact, since string) Incident {
	if rank(impact) == 0 {
		impact = "none"
	}
	began, _ := time.Parse(time.RFC3339, since) // a page that tells no time has an incident all the same
	return Incident{
		Name:   oneLine(e.Name),
		Impact: impact,
		Status: oneLine(e.Status),
		Since:  began.UTC(),
		URL:    cmp.Or(webURL(e.Shortlink), webURL(s.Page.URL)),
	}
}

// oneLine returns text in one line without what cannot be seen, cut to
// incidentName characters.
func oneLine(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	line := []rune(strings.Join(words, " "))
	if len(line) > incidentName {
		return string(line[:incidentName-1]) + "…"
	}
	return string(line)
}

// webURL returns text if people can be sent there, and otherwise nothing.
func webURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return ""
	}
	return text
}
