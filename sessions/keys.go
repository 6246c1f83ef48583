package sessions

import (
	"hash/crc32"
	"net/url"
	"strconv"
)

// sharedPartitions is into how many partitions a shared lane is divided, so
// that a Cluster spreads it. It is part of every key: changing it would orphan
// the sessions and replies that are kept.
const sharedPartitions = 8

// A Lane is where replies wait for whoever can deliver them. Its name tells it
// from the others, so two lanes must not differ in Local only.
//
// A shared lane (Local false) is served by any replica. A Local lane belongs
// to a place that only one process at a time can reach, such as a terminal:
// the newest process there takes it over at once.
type Lane struct {
	Name  string
	Local bool
}

// partitions returns how many partitions the lane has.
func (l Lane) partitions() int {
	if l.Local {
		return 1
	}
	return sharedPartitions
}

// keys returns the keys of partition n.
func (l Lane) keys(n int) partitionKeys {
	// Escaping keeps braces out of the hash tag; what follows the last dot
	// is the number, so no two partitions share a tag.
	return partitionKeys("apihelp:{" + url.PathEscape(l.Name) + "." + strconv.Itoa(n) + "}:")
}

// A Key names a session: a conversation in a lane. Both may be any text.
type Key struct {
	Lane         Lane
	Conversation string
}

// keys returns the keys of the partition that the conversation belongs to.
func (k Key) keys() partitionKeys {
	sum := crc32.ChecksumIEEE([]byte(k.Conversation))
	return k.Lane.keys(int(sum % uint32(k.Lane.partitions())))
}

// partitionKeys is what the Redis keys of one partition begin with. They share
// a hash tag, so one script may use all of them on a Cluster.
type partitionKeys string

func (p partitionKeys) session(conversation string) string {
	return string(p) + "session:" + conversation
}
func (p partitionKeys) outbox() string { return string(p) + "outbox" }
func (p partitionKeys) lease() string  { return string(p) + "lease" }
func (p partitionKeys) due() string    { return string(p) + "due" }
func (p partitionKeys) ledger() string { return string(p) + "ledger" }
