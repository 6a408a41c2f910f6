-- Each request with the next of the tokens in the file TOKENS, from a random one on. Paths come from the file PATHS, one a line, in turn.
-- With BODY set, requests are POSTs of it, "%d" in it replaced by a number that never repeats; with RANGE set, they ask for that range.
local function lines(name)
  local list = {}
  if name then for line in io.lines(name) do list[#list + 1] = line end end
  return list
end

local tokens, paths, body = lines(os.getenv("TOKENS")), lines(os.getenv("PATHS")), os.getenv("BODY")
math.randomseed(os.time())
local count = math.random(1000000)
local headers = { ["Content-Type"] = body and "application/json" or nil, ["Range"] = os.getenv("RANGE") }

function request()
  count = count + 1
  if #tokens > 0 then headers["Authorization"] = "Bearer " .. tokens[count % #tokens + 1] end
  local path = paths[count % #paths + 1]
  if body then return wrk.format("POST", path, headers, (string.gsub(body, "%%d", count))) end
  return wrk.format("GET", path, headers)
end

local failures = 0
function response(status)
  if status ~= 200 and status ~= 206 then
    failures = failures + 1
    if failures == 1 then print("first failure: " .. status) end
  end
end
