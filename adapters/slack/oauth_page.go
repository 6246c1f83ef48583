package slack

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// A page is what a browser shows at the end of an installation. Every one says
// what to do next.
type page struct {
	Status int
	Title  string
	Text   []string
	Steps  []string
	Open   string // where the app is in Slack, if it is installed
	Again  string // where to start again, if that may help
}

// html returns the page, with everything in it escaped.
func (p page) html() string {
	var b strings.Builder
	put := func(format string, values ...string) {
		escaped := make([]any, len(values))
		for i, v := range values {
			escaped[i] = html.EscapeString(v)
		}
		fmt.Fprintf(&b, format, escaped...)
	}
	put(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%s</title>
</head>
<body>
<main>
<h1>%s</h1>
`, p.Title, p.Title)
	for _, text := range p.Text {
		put("<p>%s</p>\n", text)
	}
	if len(p.Steps) > 0 {
		put("<ol>\n")
		for _, step := range p.Steps {
			put("<li>%s</li>\n", step)
		}
		put("</ol>\n")
	}
	if p.Open != "" {
		put("<p><a href=\"%s\">Open it in Slack</a></p>\n", p.Open)
	}
	if p.Again != "" {
		put("<p><a href=\"%s\">Start again</a></p>\n", p.Again)
	}
	put("</main>\n</body>\n</html>\n")
	return b.String()
}

// write answers with the page. It loads and runs nothing, and the address,
// which contains a code, goes to nobody.
func (p page) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_, _ = io.WriteString(w, p.html()) // fails only if the browser has left
}

func pageInstalled(team, open string) page {
	return page{
		Status: http.StatusOK, Title: "apihelp is installed", Open: open,
		Text: []string{"It is now in " + orWorkspace(team) + ". What to do next:"},
		Steps: []string{
			"Invite it to a channel: write /invite @apihelp there.",
			"Ask it in that channel: @apihelp getting 401 since this morning.",
			"Or write to it in a direct message; there it needs no mention.",
		},
	}
}

func orWorkspace(team string) string {
	if team == "" {
		return "your workspace"
	}
	return team
}

func pageStartHere() page {
	return page{
		Status: http.StatusBadRequest, Title: "The installation starts here", Again: installPath,
		Text: []string{"You came without having started here, so it is not safe to go on. Nothing was installed. Start again."},
	}
}

func pageExpired() page {
	return page{
		Status: http.StatusBadRequest, Title: "This installation is over", Again: installPath,
		Text: []string{
			"The page was loaded a second time, or more than ten minutes have passed. If you saw that apihelp is installed, it is. Otherwise start again.",
		},
	}
}

func pageOtherBrowser() page {
	return page{
		Status: http.StatusForbidden, Title: "Another browser started this", Again: installPath,
		Text: []string{
			"Nothing was installed, because this browser did not start the installation, or does not keep cookies. " +
				"Allow cookies for this site and start again, in one browser.",
		},
	}
}

func pageDenied() page {
	return page{
		Status: http.StatusForbidden, Title: "Nothing was installed", Again: installPath,
		Text: []string{
			"Slack says that the permissions were not granted. If you may not install apps, ask an administrator of your workspace to approve apihelp. Then start again.",
		},
	}
}

func pageStorage() page {
	return page{
		Status: http.StatusServiceUnavailable, Title: "Please try again in a minute", Again: installPath,
		Text: []string{"The installation could not be saved. It is our fault, not yours. If it stays so, tell whoever runs apihelp to look at its log."},
	}
}

// pageExchange tells faults of the set-up, which the operator has to mend, from
// those that starting again may mend.
func pageExchange(err error) page {
	e, _ := errors.AsType[slackgo.SlackErrorResponse](err)
	p := page{Status: http.StatusBadGateway, Title: "Slack did not complete the installation", Again: installPath}
	switch e.Err {
	case "invalid_code", "code_already_used", "code_expired":
		p.Status = http.StatusBadRequest
		p.Text = []string{"What Slack sent is used already or too old. Start again, and do not load the page a second time."}
	case "bad_redirect_uri", "redirect_uri_mismatch":
		p.Text = []string{"Slack does not know this address (" + e.Err + "). Whoever runs apihelp has to add its public URL with " +
			callbackPath + " behind it to the Redirect URLs of the Slack app, under OAuth & Permissions."}
	case "invalid_client_id", "bad_client_secret":
		p.Text = []string{"Slack does not accept the app's credentials (" + e.Err + "). Whoever runs apihelp has to copy " +
			"the client ID and the client secret again from Basic Information of the Slack app."}
	case "invalid_team_for_non_distributed_app":
		p.Text = []string{"The app may only be installed in the workspace that made it (" + e.Err + "). Whoever runs apihelp has to " +
			"activate public distribution under Manage Distribution of the Slack app."}
	case "":
		p.Text = []string{"Slack could not be reached or its answer could not be understood. Start again in a minute."}
	default:
		p.Text = []string{"Slack says: " + e.Err + ". Start again. If it stays so, tell whoever runs apihelp."}
	}
	return p
}
