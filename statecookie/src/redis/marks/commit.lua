-- Weighs a claim against what is kept of its session, and keeps what follows: the same as `Claim::weigh`. Redis runs a script
-- as one step.
--
-- KEYS[1]  the session's record, a hash:
--          v, b    the mark: counters of eight bytes each, and the branch
--          h, t    who holds it, and whether it was taken over
--          s       since when, in milliseconds of this server's clock
--          pv, pb  the mark before it
--          e       who ended the session, if it was
local act, fv, fb, tv, tb, ticket, keep = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local grace = tonumber(ARGV[8])
local v, b, h, t, s, pv, pb, e = unpack(redis.call('HMGET', KEYS[1], 'v', 'b', 'h', 't', 's', 'pv', 'pb', 'e'))
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Byte by byte: Lua compares strings as the locale has it.
local function compare(x, y)
  for i = 1, math.min(#x, #y) do
    local p, q = x:byte(i), y:byte(i)
    if p ~= q then return p > q and 1 or -1 end
  end
  return #x == #y and 0 or 1
end

-- Written first and cleared afterwards: a store that has no room refuses the first, and the record stays.
local function put(clear, ...)
  redis.call('HSET', KEYS[1], ...)
  if clear then redis.call('HDEL', KEYS[1], unpack(clear)) end
  redis.call('PEXPIRE', KEYS[1], keep)
  return 'accepted'
end

local function ended() return put({ 'v', 'b', 'h', 't', 's', 'pv', 'pb' }, 'e', ticket) end

local function stands(vector, branch, holder, taken, previous, of_branch)
  local since = string.format('%.0f', now)
  if not previous then
    return put({ 'pv', 'pb' }, 'v', vector, 'b', branch, 'h', holder, 't', taken, 's', since)
  end
  return put(nil, 'v', vector, 'b', branch, 'h', holder, 't', taken, 's', since, 'pv', previous, 'pb', of_branch)
end

local function issued()
  if fv == '' then return stands(tv, tb, ticket, '0') end
  return stands(tv, tb, ticket, '0', fv, fb)
end

local function presented()
  if act == 'request' then return stands(fv, fb, string.rep('\0', 16), '0') end
  return stands(fv, fb, ticket, '1')
end

if e then
  if act == 'revoke' or (act == 'leave' and e == ticket) then return 'accepted' end
  return 'revoked'
end
if act == 'revoke' then return ended() end
if not v then
  if act == 'issue' then return issued() end
  if act == 'leave' then return ended() end
  return presented()
end

local function may_go_on()
  if h == ticket then return true end
  if fv == '' then return false end
  local both = math.min(#fv, #v)
  return (fv == v and fb == b and t == '0') or compare(fv:sub(1, both), v:sub(1, both)) > 0
end

if act == 'leave' then return may_go_on() and ended() or 'forked' end
if act == 'issue' then
  if tv == v and tb == b and h == ticket then return 'accepted' end
  if may_go_on() and compare(tv, v) > 0 then return issued() end
  return 'forked'
end

local order = compare(fv, v)
if order > 0 then return presented() end
if order == 0 and fb == b then
  if act == 'resume' and not (t == '1' and h == ticket) then
    return put(nil, 'h', ticket, 't', '1')
  end
  return 'accepted'
end
if order < 0 and act == 'request' and fv == pv and fb == pb and math.abs(now - s) < grace then return 'accepted' end
if order < 0 and fb == b then return 'rolled-back' end
return 'forked'
