-- The requests that wrk sends: every one another line of a file, and what came of them as one line of JSON.

local threads = {}

function setup(thread)
   thread:set("slot", #threads)
   table.insert(threads, thread)
end

-- file of paths, number of threads, "once" (each thread has lines of its own) or "again", method, content type, body
function init(args)
   local file, share, method, kind, body = args[1], tonumber(args[2]), args[4], args[5] or "", args[6] or ""
   again = args[3] == "again"
   paths, sent, short = {}, 0, 0
   local number = 0
   for line in io.lines(file) do
      if again or number % share == slot then
         paths[#paths + 1] = line
      end
      number = number + 1
   end
   before = method .. " "
   after = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\n"
   for name, value in pairs(wrk.headers) do
      if name ~= "Host" then
         after = after .. name .. ": " .. value .. "\r\n"
      end
   end
   if body ~= "" then
      after = after .. "Content-Type: " .. kind .. "\r\nContent-Length: " .. #body .. "\r\n"
   end
   after = after .. "\r\n" .. body
end

function request()
   if sent >= #paths and not again then
      -- A link pressed twice is no distinct link: better to stop than to count it.
      short = 1
      wrk.thread:stop()
      return before .. paths[#paths] .. after
   end
   sent = sent + 1
   return before .. paths[(sent - 1) % #paths + 1] .. after
end

function done(summary, latency)
   local short = 0
   for _, thread in ipairs(threads) do
      short = short + thread:get("short")
   end
   local errors = summary.errors
   print(string.format(
      '{"answers": %d, "refused": %d, "broken": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "short": %d}',
      summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
      summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, short
   ))
end
