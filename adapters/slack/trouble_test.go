package slack_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"apihelp/adapters/slack"
	"apihelp/adapters/slack/slacktest"
	"apihelp/bot"
	"apihelp/sessions"
)

// withRedis gives the rig a Redis that the test can look into and stop.
func (r *rig) withRedis() *miniredis.Miniredis {
	r.t.Helper()
	redis := miniredis.RunT(r.t)
	if err := r.store.Close(); err != nil {
		r.t.Fatal(err)
	}
	store, err := sessions.Open(sessions.Options{URL: "redis://" + redis.Addr()})
	if err != nil {
		r.t.Fatal(err)
	}
	r.store = store
	return redis
}

func TestTwoReplicasAnswerOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	r.run(r.options())
	r.run(r.options())
	w := r.Workspace("T1")
	ann, general := w.User("ann"), w.Channel("general")
	var asked []*slacktest.Message
	for range 30 {
		asked = append(asked, ann.Say(general, "@apihelp getting a 503"))
		r.Twice() // to whichever socket
		r.Redeliver(2)
	}
	for _, m := range asked {
		r.thread(m, 1)
	}
	r.settled()
	for i, m := range asked {
		if n := len(m.Thread()); n != 1 {
			t.Errorf("question %d: got %d answers, want 1", i, n)
		}
	}
}

func TestCutSocketsLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	r.expected = "acknowledged later than" // a loaded machine may; this is about what arrives
	r.run(r.options())
	w := r.Workspace("T1")
	const n = 500
	asked := make([]*slacktest.Message, n)
	for i := range asked {
		asked[i] = w.User(fmt.Sprint("u", i%20)).Say(w.Channel(fmt.Sprint("c", i%20)), "@apihelp getting a 503")
		switch i % 100 {
		case 30:
			r.CutSockets()
		case 60:
			r.Disconnect("refresh_requested")
		case 80:
			r.Inject([]byte(`{"type":"events_api","envelope_id":`))
			r.Inject([]byte(`{"type":"unheard_of","envelope_id":"x","payload":{}}`))
			r.InjectBinary([]byte{0, 1, 2, 255})
		}
	}
	for _, m := range asked {
		r.thread(m, 1)
	}
	r.settled()
	for i, m := range asked {
		if got := len(m.Thread()); got != 1 {
			t.Errorf("question %d: got %d answers, want 1", i, got)
		}
	}
}

func TestASilentSocketIsReplaced(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{Ping: 50 * time.Millisecond})
	o := r.options()
	o.Silence = 400 * time.Millisecond
	r.run(o)
	r.Mute(true)
	w := r.Workspace("T1")
	m := w.User("ann").Say(w.Channel("general"), "@apihelp getting a 503")
	contains(t, r.thread(m, 1)[0].Plain(), "503: Service Unavailable")
}

func TestStormsOfRefusalsEndInOneAnswer(t *testing.T) {
	for name, fault := range map[string]slacktest.Fault{
		"429":           {Times: 3, RetryAfter: time.Second},
		"500":           {Times: 2, Status: 500},
		"html":          {Times: 2, HTML: true},
		"cut":           {Times: 2, Cut: true},
		"internal":      {Times: 2, Error: "internal_error"},
		"blocks":        {Times: 1, Error: "invalid_blocks"},
		"ok without ts": {Times: 1, Error: "fatal_error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, slacktest.Options{})
			r.run(r.options())
			r.Fail("chat.postMessage", fault)
			w := r.Workspace("T1")
			m := w.User("ann").Say(w.Channel("general"), "@apihelp getting a 503 & <b>")
			got := r.thread(m, 1)[0]
			contains(t, got.Plain(), "503: Service Unavailable")
			if name == "blocks" && len(got.Blocks) > 2 && !bytes.Contains(got.Blocks, []byte(`"rich_text"`)) {
				t.Errorf("got blocks %s, want text alone", got.Blocks)
			}
			r.settled()
			if n := len(m.Thread()); n != 1 {
				t.Errorf("got %d answers, want 1", n)
			}
		})
	}
}

func TestThePaceOfAChannelIsKept(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	r.RateLimit(true)
	o := r.options()
	o.Pace = 0 // Slack's own
	r.run(o)
	w := r.Workspace("T1")
	ann, general := w.User("ann"), w.Channel("general")
	var asked []*slacktest.Message
	for range 6 {
		asked = append(asked, ann.Say(general, "@apihelp getting a 503"))
	}
	for _, m := range asked {
		r.thread(m, 1)
	}
}

func TestWithoutRedisItStillAnswersAndSaysSo(t *testing.T) {
	both(t, slacktest.Options{}, func(t *testing.T, r *rig) {
		redis := r.withRedis()
		b := r.run(r.options())
		redis.Close()
		w := r.Workspace("T1")
		ann := w.User("ann")
		m := ann.Say(w.Channel("general"), "@apihelp getting a 503")
		contains(t, r.thread(m, 1)[0].Plain(), "503: Service Unavailable")
		r.until("a degraded health", func() bool { return b.Health().Degraded })
		ann.Slash(w.Channel("general"), "getting a 403")
		r.until("an answer to the command", func() bool { return len(ann.Ephemerals()) == 1 })
		r.Twice()
		r.settled()
		if n := len(m.Thread()); n != 1 {
			t.Errorf("got %d answers, want 1", n)
		}
	})
}

