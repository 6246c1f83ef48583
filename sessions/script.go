package sessions

import "github.com/redis/go-redis/v9"

// Scripts are sent by their hash, and in full only to a Redis that does not
// know them. All keys of one script are in one partition.
type scripts struct {
	commit, remove, disarm     *redis.Script
	read, take, renew, release *redis.Script
}

func newScripts() scripts {
	return scripts{
		commit:  redis.NewScript(commitScript),
		remove:  redis.NewScript(removeScript),
		disarm:  redis.NewScript(disarmScript),
		read:    redis.NewScript(readScript),
		take:    redis.NewScript(takeScript),
		renew:   redis.NewScript(renewScript),
		release: redis.NewScript(releaseScript),
	}
}

// commitScript saves a session, its alarm, replies and records, or answers -1.
// Redis undoes nothing, so what can be refused, for lack of memory or a key of
// another type, is refused before anything has changed: by the first XADD, or
// by asking the keys that come later for their lengths. The alarms live as long
// as the last of their sessions.
//
// KEYS session, outbox, alarms, ledger; ARGV version, TTL in ms, session,
// conversation, due in ms or nothing, limit of the ledger, number of replies,
// reply…, record…
const commitScript = `
if (redis.call('HGET', KEYS[1], 'v') or '0') ~= ARGV[1] then return -1 end
redis.call('ZCARD', KEYS[3])
redis.call('XLEN', KEYS[4])
local records = 8 + tonumber(ARGV[7])
for i = 8, records - 1 do
  redis.call('XADD', KEYS[2], '*', 'c', ARGV[4], 'r', ARGV[i])
end
for i = records, #ARGV do
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[6], '*', 'd', ARGV[i])
end
redis.call('HSET', KEYS[1], 'data', ARGV[3])
local v = redis.call('HINCRBY', KEYS[1], 'v', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if ARGV[5] == '' then
  redis.call('ZREM', KEYS[3], ARGV[4])
else
  redis.call('ZADD', KEYS[3], ARGV[5], ARGV[4])
  if redis.call('PTTL', KEYS[3]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[3], ARGV[2]) end
end
return v
`

// removeScript forgets a session and its alarm.
//
// KEYS session, alarms; ARGV conversation
const removeScript = `
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])
`

// disarmScript forgets the alarm of a session that is gone.
//
// KEYS session, alarms; ARGV conversation
const disarmScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
return redis.call('ZREM', KEYS[2], ARGV[1])
`

// readScript reads from the outbox for the holder of the lease, and answers
// nil to anybody else: a process that was paused and has lost the lease can
// take no reply away from the one that has it, which would break the order.
// With a cursor it claims what was read but not acknowledged, otherwise it
// reads what nobody has read. It makes the group where that is missing, as in
// a new outbox or a Redis that came back empty.
//
// The group has one consumer whoever holds the lease, so none are left behind.
//
// KEYS lease, outbox; ARGV owner, count, cursor; answers {next cursor, entries}
const readScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
local function read()
  if ARGV[3] ~= '' then
    return redis.pcall('XAUTOCLAIM', KEYS[2], 'outbox', 'holder', 0, ARGV[3], 'COUNT', ARGV[2])
  end
  return redis.pcall('XREADGROUP', 'GROUP', 'outbox', 'holder', 'COUNT', ARGV[2], 'STREAMS', KEYS[2], '>')
end
local r = read()
if r and r.err then
  redis.call('XGROUP', 'CREATE', KEYS[2], 'outbox', '0', 'MKSTREAM')
  r = read()
end
if not r then return {'', {}} end
if r.err then return r end
if ARGV[3] ~= '' then return {r[1], r[2]} end
return {'', r[1][2]}
`

// group is the consumer group that readScript names.
const group = "outbox"

// takeScript takes a lease that nobody else holds, or any if forced.
//
// KEYS lease; ARGV owner, TTL in ms, force (0 or 1); answers 1 if taken
const takeScript = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] and ARGV[3] == '0' then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`

// renewScript prolongs a lease that is still the owner's.
//
// KEYS lease; ARGV owner, TTL in ms; answers 1 if it is
const renewScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`

// releaseScript gives up a lease if it is still the owner's.
//
// KEYS lease; ARGV owner
const releaseScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`
