package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"apihelp/sessions"
	"github.com/google/go-cmp/cmp"
)

// value returns what is on a shelf.
func value(t testing.TB, s *sessions.Shelf, key string) []byte {
	t.Helper()
	got, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func put(t testing.TB, s *sessions.Shelf, key string, value []byte, ttl time.Duration) {
	t.Helper()
	if err := s.Put(t.Context(), key, value, ttl); err != nil {
		t.Fatal(err)
	}
}

func testShelfRoundTrip(t *testing.T, s *sessions.Store) {
	shelf := s.Shelf(t.Name())
	if got := value(t, shelf, "k"); got != nil {
		t.Errorf("never put: got %q, want nil", got)
	}
	for _, want := range [][]byte{[]byte("one"), {0, 0xff, '\n'}, {}} {
		put(t, shelf, "k", want, time.Hour)
		if got := value(t, replica(t, s).Shelf(t.Name()), "k"); !cmp.Equal(got, want) {
			t.Errorf("got %#v, want %#v", got, want)
		}
	}
	put(t, shelf, "k", nil, 0)
	put(t, shelf, "k", nil, 0) // removing is no error where nothing is
	if got := value(t, shelf, "k"); got != nil {
		t.Errorf("removed: got %q, want nil", got)
	}
}

func testShelfExpiry(t *testing.T, s *sessions.Store) {
	shelf, ctx := s.Shelf(t.Name()), t.Context()
	put(t, shelf, "k", []byte("v"), 0)
	if ttl := s.Client().TTL(ctx, sessions.ValueKey(shelf, "k")).Val(); ttl != -1 {
		t.Errorf("for ever: got %v to live, want -1ns", ttl)
	}
	put(t, shelf, "k", []byte("v"), time.Hour)
	if ttl := s.Client().TTL(ctx, sessions.ValueKey(shelf, "k")).Val(); ttl < 59*time.Minute || ttl > time.Hour {
		t.Errorf("for an hour: got %v to live", ttl)
	}
	put(t, shelf, "k", []byte("v"), time.Millisecond)
	eventually(t, func() error {
		if got, err := shelf.Get(ctx, "k"); got != nil || err != nil {
			return fmt.Errorf("got %q, %v, want it expired", got, err)
		}
		return nil
	})
	put(t, shelf, "k", []byte("v"), 0)
	put(t, shelf, "k", []byte("w"), -1)
	if got := value(t, shelf, "k"); got != nil {
		t.Errorf("already over: got %q, want nil", got)
	}
}

func testShelvesApart(t *testing.T, s *sessions.Store) {
	places := map[string]*sessions.Shelf{}
	for _, owner := range []string{"", "a", "a}", "{a", "a}:lock", "ä b"} {
		places[owner] = s.Shelf(t.Name() + owner)
	}
	for owner, shelf := range places {
		for _, key := range []string{"", "a", "a}:a", "lock:a", "{"} {
			put(t, shelf, key, []byte(owner+"/"+key), time.Hour)
		}
	}
	for owner, shelf := range places {
		err := shelf.Lock(t.Context(), "a", func(context.Context) error {
			for _, key := range []string{"", "a", "a}:a", "lock:a", "{"} {
				if got, want := string(value(t, shelf, key)), owner+"/"+key; got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func testLockExcludes(t *testing.T, s *sessions.Store) {
	const holders, times = 4, 5
	var wg sync.WaitGroup
	for range holders {
		shelf := sessions.QuickShelf(replica(t, s), t.Name())
		wg.Go(func() {
			for range times {
				err := shelf.Lock(t.Context(), "k", func(ctx context.Context) error {
					old, err := shelf.Get(ctx, "n")
					n, _ := strconv.Atoi(string(old))
					return errors.Join(err, shelf.Put(ctx, "n", []byte(strconv.Itoa(n+1)), time.Hour))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got, want := string(value(t, s.Shelf(t.Name()), "n")), strconv.Itoa(holders*times); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func testLockWaitEnds(t *testing.T, s *sessions.Store) {
	shelf, other := sessions.QuickShelf(s, t.Name()), sessions.QuickShelf(replica(t, s), t.Name())
	err := shelf.Lock(t.Context(), "k", func(ctx context.Context) error {
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		err := other.Lock(short, "k", func(context.Context) error {
			t.Error("two holders at once")
			return nil
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
		return other.Lock(ctx, "another", func(context.Context) error { return nil })
	})
	if err != nil {
		t.Error(err)
	}
	failed := errors.New("failed")
	if err := other.Lock(t.Context(), "k", func(context.Context) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("got %v, want what do returned", err)
	}
}

// testLockIsKept also covers do that goes on after its context is done.
func testLockIsKept(t *testing.T, s *sessions.Store) {
	shelf := sessions.QuickShelf(s, t.Name())
	name := sessions.LockKey(shelf, "k")
	ctx, cancel := context.WithCancel(t.Context())
	err := shelf.Lock(ctx, "k", func(ctx context.Context) error {
		cancel()
		<-ctx.Done()
		for range 2 {
			before := s.Client().PTTL(t.Context(), name).Val()
			if err := s.Client().PExpire(t.Context(), name, before*3/4).Err(); err != nil {
				return err
			}
			eventually(t, func() error {
				if left := s.Client().PTTL(t.Context(), name).Val(); left <= before*3/4 {
					return fmt.Errorf("got %v left, want it renewed", left)
				}
				return nil
			})
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if n := s.Client().Exists(t.Context(), name).Val(); n != 0 {
		t.Error("the lock outlives do")
	}
}

func testLockOfTheDead(t *testing.T, s *sessions.Store) {
	victim := replica(t, s)
	dead, heir := sessions.QuickShelf(victim, t.Name()), sessions.QuickShelf(s, t.Name())
	err := dead.Lock(t.Context(), "k", func(ctx context.Context) error {
		victim.Crash()
		return heir.Lock(t.Context(), "k", func(context.Context) error {
			select {
			case <-ctx.Done():
			default:
				t.Error("the heir has the lock before the dead holder knows that it is lost")
			}
			return nil
		})
	})
	if !errors.Is(err, sessions.ErrLockLost) {
		t.Errorf("got %v, want %v", err, sessions.ErrLockLost)
	}
}

func testStolenLock(t *testing.T, s *sessions.Store) {
	shelf := sessions.QuickShelf(s, t.Name())
	name := sessions.LockKey(shelf, "k")
	err := shelf.Lock(t.Context(), "k", func(ctx context.Context) error {
		if err := s.Client().Set(ctx, name, "another", time.Hour).Err(); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	})
	if !errors.Is(err, sessions.ErrLockLost) {
		t.Errorf("got %v, want %v", err, sessions.ErrLockLost)
	}
	if got := s.Client().Get(t.Context(), name).Val(); got != "another" {
		t.Errorf("got a lock of %q, want that of the thief left alone", got)
	}
}
