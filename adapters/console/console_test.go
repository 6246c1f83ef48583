package console

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"apihelp/adapters/adaptertest"
	"apihelp/bot"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen is a writer that can be read while it is written to.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestTheConsoleIsAnAdapter(t *testing.T) {
	for name, terminal := range map[string]bool{"at a terminal": true, "in a pipe": false} {
		t.Run(name, func(t *testing.T) {
			adaptertest.Run(t, func(t *testing.T) adaptertest.Bench {
				keys, typist := io.Pipe()
				t.Cleanup(func() { typist.Close() })
				out := &screen{}
				return adaptertest.Bench{
					Adapter: New(keys, out, Options{User: "ann", Host: "desk", Terminal: terminal}),
					Say: func(text string) string {
						io.WriteString(typist, text+"\n")
						return text
					},
					Heard: out.String,
				}
			})
		})
	}
}

// texts runs the console over an input and returns what it hands over.
func texts(t *testing.T, input string) []string {
	t.Helper()
	var got []string
	err := New(strings.NewReader(input), io.Discard, Options{}).Run(t.Context(), func(_ context.Context, m bot.Message) error {
		got = append(got, m.Text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestLinesBecomeMessages(t *testing.T) {
	long := strings.Repeat("x", 2*lineLimit)
	for _, tt := range []struct {
		name, input string
		want        []string
	}{
		{"nothing", "", nil},
		{"a line", "one\n", []string{"one"}},
		{"a last line without its end", "one\ntwo", []string{"one", "two"}},
		{"blank lines are nothing", "\n \n\t\none\n\n", []string{"one"}},
		{"lines from Windows", "one\r\ntwo\r\n", []string{"one", "two"}},
		{"a fence makes one message of many lines", "```\na\n\nb\n```\nc\n", []string{"```\na\n\nb\n```\n", "c"}},
		{"a fence that stays open ends with the input", "```\na\n", []string{"```\na\n"}},
		{"the rest of an endless line is skipped", long + "\nshort\n", []string{long[:lineLimit], "short"}},
		{"bytes that are no text", "\xff\xfe\n", []string{"\xff\xfe"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, texts(t, tt.input)); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnInputThatFailsEndsTheConsoleWithItsError(t *testing.T) {
	broken := errors.New("cable cut")
	in := io.MultiReader(strings.NewReader("one\n"), errReader{broken})
	err := New(in, io.Discard, Options{}).Run(t.Context(), func(context.Context, bot.Message) error { return nil })
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestAWriterThatFailsIsNotTriedAgain(t *testing.T) {
	_, err := New(strings.NewReader(""), errWriter{}, Options{}).Send(t.Context(), bot.Conversation{}, adaptertest.Everything())
	if refused, ok := errors.AsType[*bot.SendError](err); !ok || refused.Retry {
		t.Errorf("got %v, want a *bot.SendError without retry", err)
	}
}

type errWriter struct{}

func (errWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestEverythingLooksAsItShould(t *testing.T) {
	for name, terminal := range map[string]bool{"terminal": true, "pipe": false} {
		t.Run(name, func(t *testing.T) {
			got := []byte(New(nil, nil, Options{Terminal: terminal}).render(adaptertest.Everything()))
			file := "testdata/everything." + name + ".golden"
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}
