package discordtest

import "fmt"

// The permissions the fake looks at, with Discord's bits.
const (
	permReact          = 1 << 6
	permView           = 1 << 10
	permSend           = 1 << 11
	permManageMessages = 1 << 13
	permEmbed          = 1 << 14
	permAttach         = 1 << 15
	permHistory        = 1 << 16
	permEveryone       = 1 << 17
	permManageThreads  = 1 << 34
	permPublicThreads  = 1 << 35
	permPrivateThreads = 1 << 36
	permSendInThreads  = 1 << 38

	// permBot is what the managed role grants.
	permBot = permReact | permView | permSend | permEmbed | permAttach | permHistory | permManageThreads | permPublicThreads | permPrivateThreads | permSendInThreads
	// permMember is what everybody may.
	permMember = permReact | permView | permSend | permEmbed | permAttach | permHistory | permPublicThreads | permSendInThreads | 1<<31
)

func permissionNames() map[string]uint64 {
	return map[string]uint64{
		"ADD_REACTIONS": permReact, "VIEW_CHANNEL": permView, "SEND_MESSAGES": permSend, "MANAGE_MESSAGES": permManageMessages,
		"EMBED_LINKS": permEmbed, "ATTACH_FILES": permAttach, "READ_MESSAGE_HISTORY": permHistory, "MENTION_EVERYONE": permEveryone,
		"MANAGE_THREADS": permManageThreads, "CREATE_PUBLIC_THREADS": permPublicThreads, "CREATE_PRIVATE_THREADS": permPrivateThreads,
		"SEND_MESSAGES_IN_THREADS": permSendInThreads, "MANAGE_CHANNELS": 1 << 4, "MANAGE_GUILD": 1 << 5, "ADMINISTRATOR": 1 << 3,
		"MODERATE_MEMBERS": 1 << 40, "KICK_MEMBERS": 1 << 1, "BAN_MEMBERS": 1 << 2,
	}
}

// bits are the permissions of these names. An unknown name is the test's
// mistake.
func bits(names []string) uint64 {
	var all uint64
	for _, name := range names {
		b, known := permissionNames()[name]
		if !known {
			panic(fmt.Sprintf("discordtest: no permission is named %q", name))
		}
		all |= b
	}
	return all
}

// permissions are the bot's in the channel.
func (s *Server) permissions(c *Channel) uint64 {
	if c.g == nil {
		return permBot
	}
	p := uint64(permBot) &^ c.deny
	if c.parent != nil {
		p &^= c.parent.deny
	}
	return p
}

// can reports whether the bot has all these permissions in the channel.
func (s *Server) can(c *Channel, perm uint64) bool { return s.permissions(c)&perm == perm }
