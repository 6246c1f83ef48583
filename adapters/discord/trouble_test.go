package discord_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"apihelp/adapters/discord"
	"apihelp/adapters/discord/discordtest"
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

func TestWhatDiscordRefusesForGoodEndsTheAdapterWithAdvice(t *testing.T) {
	r := newRig(t, discordtest.Options{})
	r.expected = "401"
	o := r.options()
	o.Token = "MTIz.wrong.token"
	a, err := discord.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err = a.Run(ctx, func(context.Context, bot.Message) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "Developer Portal") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("got %v, want what to do, without the token", err)
	}
}

func TestStormsOfRefusalsEndInOneAnswer(t *testing.T) {
	for name, fault := range map[string]discordtest.Fault{
		"429":       {Times: 3, Status: 429, RetryAfter: 100 * time.Millisecond},
		"502":       {Times: 2, Status: 502},
		"html":      {Times: 2, Status: 503, HTML: true},
		"cut":       {Times: 2, Cut: true},
		"after all": {Times: 1, Cut: true, AfterEffect: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, discordtest.Options{})
			r.run(r.options())
			r.Fail("POST /channels/{}/messages", fault)
			g := r.Guild("acme")
			m := g.User("ann").Say(g.Channel("help"), "@apihelp getting a 503")
			contains(t, r.thread(m, 1)[0].Plain(), "503: Service Unavailable")
			g.User("ann").SayIn(m.Thread(), "@apihelp getting a 404")
			r.thread(m, 2)
			if n := len(r.thread(m, 2)); n != 2 {
				t.Errorf("got %d answers, want 2", n)
			}
		})
	}
}

func TestLimitsOfRoutesAreKept(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.RateLimit(true)
	r.run(r.options())
	g := r.Guild("acme")
	ann := g.User("ann")
	for range 7 {
		ann.DM("getting a 503")
	}
	r.says(ann.DMs, 7)
}

func TestWithoutRedisItStillAnswers(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	redis := r.withRedis()
	b := r.run(r.options())
	g := r.Guild("acme")
	ann := g.User("ann")
	ann.DM("getting a 404")
	r.says(ann.DMs, 1)
	redis.Close()
	ann.DM("getting a 503")
	contains(t, r.says(ann.DMs, 2)[1].Plain(), "503: Service Unavailable")
	r.until("a degraded health", func() bool { return b.Health().Degraded })
}

func TestAServerThatIsLeftIsForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	redis := r.withRedis()
	r.run(r.options())
	g, other := r.Guild("acme"), r.Guild("other")
	for _, s := range []*discordtest.Guild{g, other} {
		m := s.User("ann").Say(s.Channel("help"), "@apihelp getting a 503")
		r.thread(m, 1)
	}
	g.Leave()
	r.until("nothing kept of it", func() bool { return !strings.Contains(redis.Dump(), "session:discord:"+g.ID+":") })
	if !strings.Contains(redis.Dump(), "session:discord:"+other.ID+":") {
		t.Error("the other server is forgotten as well")
	}
}

func TestAPastedKeyLeavesNoTrace(t *testing.T) {
	const key = "sk_live_51Hq8bQ2eZvKYlo2CplantedKey"
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		redis := r.withRedis()
		r.run(r.options())
		g := r.Guild("acme")
		ann, help := g.User("ann"), g.Channel("help")
		m := ann.Say(help, "@apihelp invalid api key, I send Authorization: Bearer "+key)
		i := ann.Command(help, "apihelp", map[string]string{"question": "invalid api key " + key})
		if err := i.Err(); err != nil {
			t.Fatal(err)
		}
		ann.Edit(m, "@apihelp invalid api key: "+key+" and "+key)
		answer := r.thread(m, 1)[0]
		r.until("an answer", func() bool { o := i.Original(); return o != nil && reads(o, "Invalid API Key") })
		for where, text := range map[string]string{"log": r.log.String(), "redis": redis.Dump(), "answer": answer.Plain(), "whisper": i.Original().Plain()} {
			if strings.Contains(text, "51Hq8bQ2eZvKYlo2C") {
				t.Errorf("the key is in the %s", where)
			}
		}
	})
}

