package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"apihelp/bot"
)

// Send implements [bot.Adapter]. A reply that does not fit one message becomes
// several, and an attempt after one that broke off goes on where that stopped.
func (a *Adapter) Send(ctx context.Context, c bot.Conversation, r bot.Reply) (bot.Ref, error) {
	if c.Channel == "" {
		return bot.Ref{}, sendError(fmt.Errorf("%w: the conversation has no channel", errRefused))
	}
	if r.Private && isPublic(c) {
		return a.sendPrivate(ctx, c, r), nil
	}
	v := a.viewOf(c)
	posts, arrived := render(r, v), a.arrivedOf(r.ID)
	for n := len(arrived); n < len(posts); n++ {
		id, err := a.post(ctx, c, posts[n])
		if errors.Is(err, errBlocks) {
			id, err = a.post(ctx, c, post{Text: posts[n].Text}) // the text is the whole post
		}
		if err != nil {
			return bot.Ref{}, sendError(err)
		}
		arrived = append(arrived, firstOf(id, fmt.Sprint(whispered, r.ID, ".", n)))
		a.arrived.put(r.ID, arrived)
		if v.Ephemeral {
			a.whispers.put(r.ID, posts[n])
		}
	}
	return bot.Ref{In: c, ID: strings.Join(arrived, ",")}, nil
}

// arrivedOf returns what the posts of a reply that have arrived are called.
func (a *Adapter) arrivedOf(reply string) []string {
	arrived, _ := a.arrived.get(reply)
	return slices.Clone(arrived)
}

// whispered begins what a post is called that only one user sees.
const whispered = "whisper/"

const (
	arrivalLimit = 4096
	whisperLimit = 512
	channelLimit = 4096
)

// viewOf says what differs by place. A channel of which nothing is known may
// be shared: a command does not say.
func (a *Adapter) viewOf(c bot.Conversation) view {
	shared, known := a.shared.get(c.Channel)
	return view{Ephemeral: strings.HasPrefix(c.Thread, whisper), Outsiders: shared || !known}
}

// post posts one message where the conversation is, and returns what it is
// called there.
func (a *Adapter) post(ctx context.Context, c bot.Conversation, p post) (string, error) {
	if user, ok := strings.CutPrefix(c.Thread, whisper); ok {
		return a.postWhispered(ctx, c, user, p)
	}
	client, _, err := a.client(ctx, c.Team)
	if err != nil {
		return "", err
	}
	return a.message(ctx, client, p, c.Channel, c.Thread)
}

