// What a page asks: @openfeature/web-sdk with @openfeature/ofrep-web-provider, which asks for all flags at once, keeps the answers,
// and looks again from time to time. It needs nothing of a browser but a place to store them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/web-sdk";

import { define, definitions, half, names, start, unitIn } from "./serve.mjs";

const stored = new Map();
globalThis.localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => stored.set(key, value),
  removeItem: (key) => stored.delete(key),
};

let domains = 0;

// open makes a page of its own: a client, and the record of what went over the network.
async function open(t, server, context, options = {}) {
  const domain = `page-${domains++}`;
  const seen = [];
  const fetchImplementation = async (request, init) => {
    const response = await fetch(request, init);
    seen.push({ status: response.status, asked: request.headers.get("If-None-Match"), tag: response.headers.get("ETag") });
    return response;
  };
  await OpenFeature.setContext(domain, context);
  const provider = new OFREPWebProvider({ baseUrl: server.url, cacheMode: "disabled", fetchImplementation, ...options });
  t.after(() => provider.onClose());
  const failed = await OpenFeature.setProviderAndWait(domain, provider).then(() => undefined, (error) => error);
  const client = OpenFeature.getClient(domain);
  return { client, seen, failed, become: (next) => OpenFeature.setContext(domain, next) };
}

