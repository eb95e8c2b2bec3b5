"""What Redis does in one step, in its own language. Each script keeps to one slot of a cluster.

They are sent whole each time: they are short, nothing is to be loaded again into a server that was
replaced, and they may go with other commands in one batch.

A list has three parts (KEYS 1 to 3): entries in the order of their text, names by the moment of
their last word, and the entry of each name. A name stands in a list once.
"""

from geo.whereabouts.stems import TOWARDS

#: Expired entries dropped at most with each one added or asked for, so that a backlog shrinks.
SWEPT_AT_ONCE = 64
#: Of all the lists that one step reads together: Redis is held for about a millisecond.
SWEPT_IN_A_STEP = 256
#: A word that was on its way when somebody left a list is not believed that long: longer than any
#: command may take (``realtime.adapters.redis.servers.ENOUGH_S``).
GONE_MS = 5_000
#: Lists that somebody may still stand in beside her own, from moves that were never ended.
MOST_LEFT = 4
#: Entries read in one step at most: Redis is held for less than a millisecond.
READ_AT_ONCE = 1_000

#: In what is to be read of a list: the end of a group of cells, and a cell that is the whole list.
END_OF_GROUP, WHOLE = ".", "-"
#: What PLACE answers: a later word was there, or the list was, or it was not.
LATER, KNOWN, NEW = -1, 0, 1

_SWEEP = """
local function sweep(by_cell, by_time, people, most)
  local old = redis.call('ZRANGE', by_time, '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, most)
  if #old > 0 then
    local entries = {}
    for _, entry in ipairs(redis.call('HMGET', people, unpack(old))) do
      if entry then entries[#entries + 1] = entry end
    end
    if #entries > 0 then redis.call('ZREM', by_cell, unpack(entries)) end
    redis.call('HDEL', people, unpack(old))
    redis.call('ZREM', by_time, unpack(old))
  end
  return #old
end
"""

#: ARGV 1 moment of expiry, 2 how many are swept, 3 name, 4 entry, 5 its moment, 6 life in ms, 7 by
#: how much a moment at which she left may be later. KEYS 4: when she left.
PLACE = f"""
{_SWEEP}
local at, gone = tonumber(ARGV[5]), redis.call('GET', KEYS[4])
local kept = redis.call('ZSCORE', KEYS[2], ARGV[3])
if kept and tonumber(kept) > at or gone and tonumber(gone) > at + tonumber(ARGV[7]) then
  return {LATER}
end
local new = kept and {KNOWN} or 1 - redis.call('EXISTS', KEYS[2])
sweep(KEYS[1], KEYS[2], KEYS[3], ARGV[2])
local before = redis.call('HGET', KEYS[3], ARGV[3])
if before ~= ARGV[4] then
  if before then redis.call('ZREM', KEYS[1], before) end
  redis.call('ZADD', KEYS[1], 0, ARGV[4])
  redis.call('HSET', KEYS[3], ARGV[3], ARGV[4])
end
redis.call('ZADD', KEYS[2], at, ARGV[3])
for part = 1, 3 do redis.call('PEXPIRE', KEYS[part], ARGV[6]) end
return new
"""

#: Forget what has expired; how many there were. ARGV as above.
SWEEP = f"""
{_SWEEP}
return sweep(KEYS[1], KEYS[2], KEYS[3], ARGV[2])
"""

#: Take somebody off a list, unless a later word put her there again; a word of before finds the
#: door shut for a while. KEYS as for PLACE; ARGV name, moment of the word that takes her off, and
#: how long.
LEAVE = """
local kept = redis.call('ZSCORE', KEYS[2], ARGV[1])
if kept and tonumber(kept) > tonumber(ARGV[2]) then
  return 0
end
local entry = redis.call('HGET', KEYS[3], ARGV[1])
if entry then
  redis.call('ZREM', KEYS[1], entry)
  redis.call('HDEL', KEYS[3], ARGV[1])
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('SET', KEYS[4], ARGV[2], 'PX', ARGV[3])
return 1
"""

# The new entry first: a list that is empty for a moment forgets when it ends.
_REPLACE = """
if after ~= entry then
  redis.call('ZADD', KEYS[1], 0, after)
  redis.call('ZREM', KEYS[1], entry)
  redis.call('HSET', KEYS[3], ARGV[1], after)
end
return 1
"""

#: Somebody may be in another list from now on: whoever finds her here looks there. ARGV name, list.
MARK = f"""
local entry = redis.call('HGET', KEYS[3], ARGV[1])
if not entry then
  return 0
end
local after = string.match(entry, '^[^{TOWARDS}]*') .. '{TOWARDS}' .. ARGV[2]
{_REPLACE}
"""

#: Somebody has other tags. ARGV name, tags.
RETAG = f"""
local entry = redis.call('HGET', KEYS[3], ARGV[1])
if not entry then
  return 0
end
local after = ARGV[2] .. string.match(entry, '/.*')
{_REPLACE}
"""

