package discordtest

import "strconv"

// create is the payload of GUILD_CREATE.
func (g *Guild) create() object {
	w := g.wire()
	channels, threads := []object{}, []object{}
	for _, c := range g.channels {
		if !g.s.can(c, permView) {
			continue
		}
		channels = append(channels, c.wire())
		for _, t := range c.threads {
			if !t.archived {
				threads = append(threads, t.wire())
			}
		}
	}
	members := []object{g.s.world.bot.fullMember(g)}
	w["channels"], w["threads"], w["members"] = channels, threads, members
	w["joined_at"], w["large"], w["unavailable"], w["member_count"] = "2024-01-01T00:00:00.000000+00:00", false, false, len(g.members)+1
	for _, k := range []string{"presences", "voice_states", "stage_instances", "guild_scheduled_events", "soundboard_sounds"} {
		w[k] = []any{}
	}
	return w
}

func (g *Guild) wire() object {
	roles := []object{}
	for _, r := range g.roles {
		roles = append(roles, g.roleWire(r))
	}
	return object{
		"id": g.ID, "name": g.Name, "icon": nil, "icon_hash": nil, "splash": nil, "discovery_splash": nil, "owner_id": g.owner, "region": "rotterdam",
		"afk_channel_id": nil, "afk_timeout": 300, "verification_level": 0, "default_message_notifications": 1, "explicit_content_filter": 0,
		"roles": roles, "emojis": []any{}, "stickers": []any{}, "features": []any{}, "mfa_level": 0, "application_id": nil, "system_channel_id": nil,
		"system_channel_flags": 0, "rules_channel_id": nil, "max_presences": nil, "max_members": 500000, "vanity_url_code": nil, "description": nil,
		"banner": nil, "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": g.locale, "public_updates_channel_id": nil,
		"max_video_channel_users": 25, "max_stage_video_channel_users": 50, "nsfw": false, "nsfw_level": 0, "premium_progress_bar_enabled": false,
		"safety_alerts_channel_id": nil, "home_header": nil, "hub_type": nil, "incidents_data": nil, "owner": false,
		"latest_onboarding_question_id": nil, "owner_configured_content_level": nil, "widget_channel_id": nil, "widget_enabled": false,
	}
}

func (g *Guild) roleWire(r *role) object {
	w := object{
		"id": r.id, "name": r.name, "color": 0, "colors": object{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil}, "hoist": false,
		"icon": nil, "unicode_emoji": nil, "position": 0, "permissions": strconv.FormatUint(permMember, 10), "managed": r.managed, "mentionable": false, "flags": 0, "description": nil,
	}
	if r.managed {
		w["permissions"] = strconv.FormatUint(permBot, 10)
		w["tags"] = object{"bot_id": g.s.appID}
	}
	return w
}

// wire is the channel object.
func (c *Channel) wire() object {
	w := object{"id": c.ID, "type": c.kind, "flags": 0, "last_message_id": nil}
	if n := len(c.messages); n > 0 {
		w["last_message_id"] = c.messages[n-1].ID
	}
	if c.dm != nil {
		w["recipients"] = []object{c.dm.wire()}
		return w
	}
	w["guild_id"], w["name"], w["rate_limit_per_user"] = c.g.ID, c.title, 0
	if c.isThread() {
		c.wireThread(w)
		return w
	}
	w["position"], w["permission_overwrites"], w["nsfw"], w["parent_id"], w["topic"] = 0, []any{}, false, nil, nil
	if c.kind == KindForum {
		c.wireForum(w)
	}
	return w
}

func (c *Channel) wireThread(w object) {
	w["parent_id"], w["owner_id"] = c.parent.ID, c.owner
	w["message_count"], w["member_count"], w["total_message_sent"] = len(c.messages), 1, len(c.messages)
	w["thread_metadata"] = object{
		"archived": c.archived, "auto_archive_duration": c.archive, "archive_timestamp": c.changed, "locked": c.locked, "create_timestamp": c.changed,
	}
	if c.kind == KindPrivateThread {
		w["thread_metadata"].(object)["invitable"] = true
	}
	if c.parent.kind == KindForum {
		w["applied_tags"] = append([]string{}, c.applied...)
	}
}

func (c *Channel) wireForum(w object) {
	tags := []object{}
	for _, t := range c.tags {
		tags = append(tags, object{"id": t.id, "name": t.name, "moderated": t.moderated, "emoji_id": nil, "emoji_name": nil})
	}
	w["available_tags"], w["default_reaction_emoji"], w["default_sort_order"], w["default_forum_layout"] = tags, nil, nil, 0
	if c.tagged {
		w["flags"] = 1 << 4
	}
}
