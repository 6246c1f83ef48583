package sessions_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"apihelp/sessions"
)

// turn is what one message costs in Redis.
func turn(b *testing.B, s *sessions.Store, k sessions.Key, c sessions.Change) {
	sess, err := s.Load(b.Context(), k)
	if err != nil {
		b.Fatal(err)
	}
	sess.Observe("1700000000.000100")
	sess.Talks = []sessions.Talk{{Topic: "connection-timeout-error"}}
	sess.Due = c.Session.Due
	c.Session = sess
	if _, err := s.Commit(b.Context(), k, c); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkTurn is the latency of Load and Commit together, on loopback; it
// must stay below 1 ms in the median.
func BenchmarkTurn(b *testing.B) {
	benchmarkTurn(b, sessions.Change{Replies: [][]byte{make([]byte, 500)}})
}

// BenchmarkTurnWithAlarmAndRecord is the same with all that a commit can do.
func BenchmarkTurnWithAlarmAndRecord(b *testing.B) {
	benchmarkTurn(b, sessions.Change{
		Session: sessions.Session{Due: time.Now().Add(time.Hour)},
		Replies: [][]byte{make([]byte, 500)},
		Records: records("9f8d8d7117d404e4", 1),
	})
}

func benchmarkTurn(b *testing.B, change sessions.Change) {
	s := open(b, sharedURL(b, servers.single))
	l := sessions.Lane{Name: fmt.Sprint(b.Name(), time.Now().UnixNano())}
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		turn(b, s, sessions.Key{Lane: l, Conversation: fmt.Sprint(i % 1000)}, change)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkTurnsSideBySide is what one process can take; 5,000 turns a second
// at least.
func BenchmarkTurnsSideBySide(b *testing.B) {
	s := open(b, sharedURL(b, servers.single))
	change := sessions.Change{Replies: [][]byte{make([]byte, 500)}}
	l := sessions.Lane{Name: fmt.Sprint(b.Name(), time.Now().UnixNano())}
	var n atomic.Int64
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			turn(b, s, sessions.Key{Lane: l, Conversation: fmt.Sprint(n.Add(1))}, change)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
}

// BenchmarkTurnsDelivered is the same with the delivery of every reply by the
// same process.
func BenchmarkTurnsDelivered(b *testing.B) {
	s := open(b, sharedURL(b, servers.single))
	change := sessions.Change{Replies: [][]byte{make([]byte, 500)}}
	l := sessions.Lane{Name: fmt.Sprint(b.Name(), time.Now().UnixNano())}
	var delivered, n atomic.Int64
	run(b, s, l, func(context.Context, sessions.Delivery) error { delivered.Add(1); return nil })
	holds(b, s, l)
	b.ResetTimer()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			turn(b, s, sessions.Key{Lane: l, Conversation: fmt.Sprint(n.Add(1))}, change)
		}
	})
	eventually(b, func() error {
		if got := delivered.Load(); got < int64(b.N) {
			return fmt.Errorf("got %d deliveries, want %d", got, b.N)
		}
		return nil
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
}