#: Read who has all of these tags, group of cells by group of cells, until so many are found. KEYS
#: three of each list; ARGV as for a sweep, 3 tags, 4 how many, 5 how many entries at most, 6 how
#: many are swept of all lists, then of each list the beginnings of cells. Tags come first in an
#: entry, and are found by leaps.
#: How many groups were read; whether it was too much for one step; and by list, whether somebody
#: who has expired may be in it, the tags, and the entries.
FIND = f"""
{_SWEEP}
local mask, want, most = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local left, stale, groups, kinds, found = tonumber(ARGV[6]), {{}}, {{}}, {{}}, {{}}
for list = 1, #KEYS / 3 do
  local by_cell, mine, from = KEYS[3 * list - 2], {{}}, '-'
  local share = math.min(tonumber(ARGV[2]), left)
  local swept = sweep(by_cell, KEYS[3 * list - 1], KEYS[3 * list], share)
  stale[list], left = swept == share and 1 or 0, left - swept
  while true do
    local first = redis.call('ZRANGEBYLEX', by_cell, from, '+', 'LIMIT', 0, 1)[1]
    if not first then break end
    local tags = string.match(first, '^%d+')
    if bit.band(tonumber(tags), mask) == mask then mine[#mine + 1] = tags end
    from = '[' .. tags .. '0'
  end
  local cells, all = {{}}, {{}}
  for cell in string.gmatch(ARGV[6 + list], '%S+') do
    if cell == '{END_OF_GROUP}' then
      all[#all + 1], cells = cells, {{}}
    else
      cells[#cells + 1] = cell == '{WHOLE}' and '' or cell
    end
  end
  groups[list], kinds[list], found[list] = all, mine, {{}}
end
local many = 0
for group = 1, #groups[1] do
  for list, mine in ipairs(found) do
    for _, cell in ipairs(groups[list][group]) do
      for _, tags in ipairs(kinds[list]) do
        local low = tags .. '/' .. cell
        local some = redis.call('ZRANGEBYLEX', KEYS[3 * list - 2], '[' .. low, '(' .. low .. '7',
          'LIMIT', 0, most + 1 - many)
        many = many + #some
        if many > most then return {{0, 1, stale, kinds, {{}}}} end
        if #some > 0 then mine[#mine + 1] = some end
      end
    end
  end
  if many >= want then return {{group, 0, stale, kinds, found}} end
end
return {{#groups[1], 0, stale, kinds, found}}
"""

#: KEYS who is on duty, the record; ARGV person, moment, list, life in ms, how many lists are kept.
#: Nothing for somebody who is not on duty, 0 when a later word was there; else her tags, the other
#: lists in which she may stand, and whether there was no word of hers.
MOVE = """
local tags = redis.call('HGET', KEYS[1], ARGV[1])
if not tags then
  return false
end
local kept, others = redis.call('GET', KEYS[2]), {}
if kept then
  local at, lists = string.match(kept, '^(%S+) (.*)')
  if tonumber(ARGV[2]) < tonumber(at) then
    return 0
  end
  for list in string.gmatch(lists, '%S+') do
    if list ~= ARGV[3] and #others < tonumber(ARGV[5]) then others[#others + 1] = list end
  end
end
local record = ARGV[2] .. ' ' .. ARGV[3]
if #others > 0 then record = record .. ' ' .. table.concat(others, ' ') end
redis.call('SET', KEYS[2], record, 'PX', ARGV[4])
return {tags, others, kept and 0 or 1}
"""

#: She stands in no other list any more. 0 when there was a later word, or she is off duty, so that
#: she is not to stand in this one either. KEYS as above; ARGV moment, list.
MOVED = """
local kept = redis.call('GET', KEYS[2])
if not kept or string.match(kept, '^%S+ %S+') ~= ARGV[1] .. ' ' .. ARGV[2] then
  return 0
end
redis.call('SET', KEYS[2], ARGV[1] .. ' ' .. ARGV[2], 'KEEPTTL')
return 1
"""

#: KEYS as above; ARGV person, tags, how many may be on duty in this drawer (-1: any number).
#: Nothing when there are too many; else the record, empty when there is none.
ENLIST = """
local most = tonumber(ARGV[3])
if most >= 0 and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0
    and redis.call('HLEN', KEYS[1]) >= most then
  return false
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return redis.call('GET', KEYS[2]) or ''
"""

#: KEYS as above; ARGV person, the record whose lists she has left (empty: none). Nothing when all
#: is forgotten; else the record that there is, kept until she has left those lists too.
DISCHARGE = """
redis.call('HDEL', KEYS[1], ARGV[1])
local kept = redis.call('GET', KEYS[2])
if kept and kept ~= ARGV[2] then
  return kept
end
redis.call('DEL', KEYS[2])
return false
"""
