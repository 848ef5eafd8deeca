// What PORTING.md, the page "Assign from your own service", shows of the server.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { define, start } from "./serve.mjs";

describe("PORTING.md", () => {
  let server, page;
  const more = `  eligible: 'country in ["US", "DE"] && platform == "shopify"'`;
  before(async () => {
    page = await readFile(process.env.LIFTGATE_PAGE, "utf8");
    server = await start({ files: { express: define("express", { payloads: ["{button: page}", "{button: cart}"], more }) } });
  });
  after(() => server.end());

  test("the request that it shows has the answer that it shows", async () => {
    const [, path, body, answer] = page.match(/curl -s http:\/\/[^/]+(\/\S+) \\\n\s+-d '(.*)'\n(\{[^]*?)\n\$/);
    const response = await fetch(server.url + path, { method: "POST", body });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), JSON.parse(answer));
  });

  test("the client that it shows gets the variant's value", async () => {
    const blocks = [...page.matchAll(/^```js\n([^]*?)^```$/gm)].map((m) => m[1]);
    const block = blocks.find((text) => text.includes("OFREPProvider"));
    const file = new URL("page-client.mjs", import.meta.url);
    await writeFile(file, block.replace("http://127.0.0.1:8080", server.url) + "\nexport { button };\n");
    const { button } = await import(pathToFileURL(file.pathname));
    assert.equal(button, "cart");
  });
});