// until waits for a condition that a server's next look at its files makes true.
async function until(what, holds) {
  const late = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < late, `in 20 s ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("the web SDK", () => {
  let server;
  before(async () => {
    server = await start();
  });
  after(() => server.end());

  test("flags of every type have their variant's value", async (t) => {
    const { client } = await open(t, server, { targetingKey: "käufer-客户-🛒" });
    const of = (flag, values) => [values[half(flag, "käufer-客户-🛒")], names[half(flag, "käufer-客户-🛒")], "SPLIT", undefined];
    const got = (details) => [details.value, details.variant, details.reason, details.errorCode];
    assert.deepEqual(got(client.getBooleanDetails("boolean", true)), of("boolean", [false, true]));
    assert.deepEqual(got(client.getNumberDetails("number", -1)), of("number", [0.5, 12]));
    assert.deepEqual(got(client.getStringDetails("text", "")), of("text", ["Pay", "Zahlen 🛒"]));
    assert.deepEqual(got(client.getStringDetails("bare", "")), of("bare", names));
    const objects = [{ button: "page", steps: 3 }, { button: "cart", steps: 2, colours: ["gold", "black"] }];
    assert.deepEqual(got(client.getObjectDetails("object", {})), of("object", objects));
    assert.equal(client.getNumberDetails("number", -1).flagMetadata.reason, "assigned");
  });

  test("a variant without a payload leaves the default", async (t) => {
    const { client } = await open(t, server, { targetingKey: unitIn("partial", 0) });
    const { value, variant, reason, errorCode } = client.getNumberDetails("partial", -1);
    assert.deepEqual([value, variant, reason, errorCode], [-1, "control", "SPLIT", undefined]);
  });

  test("what cannot be answered leaves the default", async (t) => {
    const { client } = await open(t, server, { targetingKey: "shopper-1", country: 7, amount: "much" });
    const code = (details) => [details.value, details.errorCode];
    assert.deepEqual(code(client.getNumberDetails("no-such-flag", -1)), [-1, "FLAG_NOT_FOUND"]);
    assert.deepEqual(code(client.getNumberDetails("text", -1)), [-1, "TYPE_MISMATCH"]);
    assert.deepEqual(code(client.getNumberDetails("targeted", -1)), [-1, "INVALID_CONTEXT"]);
    assert.equal(client.getNumberDetails("number", -1).reason, "SPLIT", "the other flags are answered");
  });

  test("another shopper has other variants, and so has another country", async (t) => {
    const unit = unitIn("targeted", 1);
    const { client, seen, become } = await open(t, server, { targetingKey: unit, country: "FR", amount: 20 });
    assert.deepEqual([client.getNumberValue("targeted", 0), client.getNumberDetails("targeted", 0).reason], [1, "DEFAULT"]);
    await become({ targetingKey: unit, country: "DE", amount: 20 });
    assert.deepEqual([client.getNumberValue("targeted", 0), client.getNumberDetails("targeted", 0).reason], [2, "SPLIT"]);
    await become({ targetingKey: "tester-1" });
    assert.deepEqual([client.getNumberValue("forced", 0), client.getNumberDetails("forced", 0).reason], [2, "TARGETING_MATCH"]);
    assert.deepEqual(seen.map((s) => s.status), [200, 200, 200]);
    assert.notEqual(seen[0].tag, seen[1].tag, "the tag is about the context, too");
    assert.equal(seen[1].asked, seen[0].tag, "which the client relies on");
  });

  test("without a targeting key the provider is not ready", async (t) => {
    const { client, failed, become } = await open(t, server, { country: "DE" });
    assert.ok(failed);
    assert.equal(client.getNumberDetails("number", -1).value, -1);
    await become({ targetingKey: "shopper-1" });
    assert.equal(client.getNumberDetails("number", -1).reason, "SPLIT");
  });

  test("what has not changed is not sent again", async (t) => {
    const { client, seen } = await open(t, server, { targetingKey: "shopper-1" }, { pollInterval: 30 });
    let changes = 0;
    client.addHandler(ProviderEvents.ConfigurationChanged, () => changes++);
    await until("the provider has not asked again", () => seen.length > 3);
    assert.match(seen[0].tag, /^(W\/)?".+"$/);
    for (const again of seen.slice(1)) assert.deepEqual(again, { status: 304, asked: seen[0].tag, tag: seen[0].tag });
    assert.equal(changes, 0);
    assert.equal(client.getNumberDetails("number", -1).reason, "SPLIT");
  });

  test("a page that opens again starts with what it stored", async (t) => {
    const context = { targetingKey: "shopper-1" };
    const options = { cacheMode: "local-cache-first", cacheKeyGenerator: ({ targetingKey }) => targetingKey };
    const first = await open(t, server, context, options);
    const again = await open(t, server, context, options);
    const details = again.client.getNumberDetails("number", -1);
    assert.deepEqual([details.value, details.reason], [first.client.getNumberValue("number", -1), "CACHED"]);
    await until("the page has not asked what is new", () => again.seen.length > 0);
    assert.deepEqual(again.seen[0], { status: 304, asked: first.seen[0].tag, tag: first.seen[0].tag });
  });
});

test("a page follows the definitions", async (t) => {
  const server = await start({ files: { number: definitions.number, text: definitions.text } });
  t.after(() => server.end());
  const { client } = await open(t, server, { targetingKey: unitIn("number", 1) }, { pollInterval: 50 });
  const changed = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (event) => changed.push(...event.flagsChanged));
  const number = () => client.getNumberDetails("number", -1);
  assert.equal(number().value, 12);

  await server.put("number", define("number", { payloads: ["0.5", "13"] }));
  await until("the new payload is not served", () => number().value === 13);
  assert.deepEqual(changed, ["number"]);

  await server.put("number", "liftgate: 1\nname: [broken");
  await server.put("boolean", definitions.boolean);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal(number().value, 13, "a broken definition changes nothing");

  await server.put("number", define("number", { payloads: ["0.5", "14"] }));
  await until("the repaired definition is not served", () => number().value === 14);
  await until("the new definition is not served", () => client.getBooleanDetails("boolean", false).reason === "SPLIT");

  await server.remove("number");
  await until("the removed definition is still served", () => number().errorCode === "FLAG_NOT_FOUND");
  assert.equal(client.getStringDetails("text", "").reason, "SPLIT");
});

describe("the web SDK and tokens", () => {
  let server;
  before(async () => {
    server = await start({ tokens: ["secret-1", "secret-2"] });
  });
  after(() => server.end());

  for (const [what, headers] of Object.entries({ "no token": undefined, "a wrong token": [["Authorization", "Bearer wrong"]] })) {
    test(`${what} is fatal to the provider`, async (t) => {
      const { client, failed } = await open(t, server, { targetingKey: "shopper-1" }, { headers });
      assert.ok(failed);
      assert.equal(client.providerStatus, ProviderStatus.FATAL);
      assert.equal(client.getNumberValue("number", -1), -1);
    });
  }

  test("a token opens the server", async (t) => {
    const { client, seen } = await open(t, server, { targetingKey: "shopper-1" }, { headers: [["Authorization", "Bearer secret-1"]] });
    assert.equal(client.getNumberDetails("number", -1).reason, "SPLIT");
    assert.equal(seen[0].status, 200);
  });
});
