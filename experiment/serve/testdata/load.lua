-- A flood of single evaluations for wrk (Debian: apt-get install wrk), each about another shopper, with attributes that decide.
--
--   liftgate serve --addr 127.0.0.1:8080 FOLDER
--   wrk -t 1 -c 32 -d 20s --latency -s load.lua http://127.0.0.1:8080 -- FLAG [SHOPPERS [TOKEN]]
--
-- "Requests/sec" are evaluations a second; answers other than 200 are counted under "Non-2xx". SHOPPERS (1,000,000 when absent) says
-- after how many shoppers the first one comes back: with exposures logged, each new shopper is a record.
local flag, shoppers, number = "", 1000000, 0

function init(args)
  flag = args[1] or error("usage: wrk ... -s load.lua URL -- FLAG [SHOPPERS [TOKEN]]")
  shoppers = tonumber(args[2]) or shoppers
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  if args[3] then
    wrk.headers["Authorization"] = "Bearer " .. args[3]
  end
end

function request()
  number = (number + 1) % shoppers
  local body = string.format('{"context":{"targetingKey":"s%012x","country":"DE","platform":"shopify"}}', number)
  return wrk.format(nil, "/ofrep/v1/evaluate/flags/" .. flag, nil, body)
end
