package sessions

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An entry is a reply in the outbox.
type entry struct {
	id           entryID
	conversation string
	payload      string
	foreign      bool // made by no commit of ours: it says nothing that could be delivered
}

// An entryID is the ID of an entry: the time by Redis's clock, in ms, and a
// number. IDs grow in the order of commits.
type entryID struct{ ms, seq uint64 }

func (i entryID) String() string {
	return strconv.FormatUint(i.ms, 10) + "-" + strconv.FormatUint(i.seq, 10)
}

func (i entryID) after(j entryID) bool {
	return i.ms > j.ms || i.ms == j.ms && i.seq > j.seq
}

// age returns for how long the entry has been in the outbox. Redis's clock may
// be ahead of ours; then it is zero.
func (i entryID) age() time.Duration {
	return max(0, time.Since(time.UnixMilli(int64(i.ms))))
}

func parseEntryID(s string) (entryID, error) {
	ms, seq, _ := strings.Cut(s, "-")
	m, err := strconv.ParseUint(ms, 10, 64)
	if err != nil {
		return entryID{}, fmt.Errorf("entry id: %w", err)
	}
	n, err := strconv.ParseUint(seq, 10, 64)
	if err != nil {
		return entryID{}, fmt.Errorf("entry id: %w", err)
	}
	return entryID{m, n}, nil
}

// A batch is what one read of the outbox gave.
type batch struct {
	next    string  // where to claim on; empty if there is nothing left to claim
	entries []entry // in order
}

// decodeBatch reads the answer of the read script.
func decodeBatch(answer []any) (batch, error) {
	if len(answer) != 2 {
		return batch{}, fmt.Errorf("answer of %d parts", len(answer))
	}
	var b batch
	b.next, _ = answer[0].(string)
	if b.next == "0-0" { // Redis begins again, that is, has come to the end
		b.next = ""
	}
	list, _ := answer[1].([]any)
	for _, item := range list {
		pair, _ := item.([]any)
		if len(pair) != 2 {
			continue // claimed, but deleted: Redis 6 says so
		}
		text, _ := pair[0].(string)
		id, err := parseEntryID(text)
		if err != nil {
			return batch{}, err
		}
		b.entries = append(b.entries, decodeEntry(id, pair[1]))
	}
	return b, nil
}

// decodeEntry reads the fields that the commit script writes.
func decodeEntry(id entryID, fields any) entry {
	f, _ := fields.([]any)
	if len(f) != 4 || f[0] != "c" || f[2] != "r" {
		return entry{id: id, foreign: true}
	}
	conversation, ok := f[1].(string)
	payload, ok2 := f[3].(string)
	return entry{id: id, conversation: conversation, payload: payload, foreign: !ok || !ok2}
}
