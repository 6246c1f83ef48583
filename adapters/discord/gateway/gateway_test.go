package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestASessionBeginsAndIsResumedAfterACut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.run(t)
	p := f.accept(t)
	p.hello(time.Minute)
	d := p.want(opIdentify)
	if got := fmt.Sprint(d["intents"], d["shard"], d["compress"]); got != "513 [0 1] <nil>" {
		t.Errorf("got %s", got)
	}
	p.write(`{"op":0,"s":1,"t":"READY","d":{"session_id":"S","resume_gateway_url":"` + f.ws("/resume") + `"}}`)
	r.freshened(1)
	p.messages(2, 3)
	r.handled(2, 3)
	p.cut()

	p = f.accept(t)
	if want := "/resume?encoding=json&v=10"; p.path != want {
		t.Errorf("got %s, want %s", p.path, want)
	}
	p.resumed("S", 3, 4, 5)
	r.handled(2, 3, 4, 5)
	if r.freshened(1); r.got[0].Type != "READY" {
		t.Errorf("got %s first, want READY", r.got[0].Type)
	}
}

func TestTheSequenceHoldsBackWhileHandleFails(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.prepare(t, newMemory())
	failing, fourth := make(chan struct{}), make(chan struct{})
	r.refusing(func(e Event) error {
		select {
		case <-failing:
			return nil
		default:
		}
		if e.Seq == 3 {
			<-fourth
			return errRefused
		}
		return nil
	})
	r.start()
	p := f.accept(t)
	p.ready("S", "")
	p.messages(2)
	r.handled(2)
	p.messages(3)
	p.event(4, "MESSAGE_CREATE", "another channel")
	p.messages(5)
	r.handled(2, 4)
	close(fourth)
	for range 3 { // more attempts than a panic gets
		if code := p.closed(); code != closeKeeps {
			t.Errorf("got close code %d, want %d", code, closeKeeps)
		}
		r.saved(2)
		p = f.accept(t)
		p.resume("S", 2)
		p.messages(3)
		p.event(4, "MESSAGE_CREATE", "another channel")
		p.messages(5)
	}
	p.closed()
	close(failing)
	p = f.accept(t)
	p.resumed("S", 2, 3, 4, 5)
	r.handled(2, 4, 3, 5) // 4 was handled and 5 waited for 3
	r.saved(100_002)
}

func TestOpcodesThatEndAConnection(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, frame string
		code        int // or the close code
		fresh       bool
	}{
		{"reconnect", `{"op":7,"d":null}`, 0, false},
		{"invalid session, resumable", `{"op":9,"d":true}`, 0, false},
		{"invalid session", `{"op":9,"d":false}`, 0, true},
		{"unknown error", "", 4000, false},
		{"not authenticated", "", 4003, true},
		{"already authenticated", "", 4005, false},
		{"invalid sequence", "", 4007, true},
		{"rate limited", "", 4008, false},
		{"session timed out", "", 4009, true},
		{"going away", "", 1001, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			r := f.run(t)
			p := f.accept(t)
			p.ready("S", "")
			p.messages(2)
			r.handled(2)
			if tt.code != 0 {
				p.close(tt.code)
			} else {
				p.write(tt.frame)
				if code := p.closed(); code != closeKeeps {
					t.Errorf("got close code %d, want %d", code, closeKeeps)
				}
			}
			p = f.accept(t)
			if tt.fresh {
				p.ready("T", "")
				r.freshened(2)
			} else {
				p.resumed("S", 2)
				r.freshened(1)
			}
			p.messages(3)
			r.handled(2, 3)
		})
	}
}

func TestReconnectInsteadOfHello(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.run(t)
	f.accept(t).write(`{"op":7,"d":null}`)
	p := f.accept(t)
	p.ready("S", "")
	p.cut()
	f.accept(t).write(`{"op":7,"d":null}`)
	f.accept(t).resumed("S", 1, 2)
	r.handled(2)
}

