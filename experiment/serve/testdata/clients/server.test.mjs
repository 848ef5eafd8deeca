// What a service in Node.js asks: @openfeature/server-sdk with @openfeature/ofrep-provider.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";

import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";

import { half, names, start, unitIn } from "./serve.mjs";

let domains = 0;

async function ask(options) {
  const domain = `domain-${domains++}`;
  await OpenFeature.setProviderAndWait(domain, new OFREPProvider(options));
  return OpenFeature.getClient(domain);
}

describe("the server SDK", () => {
  let server, client;
  before(async () => {
    server = await start();
    client = await ask({ baseUrl: server.url });
  });
  after(() => server.end());

  const values = {
    boolean: [false, true],
    number: [0.5, 12],
    text: ["Pay", "Zahlen 🛒"],
    object: [{ button: "page", steps: 3 }, { button: "cart", steps: 2, colours: ["gold", "black"] }],
    bare: ["control", "amazon_pay"],
  };
  const details = {
    boolean: (unit) => client.getBooleanDetails("boolean", false, { targetingKey: unit }),
    number: (unit) => client.getNumberDetails("number", -1, { targetingKey: unit }),
    text: (unit) => client.getStringDetails("text", "", { targetingKey: unit }),
    object: (unit) => client.getObjectDetails("object", {}, { targetingKey: unit }),
    bare: (unit) => client.getStringDetails("bare", "", { targetingKey: unit }),
  };
  for (const flag of Object.keys(values)) {
    test(`a ${flag} flag has its variant's value`, async () => {
      for (const unit of ["shopper-1", "shopper-2", "shopper-3", "shopper-4", "7", "käufer-客户-🛒", " ", "x".repeat(300)]) {
        const variant = half(flag, unit);
        const got = await details[flag](unit);
        assert.deepEqual(got.value, values[flag][variant], unit);
        assert.equal(got.variant, names[variant]);
        assert.equal(got.reason, "SPLIT");
        assert.equal(got.errorCode, undefined);
        assert.equal(got.flagMetadata.experiment, flag);
        assert.equal(got.flagMetadata.reason, "assigned");
        assert.equal(BigInt(got.flagMetadata.point) >> 63n, BigInt(variant), "the point's half");
      }
    });
  }

  test("a forced unit has its variant", async () => {
    const got = await client.getNumberDetails("forced", 0, { targetingKey: "tester-1" });
    assert.deepEqual([got.value, got.variant, got.reason, got.flagMetadata.reason], [2, "amazon_pay", "TARGETING_MATCH", "forced"]);
  });

  test("a unit outside the traffic has the control's value and no variant", async () => {
    const got = await client.getNumberDetails("closed", 0, { targetingKey: "shopper-1" });
    assert.deepEqual([got.value, got.variant, got.reason, got.flagMetadata.reason], [1, undefined, "DEFAULT", "traffic"]);
  });

  // The provider speaks a version of the protocol that has no answer without a value, so it calls this an error.
  test("a variant without a payload leaves the default", async () => {
    const value = (half) => client.getNumberValue("partial", -1, { targetingKey: unitIn("partial", half) });
    assert.deepEqual([await value(0), await value(1)], [-1, 2]);
  });

  test("targeting goes by the context", async () => {
    const unit = unitIn("targeted", 1);
    const at = async (attributes) => {
      const got = await client.getNumberDetails("targeted", 0, { targetingKey: unit, ...attributes });
      return [got.value, got.reason, got.flagMetadata.reason];
    };
    const outside = [1, "DEFAULT", "not_eligible"];
    assert.deepEqual(await at({ country: "DE", amount: 10.5 }), [2, "SPLIT", "assigned"]);
    assert.deepEqual(await at({ country: "US", amount: 11, more: { nested: [1] }, since: new Date() }), [2, "SPLIT", "assigned"]);
    assert.deepEqual(await at({ country: "DE", amount: 10 }), outside);
    assert.deepEqual(await at({ country: "FR", amount: 99 }), outside);
    assert.deepEqual(await at({ country: "DE" }), outside);
    assert.deepEqual(await at({}), outside);
  });

  test("many at once get the same answer as one", async () => {
    const all = await Promise.all(Array.from({ length: 200 }, (_, i) => details.boolean(`shopper-${i % 10}`)));
    for (const [i, got] of all.entries()) assert.equal(got.value, half("boolean", `shopper-${i % 10}`) === 1);
  });

  const failures = {
    "an unknown flag": ["FLAG_NOT_FOUND", "no-such-flag", { targetingKey: "shopper-1" }],
    "a flag's name that leads elsewhere": ["FLAG_NOT_FOUND", "..%2F..%2Fetc%2Fpasswd", { targetingKey: "shopper-1" }],
    "a flag's name that is a path": ["FLAG_NOT_FOUND", "boolean/../number/x", { targetingKey: "shopper-1" }],
    "a flag's name that is not ASCII": ["FLAG_NOT_FOUND", "größe 🛒", { targetingKey: "shopper-1" }],
    "no targeting key": ["TARGETING_KEY_MISSING", "number", {}],
    "an empty targeting key": ["TARGETING_KEY_MISSING", "number", { targetingKey: "" }],
    "a huge targeting key": ["INVALID_CONTEXT", "number", { targetingKey: "x".repeat(5000) }],
    "a targeting key that is a number": ["INVALID_CONTEXT", "number", { targetingKey: 7 }],
    "an attribute of the wrong type": ["INVALID_CONTEXT", "targeted", { targetingKey: "shopper-1", country: "DE", amount: "much" }],
    "a flag of another type": ["TYPE_MISMATCH", "text", { targetingKey: "shopper-1" }],
  };
  for (const [what, [code, flag, context]] of Object.entries(failures)) {
    test(`${what} is ${code} and leaves the default`, async () => {
      const got = await client.getNumberDetails(flag, -1, context);
      assert.deepEqual([got.value, got.reason, got.errorCode], [-1, "ERROR", code], got.errorMessage);
    });
  }

  test("a request that is too large leaves the default", async () => {
    const got = await client.getNumberDetails("number", -1, { targetingKey: "shopper-1", basket: "x".repeat(1 << 20) });
    assert.deepEqual([got.value, got.reason], [-1, "ERROR"]);
  });
});

