-- Asks for the address that wrk was given; with two arguments, for ranges of so many bytes at random places of a file
-- of so many bytes. What was measured comes as the last line, in JSON.
local bytes, size

function init(args)
  bytes, size = tonumber(args[1]), tonumber(args[2])
  math.randomseed(1)
end

function request()
  if bytes then
    local first = math.random(0, math.floor(size / bytes) - 1) * bytes
    wrk.headers["Range"] = string.format("bytes=%.0f-%.0f", first, first + bytes - 1)
  end
  return wrk.format()
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%.0f,"bytes":%.0f,"us":%.0f,"p99Us":%.0f,"errors":%.0f}\n',
    summary.requests, summary.bytes, summary.duration, latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
