package slack

import (
	"errors"
	"fmt"

	slackgo "github.com/slack-go/slack"
)

var (
	// errTokenRefused means that Slack refuses a token or the app's own
	// credentials, which no retry can mend.
	errTokenRefused = errors.New("refused")

	// errNoToken is an answer without an error and without a token, which
	// slack-go lets pass.
	errNoToken = errors.New("the answer contains no token")
)

// refusal makes an error of Slack's that no retry can mend wrap errTokenRefused
// and say what to do. It returns any other error as it is.
func refusal(err error) error {
	e, ok := errors.AsType[slackgo.SlackErrorResponse](err)
	if !ok {
		return err
	}
	if advice := refusalAdvice(e.Err); advice != "" {
		return fmt.Errorf("%w (%w): %s", errTokenRefused, err, advice)
	}
	return err
}

// refusalAdvice says what to do about an error code of auth.test or
// oauth.v2.access; it is empty if trying again may help.
func refusalAdvice(code string) string {
	switch code {
	case "invalid_auth", "not_authed":
		return "copy the Bot User OAuth Token, which begins with xoxb-, from OAuth & Permissions of the app"
	case "account_inactive", "token_revoked", "invalid_refresh_token":
		return "the app was uninstalled or its token revoked: install it in the workspace again"
	case "token_expired":
		return "this token lives twelve hours: turn token rotation off or use the installation pages, which renew it"
	case "not_allowed_token_type":
		return "use the Bot User OAuth Token, which begins with xoxb-"
	case "invalid_client_id", "bad_client_secret":
		return "copy the client ID and the client secret again from Basic Information of the app"
	case "ekm_access_denied", "org_login_required", "access_denied", "team_access_not_granted":
		return "ask an administrator of the workspace to allow the app"
	}
	return ""
}