describe("the server SDK and tokens", () => {
  let server;
  before(async () => {
    server = await start({ tokens: ["secret-1", "secret-2"] });
  });
  after(() => server.end());

  const get = async (options) => (await ask({ baseUrl: server.url, ...options })).getNumberDetails("number", -1, { targetingKey: "shopper-1" });
  const value = [0.5, 12][half("number", "shopper-1")];

  for (const [what, options] of Object.entries({
    "no token": {},
    "a wrong token": { headers: [["Authorization", "Bearer wrong"]] },
    "a token without its scheme": { headers: [["Authorization", "secret-2"]] },
  })) {
    test(`${what} leaves the default`, async () => {
      const got = await get(options);
      assert.deepEqual([got.value, got.reason, got.errorCode], [-1, "ERROR", "GENERAL"]);
    });
  }

  for (const [what, options] of Object.entries({
    "in the headers": { headers: [["Authorization", "Bearer secret-2"]] },
    "from a factory of headers": { headersFactory: async () => [["Authorization", "Bearer secret-1"]] },
  })) {
    test(`a token ${what} opens the server`, async () => {
      const got = await get(options);
      assert.deepEqual([got.value, got.reason, got.errorCode], [value, "SPLIT", undefined]);
    });
  }
});

test("who was given a variant is logged, once, and the log agrees with the definition", async (t) => {
  const server = await start({ options: ["--exposures", "log"] });
  t.after(() => server.end());
  const client = await ask({ baseUrl: server.url });
  for (let i = 0; i < 300; i++) {
    const context = { targetingKey: `käufer-${i % 150}`, country: i % 3 === 0 ? "FR" : "DE" };
    await client.getNumberValue("domestic", -1, context);
    await client.getNumberValue("closed", -1, context);
  }
  await server.stop();
  const args = ["assign", "domestic.yaml", "--verify", "log/domestic/*.arrow", "--format", "json"];
  const found = JSON.parse(execFileSync(process.env.LIFTGATE, args, { cwd: server.folder, encoding: "utf8" }));
  assert.deepEqual([found.rows, found.agree, found.disagree], [100, 100, 0]);
});

test("a server that has too much to do is left alone for a second", async (t) => {
  const server = await start({ options: ["--exposures", "log", "--max-requests", "1"] });
  t.after(() => server.end());
  const reports = JSON.stringify(Array.from({ length: 900 }, (_, i) => ({ flag: "number", context: { targetingKey: `r-${i}` } })));
  const late = Date.now() + 30_000;
  let busy = true;
  const flood = Array.from({ length: 4 }, async () => {
    while (busy && Date.now() < late) await (await fetch(`${server.url}/v1/exposures`, { method: "POST", body: reports })).text();
  });
  const seen = [];
  const fetchImplementation = async (request) => {
    const response = await fetch(request);
    seen.push([response.status, response.headers.get("Retry-After")]);
    return response;
  };
  const client = await ask({ baseUrl: server.url, fetchImplementation });
  const get = () => client.getNumberDetails("number", -1, { targetingKey: "shopper-1" });

  let got = await get();
  while (got.errorCode === undefined && Date.now() < late) got = await get();
  const asked = seen.length;
  const paused = await get();
  busy = false;
  await Promise.all(flood);
  assert.deepEqual([got.value, got.errorCode], [-1, "GENERAL"]);
  assert.deepEqual(seen.at(-1), [429, "1"]);
  assert.deepEqual([paused.value, paused.errorCode, seen.length], [-1, "GENERAL", asked], "the client asks nobody meanwhile");
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal((await get()).reason, "SPLIT");
});

test("a server that is gone leaves the default", async (t) => {
  const server = await start();
  t.after(() => server.end());
  const client = await ask({ baseUrl: server.url });
  assert.equal((await client.getNumberDetails("number", -1, { targetingKey: "shopper-1" })).reason, "SPLIT");
  await server.stop();
  const got = await client.getNumberDetails("number", -1, { targetingKey: "shopper-1" });
  assert.deepEqual([got.value, got.reason, got.errorCode], [-1, "ERROR", "GENERAL"]);
});