func TestAPastedKeyLeavesNoTrace(t *testing.T) {
	const key = "sk_live_51Hq8bQ2eZvKYlo2CplantedKey"
	both(t, slacktest.Options{History: true}, func(t *testing.T, r *rig) {
		redis := r.withRedis()
		r.run(r.options())
		w := r.Workspace("T1")
		ann, general := w.User("ann"), w.Channel("general")
		m := ann.Say(general, "@apihelp invalid api key, I send Authorization: Bearer "+key)
		ann.Slash(general, "invalid api key "+key)
		ann.DM("my key " + key + " is not accepted")
		ann.Edit(m, "@apihelp invalid api key: "+key+" and "+key)
		r.thread(m, 1)
		r.until("answers", func() bool { return len(ann.Ephemerals()) >= 2 && len(ann.DMs()) >= 3 }) // each with a remark on the key
		r.settled()
		seen := map[string]string{"log": r.log.String(), "redis": redis.Dump()}
		for i, said := range append(append(general.Messages(), ann.DMs()...), ann.Ephemerals()...) {
			if said.BotID != "" {
				seen[fmt.Sprint("reply ", i)] = said.Text + string(said.Blocks)
			}
		}
		for where, text := range seen {
			if strings.Contains(text, "51Hq8bQ2eZvKYlo2C") {
				t.Errorf("the key is in the %s", where)
			}
		}
	})
}

func TestATokenThatIsRefusedEndsTheAdapterWithAdvice(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	for name, change := range map[string]func(*slack.Options){
		"app token": func(o *slack.Options) { o.AppToken = "xapp-1-wrong" },
		"bot token": func(o *slack.Options) { o.AppToken, o.SigningSecret, o.BotToken = "", "s", "xoxb-wrong" },
	} {
		o := r.options()
		change(&o)
		a, err := slack.New(o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		err = a.Run(ctx, func(context.Context, bot.Message) error { return nil })
		cancel()
		if err == nil || !strings.Contains(err.Error(), "token") || strings.Contains(err.Error(), "wrong") {
			t.Errorf("%s: got %v, want what to do about the token, without it", name, err)
		}
	}
}

func TestARefusalThatNoRetryMendsEndsTheAdapter(t *testing.T) {
	r := newRig(t, slacktest.Options{})
	r.Fail("apps.connections.open", slacktest.Fault{Times: -1, Error: "forbidden_team"})
	a, err := slack.New(r.options())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err = a.Run(ctx, func(context.Context, bot.Message) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "forbidden_team") || ctx.Err() != nil {
		t.Errorf("got %v, want forbidden_team at once", err)
	}
}

func TestHealthSaysThatSlackIsOutOfReach(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	b := r.run(r.options())
	r.until("both sockets", func() bool { return strings.Count(r.log.String(), "socket open") == 2 })
	r.Fail("apps.connections.open", slacktest.Fault{Times: -1, Error: "internal_error"})
	r.CutSockets()
	r.until("a health that says so", func() bool { return strings.Contains(b.Health().Adapters[slack.Name], "not connected: internal_error") })
	r.Heal("apps.connections.open")
	r.until("a health that is well", func() bool { return b.Health().Adapters[slack.Name] == "ok" })
}

func TestSettingsThatCannotWorkAreNamed(t *testing.T) {
	for _, tt := range []struct {
		o    slack.Options
		want []string
	}{
		{slack.Options{}, []string{"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"}},
		{slack.Options{BotToken: "xoxb-1"}, []string{"SLACK_SIGNING_SECRET"}},
		{slack.Options{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: "https://slack-gov.com/api"}, []string{"https://slack-gov.com/api/"}},
	} {
		_, err := slack.New(tt.o)
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: got %v, want %s", tt.o, err, want)
			}
		}
	}
}

func TestOnlySignedRequestsAreTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t, slacktest.Options{})
	r.http = true
	r.run(r.options())
	if err := r.VerifyURL(); err != nil {
		t.Error(err)
	}
	if err := r.CheckSSL(); err != nil {
		t.Logf("unsigned ssl_check: %v", err)
	}
	w := r.Workspace("T1")
	m := w.User("ann").Say(w.Channel("general"), "@apihelp getting a 503")
	r.thread(m, 1)
	body := r.LastEvent()
	send := func(at time.Time, forge func(*http.Request)) int {
		t.Helper()
		req, err := r.Request("/slack/events", "application/json", body, at)
		if err != nil {
			t.Fatal(err)
		}
		forge(req)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		_, _ = io.Copy(io.Discard, resp.Body)
		return resp.StatusCode
	}
	for name, tt := range map[string]struct {
		at    time.Time
		forge func(*http.Request)
		want  int
	}{
		"a replay within five minutes": {time.Now(), func(*http.Request) {}, http.StatusOK},
		"six minutes old":              {time.Now().Add(-6 * time.Minute), func(*http.Request) {}, http.StatusUnauthorized},
		"from the future":              {time.Now().Add(6 * time.Minute), func(*http.Request) {}, http.StatusUnauthorized},
		"no signature":                 {time.Now(), func(q *http.Request) { q.Header.Del("X-Slack-Signature") }, http.StatusUnauthorized},
		"another body":                 {time.Now(), func(q *http.Request) { q.Body = io.NopCloser(strings.NewReader("{}")); q.ContentLength = 2 }, http.StatusUnauthorized},
		"too long":                     {time.Now(), func(q *http.Request) { q.Body = io.NopCloser(io.LimitReader(zeros{}, 5<<20)); q.ContentLength = -1 }, http.StatusRequestEntityTooLarge},
	} {
		if got := send(tt.at, tt.forge); got != tt.want {
			t.Errorf("%s: got %d, want %d", name, got, tt.want)
		}
	}
	r.settled()
	if n := len(m.Thread()); n != 1 {
		t.Errorf("got %d answers, want 1 in spite of the replay", n)
	}
}

type zeros struct{}

// Read implements [io.Reader].
func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
