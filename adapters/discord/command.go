package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// The commands.
const (
	commandAsk          = "apihelp"
	commandPrivacy      = "apihelp-privacy"
	commandTroubleshoot = "Troubleshoot this message"
)

// command is a command's definition, as far as the bot sets it.
type command struct {
	Name         string            `json:"name"`
	Type         int               `json:"type"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Options      []commandOption   `json:"options,omitempty"`
	Integrations []int             `json:"integration_types"`
	Contexts     []int             `json:"contexts"`
}

type commandOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	Autocomplete bool              `json:"autocomplete,omitempty"`
	Longest      int               `json:"max_length,omitempty"`
}

// definitions are the commands, in servers and in direct messages with the bot.
func definitions() []command {
	everywhere := func(c command) command {
		c.Integrations, c.Contexts = []int{0}, []int{0, 1}
		return c
	}
	question := commandOption{
		Type: 3, Name: "question", Description: "What goes wrong: an error message, a status, or what you see", Required: true, Autocomplete: true,
		Longest: 2000, Descriptions: map[string]string{"de": "Was nicht geht: Fehlermeldung, Status, oder was du siehst"},
	}
	return []command{
		everywhere(command{Name: commandAsk, Type: 1, Description: "Get help with an API problem", Options: []commandOption{question},
			Descriptions: map[string]string{"de": "Hilfe bei einem Problem mit der API"}}),
		everywhere(command{Name: commandPrivacy, Type: 1, Description: "What is kept about you, and how to have it deleted",
			Descriptions: map[string]string{"de": "Was über dich aufbewahrt wird, und wie du es löschst"}}),
		everywhere(command{Name: commandTroubleshoot, Type: 3}),
	}
}

// Register makes the application's commands those that the bot answers, and
// reports whether anything had to be changed: Discord takes few changes a day.
func Register(ctx context.Context, token, api string) (changed bool, err error) {
	r, err := newREST(token, api)
	if err != nil {
		return false, err
	}
	var app application
	if err := r.call(ctx, "GET", "/applications/@me", nil, &app); err != nil {
		return false, fmt.Errorf("discord: ask whose the token is: %w", plainError(err))
	}
	path := "/applications/" + app.ID + "/commands"
	var have []command
	if err := r.call(ctx, "GET", path+"?with_localizations=true", nil, &have); err != nil {
		return false, fmt.Errorf("discord: read the commands: %w", plainError(err))
	}
	want := definitions()
	if sameCommands(have, want) {
		return false, nil
	}
	if err := r.call(ctx, "PUT", path, want, nil); err != nil {
		return false, fmt.Errorf("discord: write the commands: %w", plainError(err))
	}
	return true, nil
}

// sameCommands compares in any order.
func sameCommands(have, want []command) bool {
	index := func(list []command) map[string]string {
		m := map[string]string{}
		for _, c := range list {
			data, err := json.Marshal(c)
			if err != nil {
				return nil
			}
			m[c.Name] = string(data)
		}
		return m
	}
	return len(have) == len(want) && reflect.DeepEqual(index(have), index(want))
}

// permissions are what the bot needs in a server, and no more; permissionsForum
// beside them to tag and archive posts that others made.
const permissionsForum = discordgo.PermissionManageThreads
const permissions = discordgo.PermissionViewChannel | discordgo.PermissionSendMessages | discordgo.PermissionReadMessageHistory |
	discordgo.PermissionCreatePublicThreads | discordgo.PermissionSendMessagesInThreads

// Invite returns the address at which a server's owner adds the bot, with the
// least permissions: more of them if it looks after forums.
func Invite(ctx context.Context, token, api string, forums bool) (string, error) {
	r, err := newREST(token, api)
	if err != nil {
		return "", err
	}
	var app application
	if err := r.call(ctx, "GET", "/applications/@me", nil, &app); err != nil {
		return "", fmt.Errorf("discord: ask whose the token is: %w", plainError(err))
	}
	needed := int64(permissions)
	if forums {
		needed |= permissionsForum
	}
	q := url.Values{"client_id": {app.ID}, "scope": {"bot applications.commands"}, "permissions": {strconv.FormatInt(needed, 10)}, "integration_type": {"0"}}
	return discordgo.EndpointDiscord + "oauth2/authorize?" + q.Encode(), nil
}