// message posts in a channel or, with a user's ID, directly.
func (a *Adapter) message(ctx context.Context, client *slackgo.Client, p post, channel, thread string) (string, error) {
	if err := a.pace.wait(ctx, channel); err != nil {
		return "", err
	}
	options := append(messageOptions(p), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
	if thread != "" {
		options = append(options, slackgo.MsgOptionTS(thread))
	}
	in, ts, err := client.PostMessageContext(ctx, channel, options...)
	switch {
	case err != nil:
		return "", apiError(err)
	case ts == "":
		return "", errors.New("the message got no timestamp") // ok:false without a reason
	}
	return in + "/" + ts, nil
}

func messageOptions(p post) []slackgo.MsgOption {
	options := []slackgo.MsgOption{slackgo.MsgOptionText(p.Text, false)} // render has escaped it
	if len(p.Blocks) > 0 {
		return append(options, slackgo.MsgOptionBlocks(p.Blocks...))
	}
	return append(options, slackgo.MsgOptionDisableMarkdown()) // or the text would be formatted
}

// postWhispered answers where only the user sees it: by the response URL, else
// as an ephemeral message, else, where the bot is no member, directly.
func (a *Adapter) postWhispered(ctx context.Context, c bot.Conversation, user string, p post) (string, error) {
	if to := a.replies.take(c); to != "" {
		err := a.replies.post(ctx, to, response(p))
		if !errors.Is(err, errResponseGone) {
			return "", err
		}
	}
	client, _, err := a.client(ctx, c.Team)
	if err != nil {
		return "", err
	}
	ts, err := client.PostEphemeralContext(ctx, c.Channel, user, messageOptions(p)...)
	if err == nil {
		return whispered + ts, nil
	}
	if !isNotThere(err) {
		return "", apiError(err)
	}
	return a.message(ctx, client, p, user, "")
}

// response is the body for a response URL.
func response(p post) map[string]any {
	body := map[string]any{"response_type": "ephemeral", "replace_original": false, "text": p.Text, "unfurl_links": false, "unfurl_media": false}
	if len(p.Blocks) > 0 {
		body["blocks"] = p.Blocks
	}
	return body
}

// Edit implements [bot.Editor] for what was posted in a channel or directly.
// What only one user saw cannot be edited; it is answered anew.
func (a *Adapter) Edit(ctx context.Context, ref bot.Ref, r bot.Reply) (bot.Ref, error) {
	if r.Private && isPublic(ref.In) {
		a.sendPrivate(ctx, ref.In, r)
		return ref, nil // what is there stays
	}
	old, posts := strings.Split(ref.ID, ","), render(r, a.viewOf(ref.In))
	if strings.HasPrefix(ref.ID, whispered) || len(posts) == 0 {
		return a.Send(ctx, ref.In, r)
	}
	client, _, err := a.client(ctx, ref.In.Team)
	if err != nil {
		return bot.Ref{}, sendError(err)
	}
	var now []string
	for n := range max(len(old), len(posts)) {
		switch {
		case n >= len(posts):
			a.remove(ctx, client, old[n])
			continue
		case n >= len(old):
			old = append(old, "")
		}
		id, err := a.replace(ctx, client, ref.In, old[n], posts[n])
		if err != nil {
			return bot.Ref{}, sendError(err)
		}
		now = append(now, id)
	}
	return bot.Ref{In: ref.In, ID: strings.Join(now, ",")}, nil
}

// replace puts a post in place of an older one, or posts it anew if there is none
// or Slack does not let it.
func (a *Adapter) replace(ctx context.Context, client *slackgo.Client, c bot.Conversation, id string, p post) (string, error) {
	channel, ts, ok := strings.Cut(id, "/")
	if !ok {
		return a.post(ctx, c, p)
	}
	_, _, _, err := client.UpdateMessageContext(ctx, channel, ts, messageOptions(p)...)
	switch {
	case err == nil:
		return id, nil
	case slices.Contains(badBlocks, errorCode(err)) && len(p.Blocks) > 0:
		return a.replace(ctx, client, c, id, post{Text: p.Text})
	case slices.Contains(notEditable, errorCode(err)):
		return a.post(ctx, c, p)
	}
	return "", apiError(err)
}

// remove deletes a post that a shorter answer has no use for.
func (a *Adapter) remove(ctx context.Context, client *slackgo.Client, id string) {
	channel, ts, _ := strings.Cut(id, "/")
	if _, _, err := client.DeleteMessageContext(ctx, channel, ts); err != nil {
		a.Log.Warn("post of an older answer not removed", "adapter", Name, "err", err)
	}
}

// isNotThere reports whether Slack shows a user nothing in a channel.
func isNotThere(err error) bool { return slices.Contains(notThere, errorCode(err)) }

var (
	notThere    = []string{"user_not_in_channel", "channel_not_found", "not_in_channel"}
	notEditable = []string{"message_not_found", "cant_update_message", "edit_window_closed", "block_mismatch", "msg_too_long"}
	badBlocks   = []string{"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "blocks_too_long"}

	// hopeless are the refusals that no retry changes.
	hopeless = []string{"channel_not_found", "not_in_channel", "is_archived", "account_inactive", "invalid_auth", "token_revoked", "not_authed",
		"missing_scope", "restricted_action", "restricted_action_thread_locked", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
		"restricted_action_non_threadable_channel", "cannot_reply_to_message", "messages_tab_disabled", "no_permission", "team_access_not_granted",
		"user_not_found", "no_text", "invalid_arguments", "access_denied", "org_login_required", "ekm_access_denied", "msg_too_long"}
)

var (
	errBlocks  = errors.New("slack refused the blocks")
	errRefused = errors.New("slack refused the message")
)

// limited is a request to come back later.
type limited struct{ after time.Duration }

func (l *limited) Error() string { return "slack asks to wait " + l.after.String() }

// errorCode returns Slack's name for a failure, or "".
func errorCode(err error) string {
	if refused, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok {
		return refused.Err
	}
	return ""
}

// apiError sorts a failure of the Web API.
func apiError(err error) error {
	if l, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
		return &limited{after: l.RetryAfter}
	}
	code := errorCode(err)
	switch {
	case slices.Contains(badBlocks, code):
		return errBlocks
	case slices.Contains(hopeless, code):
		return fmt.Errorf("%w: %s", errRefused, code)
	case code == "ratelimited":
		return &limited{after: time.Second}
	case code != "":
		return errors.New("slack says " + code)
	}
	return err
}

// sendError tells the bot whether another attempt may help.
func sendError(err error) error { return refused(err) }

func refused(err error) *bot.SendError {
	e := &bot.SendError{Adapter: Name, Retry: true, Err: err}
	if l, ok := errors.AsType[*limited](err); ok {
		e.After = min(l.after, longestWait)
	}
	if errors.Is(err, errRefused) || errors.Is(err, errNotInstalled) || errors.Is(err, errTokenRefused) || errors.Is(err, errBlocks) {
		e.Retry = false
	}
	return e
}

// longestWait bounds what a Retry-After can demand: longer than a minute is
// none that Slack documents.
const longestWait = time.Minute

func secondsOf(header string) time.Duration {
	n, err := strconv.Atoi(header)
	if err != nil || n < 1 {
		return time.Second
	}
	return time.Duration(n) * time.Second
}
