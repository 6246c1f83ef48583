package discord_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"apihelp/adapters/discord/discordtest"
	"apihelp/adapters/discord/discordtest/limits"
)

// official is Discord's own description of its API, where it is at hand.
var official = sync.OnceValue(func() *discordtest.Validator {
	v, err := discordtest.Spec("../../../shared/spec/discord-openapi.json")
	if err != nil {
		return nil
	}
	return v
})

// checker holds everything that is sent against the limits, and against the
// official description.
func checker() func(kind, route string, payload []byte) error {
	spec := official()
	return func(kind, route string, payload []byte) error {
		if kind != "request" {
			return nil
		}
		method, path, _ := strings.Cut(route, " ")
		if spec != nil {
			if err := spec.Request(method, path, payload); err != nil {
				return fmt.Errorf("against the official description: %w", err)
			}
		}
		switch {
		case strings.HasSuffix(path, "/callback"):
			return checkCallback(payload)
		case strings.HasSuffix(path, "/commands"):
			return limits.Commands(payload)
		case strings.Contains(path, "/messages") && !strings.HasSuffix(path, "/threads"), method == "POST" && strings.HasPrefix(path, "/webhooks/"):
			return limits.Message(payload)
		}
		return nil
	}
}

// checkCallback checks the first answer to an interaction.
func checkCallback(payload []byte) error {
	var r struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(payload, &r); err != nil {
		return err
	}
	switch r.Type {
	case 4, 7:
		return limits.Message(r.Data)
	case 8:
		return limits.Choices(r.Data)
	case 9:
		return limits.Modal(r.Data)
	}
	return nil
}
