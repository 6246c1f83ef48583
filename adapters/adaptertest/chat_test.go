package adaptertest_test

import (
	"testing"

	"go.uber.org/goleak"

	"apihelp/adapters/adaptertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheChatInMemoryIsAnAdapter(t *testing.T) {
	adaptertest.Run(t, func(*testing.T) adaptertest.Bench {
		chat := adaptertest.NewChat("chat")
		return adaptertest.Bench{
			Adapter: chat,
			Say:     func(text string) string { return chat.Say("C1", "U1", text).Text },
			Heard:   chat.Heard,
		}
	})
}
