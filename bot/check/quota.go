package check

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The limits of a [Quota]. A run is one request with a key and a few
// connections without one.
const (
	// maxRunning bounds the runs at one time: 16 runs of at most 5 s each
	// hold some 50 sockets and, with their capped bodies, a few megabytes.
	maxRunning = 16

	// slotTime is the deadline of a run, after which every slot is free.
	slotTime = 5 * time.Second

	// A user can look at every target of a large configuration at once and
	// again after mending something, but not search for a valid key.
	userEvery, userBurst = 6 * time.Second, 10

	// An API sees no more of the bot than of one patient client: most free
	// plans allow 60 requests a minute.
	targetEvery, targetBurst = time.Second, 10

	// All together; what several targets at one provider may add up to.
	globalEvery, globalBurst = 200 * time.Millisecond, 32

	// A target that broke tripAfter times in a row is left alone for restTime.
	// An API that comes back is noticed before people have read the answer.
	tripAfter, restTime = 5, 30 * time.Second

	// forgetAfter is when a user's bucket is full again, and so as good as none.
	forgetAfter = userBurst * userEvery
)

// Why a run may not start now; the Why of a [BusyError].
const (
	UserLimit   = "user"    // the user has started many runs
	TargetLimit = "target"  // the target has been run against often
	GlobalLimit = "global"  // all users together have started many runs
	Running     = "running" // as many runs as there may be are running
	Resting     = "resting" // the target keeps failing; see [Quota.Last]
)

// A BusyError says that a run may not start now.
type BusyError struct {
	After  time.Duration // when to try again; above zero
	Target string        // of the names that were asked for, at which it failed
	Why    string        // one of UserLimit, TargetLimit, GlobalLimit, Running and Resting
}

// Error tells for whom, and how long to wait.
func (e *BusyError) Error() string {
	return fmt.Sprintf("check: busy (%s), try again in %v", e.Why, (e.After + time.Second - 1).Truncate(time.Second))
}

// A Quota keeps the bot from being a weapon: it limits the runs per user, per
// target and in all, and lets a target rest that keeps failing. It keeps user
// IDs in memory only, for a minute or two. Its methods are safe for concurrent
// use and never wait.
type Quota struct {
	mu      sync.Mutex
	running int
	all     *rate.Limiter
	users   map[string]*userQuota
	targets map[string]*targetQuota
	swept   time.Time
}

type userQuota struct {
	limit *rate.Limiter
	last  time.Time
}

// NewQuota returns a Quota of which nothing is used.
func NewQuota() *Quota {
	return &Quota{
		all:     rate.NewLimiter(rate.Every(globalEvery), globalBurst),
		users:   map[string]*userQuota{},
		targets: map[string]*targetQuota{},
		swept:   time.Now(),
	}
}

// Allow asks for a run against the [Target] of that name; see [Quota.AllowAll].
func (q *Quota) Allow(user, target string) (done func(Report), err error) {
	dones, err := q.AllowAll(user, []string{target})
	if err != nil {
		return nil, err
	}
	return dones[0], nil
}

// AllowAll asks for one run against all targets of those names on behalf of a
// user, whose ID must be unique across platforms. If it may start, it returns a
// function for each target that must be called when the run is over, with its
// Report, or the zero Report of a run that came to nothing; more calls do
// nothing. Otherwise the error is a [*BusyError], and nothing of anybody's share
// is used.
func (q *Quota) AllowAll(user string, targets []string) (dones []func(Report), err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	q.sweep(now)
	u := q.user(user)
	for _, name := range targets {
		t := q.target(name)
		err := t.resting(now)
		if err == nil {
			err = q.busy(u, t, now)
		}
		if busy, ok := errors.AsType[*BusyError](err); ok {
			busy.Target = name
			return nil, busy
		}
	}
	slot := &sync.Once{} // all targets of a run share one
	for _, name := range targets {
		t := q.target(name)
		report, err := t.start()
		if err != nil {
			for _, done := range dones {
				defer done(Report{}) // once the lock is free
			}
			return nil, err
		}
		t.limit.AllowN(now, 1)
		dones = append(dones, q.once(t, report, slot))
	}
	q.all.AllowN(now, 1)
	u.limit.AllowN(now, 1)
	u.last, q.users[user] = now, u
	q.running++
	return dones, nil
}

// once returns the function that ends the run against a target. The first to end
// frees the run's slot.
func (q *Quota) once(t *targetQuota, report func(error), slot *sync.Once) func(Report) {
	var once sync.Once
	return func(r Report) {
		once.Do(func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			slot.Do(func() { q.running-- })
			t.done(r, report)
		})
	}
}

// busy returns why a run may not start, with the longest wait first.
func (q *Quota) busy(u *userQuota, t *targetQuota, now time.Time) error {
	worst := BusyError{}
	for _, l := range []struct {
		why   string
		limit *rate.Limiter
	}{{UserLimit, u.limit}, {TargetLimit, t.limit}, {GlobalLimit, q.all}} {
		if after := wait(l.limit, now); after > worst.After {
			worst = BusyError{After: after, Why: l.why}
		}
	}
	if worst.After == 0 && q.running >= maxRunning {
		worst = BusyError{After: slotTime, Why: Running}
	}
	if worst.After == 0 {
		return nil
	}
	return &worst
}

// wait returns how long until l has a token; 0 if it has one.
func wait(l *rate.Limiter, now time.Time) time.Duration {
	missing := 1 - l.TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing / float64(l.Limit()) * float64(time.Second))
}

// user returns a user's share. It is kept only once a run has started, so
// that the memory for users is bounded by the global limit.
func (q *Quota) user(id string) *userQuota {
	if u, ok := q.users[id]; ok {
		return u
	}
	return &userQuota{limit: rate.NewLimiter(rate.Every(userEvery), userBurst)}
}

// sweep forgets users who have their whole share again.
func (q *Quota) sweep(now time.Time) {
	if now.Sub(q.swept) < forgetAfter {
		return
	}
	q.swept = now
	for id, u := range q.users {
		if now.Sub(u.last) >= forgetAfter {
			delete(q.users, id)
		}
	}
}

func (q *Quota) target(name string) *targetQuota {
	t, ok := q.targets[name]
	if !ok {
		t = newTargetQuota()
		q.targets[name] = t
	}
	return t
}

// Last returns what the last run against the target of that name found out
// about the API, and when: to tell those who must wait because it is
// [Resting]. It has no row about a key, since another user's was tried. ok is
// false if no run has ended yet.
func (q *Quota) Last(target string) (r Report, at time.Time, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t, ok := q.targets[target]
	if !ok || t.at.IsZero() {
		return Report{}, time.Time{}, false
	}
	return t.last, t.at, true
}
