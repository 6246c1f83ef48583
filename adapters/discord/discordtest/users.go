package discordtest

import (
	"net/http"
	"slices"
	"strconv"
)

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

func userRoutes() map[string]handler {
	return map[string]handler{
		"GET /gateway":     (*call).gatewayURL,
		"GET /gateway/bot": (*call).gatewayBot,
		"GET /users/{user}": func(c *call) (int, any, error) {
			id := c.id("user")
			if id == "@me" {
				id = c.s.appID
			}
			u := c.s.person(id)
			if u == nil {
				return 0, nil, refuse(http.StatusNotFound, 10013, "Unknown User")
			}
			w := u.wire()
			if u.bot {
				w["verified"], w["mfa_enabled"], w["email"], w["locale"], w["premium_type"] = true, false, nil, "en-US", 0
			}
			return 0, w, nil
		},
		"GET /users/@me/guilds":                (*call).myGuilds,
		"POST /users/@me/channels":             (*call).openDM,
		"GET /applications/@me":                (*call).application,
		"GET /oauth2/applications/@me":         (*call).application,
		"GET /guilds/{guild}":                  guildCall(func(_ *call, g *Guild) (any, error) { return g.wire(), nil }),
		"GET /guilds/{guild}/channels":         guildCall(func(_ *call, g *Guild) (any, error) { return g.create()["channels"], nil }),
		"GET /guilds/{guild}/roles":            guildCall(func(_ *call, g *Guild) (any, error) { return g.wire()["roles"], nil }),
		"GET /guilds/{guild}/members/{user}":   guildCall((*call).guildMember),
		"GET /guilds/{guild}/threads/active":   guildCall((*call).activeThreads),
		"DELETE /users/@me/guilds/{guild}":     (*call).leaveGuild,
		"GET /channels/{channel}":              (*call).getChannel,
		"GET /sticker-packs":                   func(*call) (int, any, error) { return 0, object{"sticker_packs": []any{}}, nil },
		"GET /applications/{app}/emojis":       func(*call) (int, any, error) { return 0, object{"items": []any{}}, nil },
		"GET /applications/{app}/entitlements": func(*call) (int, any, error) { return 0, []any{}, nil },
	}
}

func (c *call) gatewayURL() (int, any, error) {
	return 0, object{"url": "ws" + c.s.origin[len("http"):] + "/gateway"}, nil
}

func (c *call) gatewayBot() (int, any, error) {
	s := c.s
	return 0, object{
		"url": "ws" + s.origin[len("http"):] + "/gateway", "shards": s.o.Shards,
		"session_start_limit": object{
			"total": s.o.Identifies, "remaining": max(s.o.Identifies-s.gw.budget, 0), "reset_after": 14400000, "max_concurrency": s.o.MaxConcurrency,
		},
	}, nil
}

func (c *call) myGuilds() (int, any, error) {
	list := []object{}
	for _, g := range c.s.world.guilds {
		if !g.left {
			list = append(list, object{"id": g.ID, "name": g.Name, "icon": nil, "banner": nil, "owner": false, "permissions": decimal(permBot), "features": []any{}})
		}
	}
	return 0, list, nil
}

func (c *call) openDM() (int, any, error) {
	var body struct {
		ID string `json:"recipient_id"`
	}
	if err := c.decode(&body); err != nil {
		return 0, nil, err
	}
	u := c.s.world.people[body.ID]
	if u == nil {
		return 0, nil, invalid("recipient_id", "USER_INVALID", "Unknown user")
	}
	return 0, u.direct().wire(), nil
}

func (c *call) application() (int, any, error) {
	s := c.s
	return 0, object{
		"id": s.appID, "name": s.o.Name, "icon": nil, "description": "", "type": nil, "summary": "", "bot_public": true, "bot_require_code_grant": false,
		"verify_key": s.PublicKey(), "flags": s.appFlags(), "flags_new": strconv.Itoa(s.appFlags()), "eligible_oauth2_scopes": []any{}, "hook": true, "redirect_uris": []any{}, "interactions_endpoint_url": nil,
		"role_connections_verification_url": nil, "owner": object{"id": "1", "username": "owner", "discriminator": "0", "avatar": nil, "public_flags": 0, "flags": 0, "global_name": nil, "primary_guild": nil},
		"approximate_guild_count": len(s.world.guilds), "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"team": nil, "bot": s.world.bot.wire(), "is_monetized": false, "is_verified": false, "integration_types_config": object{"0": object{}},
		"explicit_content_filter": 0, "event_webhooks_status": 1, "interactions_event_types": []any{}, "interactions_version": 1, "internal_guild_restriction": 1,
		"rpc_application_state": 0, "store_application_state": 1, "verification_state": 1, "monetization_state": 1, "discoverability_state": 1,
		"discovery_eligibility_flags": 0, "creator_monetization_state": 1, "monetization_eligibility_flags": 0, "integration_public": true, "integration_require_code_grant": false,
	}, nil
}

// guildCall is a handler of a guild the bot is in.
func guildCall(f func(*call, *Guild) (any, error)) handler {
	return func(c *call) (int, any, error) {
		g := c.s.guild(c.id("guild"))
		if g == nil {
			return 0, nil, refuse(http.StatusNotFound, 10004, "Unknown Guild")
		}
		body, err := f(c, g)
		return 0, body, err
	}
}

func (c *call) guildMember(g *Guild) (any, error) {
	u := c.s.person(c.id("user"))
	if u == nil || !u.bot && !slices.Contains(g.members, u) {
		return nil, refuse(http.StatusNotFound, 10007, "Unknown Member")
	}
	return u.fullMember(g), nil
}

func (c *call) activeThreads(g *Guild) (any, error) {
	list := []object{}
	for _, ch := range g.channels {
		for _, t := range ch.threads {
			if !t.archived && c.s.can(t, permView) {
				list = append(list, t.wire())
			}
		}
	}
	return object{"threads": list, "members": []any{}, "has_more": false}, nil
}

func (c *call) leaveGuild() (int, any, error) {
	g := c.s.guild(c.id("guild"))
	if g == nil {
		return 0, nil, refuse(http.StatusNotFound, 10004, "Unknown Guild")
	}
	c.s.emit(event{name: "GUILD_DELETE", guild: g, intent: intentGuilds, data: object{"id": g.ID}})
	g.left = true
	return 0, nil, nil
}

func (c *call) getChannel() (int, any, error) {
	ch, err := c.channel(0)
	if err != nil {
		return 0, nil, err
	}
	return 0, ch.wire(), nil
}

// channel is that of the path, if the bot sees it and has these permissions in
// it.
func (c *call) channel(perm uint64) (*Channel, error) {
	ch := c.s.world.channels[c.id("channel")]
	if ch == nil {
		return nil, refuse(http.StatusNotFound, 10003, "Unknown Channel")
	}
	if ch.g != nil && ch.g.left || !c.s.can(ch, permView) {
		return nil, refuse(http.StatusForbidden, 50001, "Missing Access")
	}
	if !c.s.can(ch, perm) {
		return nil, refuse(http.StatusForbidden, 50013, "Missing Permissions")
	}
	return ch, nil
}

// message is that of the path in the channel.
func (c *call) message(ch *Channel) (*Message, error) {
	if m := ch.find(c.id("message")); m != nil {
		return m, nil
	}
	return nil, refuse(http.StatusNotFound, 10008, "Unknown Message")
}