func TestASessionThatCannotBeResumedIsReplaced(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, frame string
		times       int
	}{
		{"refused", `{"op":9,"d":false}`, 1},
		{"said to be resumable again and again", `{"op":9,"d":true}`, 3},
		{"asked to reconnect again and again", `{"op":7}`, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			r := f.run(t)
			p := f.accept(t)
			p.ready("S", "")
			r.freshened(1)
			p.cut()
			for range tt.times {
				p = f.accept(t)
				p.resume("S", 1)
				p.write(tt.frame)
			}
			f.accept(t).ready("T", "")
			r.freshened(2)
		})
	}
}

func TestAResumeURLThatIsDeadIsGivenUp(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	r := f.run(t)
	p := f.accept(t)
	p.ready("S", "ws://127.0.0.1:1/dead")
	p.messages(2)
	r.handled(2)
	p.cut()
	f.accept(t).resumed("S", 2, 3)
	r.handled(2, 3)
}

func TestFatalCloseCodesSayWhatToFix(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{
		4004: "DISCORD_BOT_TOKEN", 4010: "shard", 4011: "shards", 4012: "update apihelp",
		4013: "intents", 4014: "MESSAGE CONTENT INTENT on the Bot page of the Developer Portal",
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			r := f.run(t)
			p := f.accept(t)
			p.hello(time.Minute)
			p.want(opIdentify)
			p.close(code)
			err := r.ended()
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), token) {
				t.Errorf("got %v, want %q in it", err, want)
			}
		})
	}
}

func TestARefusedTokenIsHopeless(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.set(http.StatusUnauthorized, "", 0)
	if err := f.run(t).ended(); err == nil || !strings.Contains(err.Error(), "DISCORD_BOT_TOKEN") {
		t.Errorf("got %v, want what to fix", err)
	}
}

func TestAnOutageOfRESTIsWaitedFor(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.set(http.StatusBadGateway, "", 0)
	f.run(t)
	eventually(t, func() error {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.invited < 3 {
			return errors.New("not asked three times")
		}
		return nil
	})
	f.set(0, "", 0)
	f.accept(t).ready("S", "")
}

func TestTheEndKeepsTheSession(t *testing.T) {
	t.Parallel()
	f, m := newFake(t), newMemory()
	r := f.prepare(t, m)
	r.o.Timing.Save = time.Hour // only the end saves
	r.start()
	p := f.accept(t)
	p.ready("S", f.ws("/resume"))
	p.messages(2, 3)
	r.handled(2, 3)
	r.freshened(1)
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	if code := p.closed(); code != closeKeeps {
		t.Errorf("got close code %d, want %d", code, closeKeeps)
	}
	r = f.prepare(t, m).start()
	p = f.accept(t)
	if !strings.HasPrefix(p.path, "/resume?") {
		t.Errorf("got %s, want the resume URL", p.path)
	}
	p.resumed("S", 3, 4)
	r.handled(4)
	r.freshened(0)
}

func TestAKilledProcessComesBackWithWhatItHadNotSaved(t *testing.T) {
	t.Parallel()
	f, m := newFake(t), newMemory()
	r := f.prepare(t, m).start()
	p := f.accept(t)
	p.ready("S", "")
	p.messages(2, 3)
	r.handled(2, 3)
	r.saved(3)
	r.kill()
	p.messages(4) // into the void
	r = f.prepare(t, m).start()
	f.accept(t).resumed("S", 3, 4, 5)
	r.handled(4, 5)
}

func TestOtherIntentsNeedANewSession(t *testing.T) {
	t.Parallel()
	f, m := newFake(t), newMemory()
	r := f.prepare(t, m).start()
	f.accept(t).ready("S", "")
	r.freshened(1)
	_ = r.stop()
	r = f.prepare(t, m)
	r.o.Intents = 1
	r.start()
	f.accept(t).ready("T", "")
	r.freshened(1)
}
