package bot

import "slices"

// AnyTopic is the topic of an [Owner] who takes over what nobody else does.
const AnyTopic = "*"

// An Owner is told when a person is called for a topic.
type Owner struct {
	Topic  string       // ID of the entry, or AnyTopic
	To     Conversation // where they read, with its team; of any adapter
	Notify []string     // the groups whose attention is wanted there
}

// owners returns who is told about an entry: its own, or else those of the
// topic that it belongs to, or else those of any.
func (b *Bot) owners(entry string) []Owner {
	ids := []string{entry, AnyTopic}
	if e := b.Guide().Entry(entry); e != nil {
		ids = []string{entry, topicOf(e).ID, AnyTopic}
	}
	for _, id := range ids {
		own := slices.DeleteFunc(slices.Clone(b.Owners), func(o Owner) bool { return o.Topic != id })
		if len(own) > 0 {
			return own
		}
	}
	return nil
}
