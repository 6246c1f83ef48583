package sessions

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/redis/go-redis/v9"
)

// ledgerLimit is how many records a partition keeps; Redis drops the oldest by
// the hundred, as is cheapest. In the eight partitions of a shared lane that
// is three weeks of a thousand questions a day with four records each, in
// 12 MB: a record of 113 bytes takes 152 in Redis 7 by MEMORY USAGE.
const ledgerLimit = 10_000

// ledgerBatch is how many records of one partition are in memory at a time.
const ledgerBatch = 128

// A Record says what became of somebody's question, for those who keep the
// guide. Records are added and never changed; old ones are dropped when there
// are about 10,000 in a partition. They outlive sessions, [Store.Remove] and
// [Store.Purge], so they hold nothing of a person, a team, a conversation or
// what was written.
type Record struct {
	// At is when the record was committed, by Redis's clock, in UTC and ms. The
	// commit sets it.
	At time.Time `json:"at,omitzero"`

	// Question ties the records of one problem together. It must be opaque:
	// not the ID of a message or conversation, and nothing that could be
	// computed from one without a secret.
	Question string `json:"question"`

	Event  string `json:"event"`            // what happened, one of the caller's few words, such as helped
	Topic  string `json:"topic,omitempty"`  // ID of the entry that it was about
	Step   int    `json:"step,omitempty"`   // number of the step that was shown last; 0 before the first
	Reason string `json:"reason,omitempty"` // why, one of the caller's few words
}

// Ledger reads the records of a lane that were committed at since or later, in
// order of time; those of one conversation are in the order of their commits.
// It asks Redis for 128 records of a partition at a time, when they are needed.
// What is committed while it reads may be missing. An error is the last that it
// yields; ctx bounds the whole.
func (s *Store) Ledger(ctx context.Context, l Lane, since time.Time) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		parts := make([]*ledger, l.partitions())
		for n := range parts {
			parts[n] = &ledger{store: s, lane: l, key: l.keys(n).ledger(), from: ledgerStart(since)}
		}
		for {
			next, err := earliest(ctx, parts)
			if err != nil {
				yield(Record{}, fmt.Errorf("sessions: read ledger of %q: %w", l.Name, err))
				return
			}
			if next == nil || !yield(next.pop(), nil) {
				return
			}
		}
	}
}

// ledgerStart returns the first entry ID that is not before since.
func ledgerStart(since time.Time) string {
	return entryID{ms: uint64(max(0, ceilMilli(since)))}.String()
}

// earliest returns the partition whose next record comes first, or nil if there is
// none left.
func earliest(ctx context.Context, parts []*ledger) (*ledger, error) {
	var first *ledger
	for _, p := range parts {
		if err := p.fill(ctx); err != nil {
			return nil, err
		}
		if len(p.read) > 0 && (first == nil || first.read[0].id.after(p.read[0].id)) {
			first = p
		}
	}
	return first, nil
}

// A ledger is what one [Store.Ledger] knows of a partition.
type ledger struct {
	store *Store
	lane  Lane
	key   string
	from  string // where to read on, in XRANGE's terms
	ended bool   // nothing is left behind read
	read  []ledgerEntry
}

type ledgerEntry struct {
	id     entryID
	record Record
}

// pop takes the next record out.
func (l *ledger) pop() Record {
	r := l.read[0].record
	l.read = l.read[1:]
	return r
}

// fill reads on when nothing is left of what was read. An entry that no commit
// of ours made is skipped.
func (l *ledger) fill(ctx context.Context) error {
	for len(l.read) == 0 && !l.ended {
		messages, err := l.store.client.XRangeN(ctx, l.key, l.from, "+", ledgerBatch).Result()
		if err != nil {
			return err
		}
		l.ended = len(messages) < ledgerBatch
		for _, m := range messages {
			l.from = "(" + m.ID
			e, err := decodeRecord(m)
			if err != nil {
				l.store.log.Warn("an entry of the ledger is no record", "adapter", l.lane.Name, "err", err)
				continue
			}
			l.read = append(l.read, e)
		}
	}
	return nil
}

// encodeRecord is the inverse of decodeRecord, except for the time, which is
// the ID of the entry.
func encodeRecord(r Record) ([]byte, error) {
	r.At = time.Time{}
	return json.Marshal(r)
}

// decodeRecord reads the field that the commit script writes.
func decodeRecord(m redis.XMessage) (ledgerEntry, error) {
	id, err := parseEntryID(m.ID)
	if err != nil {
		return ledgerEntry{}, err
	}
	e := ledgerEntry{id: id}
	data, _ := m.Values["d"].(string)
	if err := json.Unmarshal([]byte(data), &e.record); err != nil {
		return ledgerEntry{}, fmt.Errorf("decode record %s: %w", id, err)
	}
	e.record.At = time.UnixMilli(int64(id.ms)).UTC()
	return e, nil
}