func TestInteractionsOverHTTPMustBeSigned(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.http = true
	r.run(r.options())
	if err := r.Verify(t.Context(), r.web); err != nil {
		t.Error(err)
	}
	for name, tt := range map[string]struct {
		at    time.Time
		right bool
		want  int
	}{
		"wrong":           {time.Now(), false, http.StatusUnauthorized},
		"too old":         {time.Now().Add(-6 * time.Minute), true, http.StatusUnauthorized},
		"from the future": {time.Now().Add(6 * time.Minute), true, http.StatusUnauthorized},
		"right":           {time.Now(), true, http.StatusOK},
	} {
		got, _, err := r.Sign(t.Context(), r.web, []byte(`{"type":1}`), tt.at, tt.right)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %d, %v, want %d", name, got, err, tt.want)
		}
	}
	got, _, err := r.Sign(t.Context(), r.web, bytes.Repeat([]byte(" "), 2<<20), time.Now(), true)
	if err != nil || got != http.StatusRequestEntityTooLarge {
		t.Errorf("2 MB: got %d, %v", got, err)
	}
}

func TestARestartLosesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	first := r.run(r.options())
	g := r.Guild("acme")
	ann := g.User("ann")
	r.thread(ann.Say(g.Channel("help"), "@apihelp getting a 503"), 1)
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	asked := ann.Say(g.Channel("help"), "@apihelp getting a 404") // nobody is there
	r.run(r.options())
	contains(t, r.thread(asked, 1)[0].Plain(), "404: Not Found")
	if s := r.Sessions(); len(s) != 1 || s[0].Resumes == 0 {
		t.Errorf("got %+v, want one session, resumed", s)
	}
}

func TestWhatASessionThatIsLostMissedIsReadAfterwards(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	first := r.run(r.options())
	g := r.Guild("acme")
	ann := g.User("ann")
	r.thread(ann.Say(g.Channel("help"), "@apihelp getting a 503"), 1)
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	asked := ann.Say(g.Channel("help"), "@apihelp getting a 404")
	r.RefuseResume(true)
	r.run(r.options())
	contains(t, r.thread(asked, 1)[0].Plain(), "404: Not Found")
}

func TestTwoReplicasAnswerOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{})
	r.run(r.options())
	r.run(r.options()) // waits for the lease of the only shard
	g := r.Guild("acme")
	var asked []*discordtest.Message
	for range 20 {
		asked = append(asked, g.User("ann").Say(g.Channel("help"), "@apihelp getting a 503"))
	}
	for _, m := range asked {
		if n := len(r.thread(m, 1)); n != 1 {
			t.Errorf("got %d answers, want 1", n)
		}
	}
}

func TestAnIdlePostIsRemindedAndArchived(t *testing.T) {
	t.Parallel()
	r := newRig(t, discordtest.Options{Content: true})
	g := r.Guild("acme")
	forum := g.Forum("support")
	o := r.options()
	o.Forums, o.Idle = []string{forum.ID}, 480*time.Millisecond
	g.Permit(g.User("apihelp"), "MANAGE_THREADS")
	r.run(o)
	post := g.User("ann").Post(forum, "it broke", "our worker logs CONN_RESET")
	contains(t, r.says(post.Messages, 2)[1].Plain(), "Is this still open?")
	r.until("the archive", func() bool { return post.Now().Archived })
	if post.Now().Locked {
		t.Error("the post is locked")
	}
}

func TestDetailsCanBeAdded(t *testing.T) {
	both(t, discordtest.Options{}, func(t *testing.T, r *rig) {
		r.run(r.options())
		g := r.Guild("acme")
		ann := g.User("ann")
		m := ann.Say(g.Channel("help"), "@apihelp it is all very strange today")
		i := ann.Press(r.thread(m, 1)[0], "Add details")
		if err := i.Err(); err != nil {
			t.Fatal(err)
		}
		contains(t, i.Modal().Plain(), "What happens, and since when?")
		if err := ann.Submit(i, map[string]string{"details": "getting a 503"}).Err(); err != nil {
			t.Fatal(err)
		}
		contains(t, r.thread(m, 2)[1].Plain(), "503: Service Unavailable")
	})
}
