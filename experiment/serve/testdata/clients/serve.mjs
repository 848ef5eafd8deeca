// Starts the program that is under test, over a folder of definitions of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

// define writes a definition of two halves. payloads are YAML, one a variant or null; more is further lines of the assignment.
export function define(name, { payloads = [], more = "", attributes = "" } = {}) {
  const variants = ["control", "amazon_pay"].map((variant, i) => {
    const payload = payloads[i] ? `, payload: ${payloads[i]}` : "";
    return `  - {name: ${variant}, weight: 50${payload}}`;
  });
  return `liftgate: 1
name: ${name}
unit: shopper
variants:
${variants.join("\n")}
control: control
assignment:
  hash: sha256
${more}
data:
  exposures: {files: exposures/*.parquet, unit: shopper_id, variant: variant, time: ts, attributes: [${attributes}]}
  events: {files: events/*.parquet, unit: shopper_id, time: ts}
metrics:
  - name: checkout_conversion
    role: success
    better: higher
    type: proportion
    value: {from: events, where: 'event == "order_captured"', take: any, window: [0d, 14d]}
`;
}

// definitions has a flag of every type, and units that are left out or forced.
export const definitions = {
  boolean: define("boolean", { payloads: ["false", "true"] }),
  number: define("number", { payloads: ["0.5", "12"] }),
  text: define("text", { payloads: ['"Pay"', '"Zahlen 🛒"'] }),
  object: define("object", { payloads: ["{button: page, steps: 3}", "{button: cart, steps: 2, colours: [gold, black]}"] }),
  bare: define("bare"),
  partial: define("partial", { payloads: [null, "2"] }),
  forced: define("forced", { payloads: ["1", "2"], more: "  force: [{unit: tester-1, variant: amazon_pay}]" }),
  closed: define("closed", { payloads: ["1", "2"], more: "  traffic: 0%" }),
  targeted: define("targeted", { payloads: ["1", "2"], more: `  eligible: 'country in ["US", "DE"] && amount >= 10.5'` }),
  domestic: define("domestic", { payloads: ["1", "2"], more: `  eligible: 'country in ["US", "DE"]'`, attributes: "country" }),
};

// half says which half of an experiment a unit is in, by the rule of DESIGN.md, section 5: 0 or 1.
export function half(experiment, unit) {
  return createHash("sha256").update(`${experiment}:variant\0${unit}`).digest()[0] >> 7;
}

export const names = ["control", "amazon_pay"];

// unitIn finds a unit of one half of an experiment.
export function unitIn(experiment, wanted) {
  for (let i = 0; ; i++) {
    if (half(experiment, `shopper-${i}`) === wanted) return `shopper-${i}`;
  }
}

// start runs liftgate serve over files until it is stopped. Of two tokens, one stands in a file and one in the environment.
export async function start({ files = definitions, tokens = [], options = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "liftgate-clients-"));
  const put = async (name, text) => {
    await writeFile(join(folder, `.${name}`), text);
    await rename(join(folder, `.${name}`), join(folder, `${name}.yaml`));
  };
  for (const [name, text] of Object.entries(files)) await put(name, text);
  const [inFile, inEnvironment = ""] = tokens;
  const args = ["serve", "--addr", "127.0.0.1:0", "--poll", "100ms", ...options];
  if (inFile) {
    await writeFile(join(folder, "tokens"), inFile + "\n", { mode: 0o600 });
    args.push("--token-file", join(folder, "tokens"));
  }
  const env = { ...process.env, LIFTGATE_TOKENS: inEnvironment };
  const server = spawn(process.env.LIFTGATE, [...args, folder], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => server.once("exit", (code, signal) => resolve(code ?? signal)));
  const stop = async () => {
    server.kill("SIGTERM");
    return ended;
  };
  const end = async () => {
    assert.equal(await stop(), 0, "a server that is told to stop ends well");
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, url: await address(server, ended), put, stop, end, remove: (name) => rm(join(folder, `${name}.yaml`)) };
}

// address reads where the server listens from what it tells on stderr.
async function address(server, ended) {
  let told = "";
  server.stderr.setEncoding("utf8");
  const listening = new Promise((resolve) => {
    server.stderr.on("data", (text) => {
      told += text;
      const found = told.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    });
  });
  const early = ended.then((code) => {
    throw new Error(`liftgate serve ended with ${code}:\n${told}`);
  });
  early.catch(() => {}); // at the end of the test it ends, too
  let clock;
  const late = new Promise((_, reject) => {
    clock = setTimeout(() => reject(new Error(`liftgate serve does not listen after 60 s:\n${told}`)), 60_000);
  });
  return Promise.race([listening, early, late]).finally(() => clearTimeout(clock));
}
