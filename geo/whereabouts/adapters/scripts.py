"""What Redis does in one step, in its own language. Each script keeps to one slot of a cluster.

They are sent whole each time: they are short, nothing is to be loaded again into a server that was
replaced, and they may go with other commands in one batch.
"""

#: Expired entries dropped at most with each one added, so that a backlog shrinks.
SWEPT_AT_ONCE = 64

_SWEEP = """
local old = redis.call('ZRANGE', KEYS[2], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
if #old > 0 then
  redis.call('ZREM', KEYS[1], unpack(old))
  redis.call('ZREM', KEYS[2], unpack(old))
end
"""

#: A list is two sorted sets: by text, to be read by cell, and by the moment of each entry.
#: KEYS by text, by moment; ARGV moment of expiry, how many, entry, its moment, life in ms.
NOTE = f"""
redis.call('ZADD', KEYS[1], 0, ARGV[3])
redis.call('ZADD', KEYS[2], 'GT', ARGV[4], ARGV[3])
{_SWEEP}
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return 1
"""

#: Forget what has expired; how many there were. KEYS as above; ARGV moment of expiry, how many.
SWEEP = f"""
{_SWEEP}
return #old
"""

#: Take an entry off a list, unless a later word put it there again. KEYS as above; ARGV entry,
#: moment of the word that takes it off.
DROP = """
local at = redis.call('ZSCORE', KEYS[2], ARGV[1])
if at and tonumber(at) <= tonumber(ARGV[2]) then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
end
return 1
"""

#: KEYS who is on duty, the record; ARGV person, moment, cell, life in ms.
#: Nothing for somebody who is not on duty; else whether this is the latest word, and the cell of
#: before it, or the one that stays.
MOVE = """
local tags = redis.call('HGET', KEYS[1], ARGV[1])
if not tags then
  return false
end
local kept, cell = redis.call('GET', KEYS[2]), ''
if kept then
  local at
  at, cell = string.match(kept, '^(%S+) (%S+)')
  if tonumber(ARGV[2]) < tonumber(at) then
    return {0, cell}
  end
end
redis.call('SET', KEYS[2], ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. tags, 'PX', ARGV[4])
return {1, cell}
"""

#: KEYS as above; ARGV person, tags, how many may be on duty in this drawer (-1: any number).
#: 0 when there are too many.
ENLIST = """
local most = tonumber(ARGV[3])
if most >= 0 and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0
    and redis.call('HLEN', KEYS[1]) >= most then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local kept = redis.call('GET', KEYS[2])
if kept then
  redis.call('SET', KEYS[2], string.match(kept, '^%S+ %S+ ') .. ARGV[2], 'KEEPTTL')
end
return 1
"""

#: KEYS as above; ARGV person. The record that there was, or nothing.
DISCHARGE = """
redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('GETDEL', KEYS[2])
"""
