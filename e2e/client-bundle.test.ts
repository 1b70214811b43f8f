import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser, startServer, type Program } from "./running-site.ts";

// The client package as a browser gets it: bundled, and run in a page of the server's own origin.
let folder: string;
let server: Program;
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-client-bundle-"));
  server = await startServer(join(folder, "data"));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One script of what a program that imports the client needs. */
async function bundle(program: string): Promise<string> {
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL("../packages/client", import.meta.url)),
    logLevel: "error",
    plugins: [
      {
        name: "program",
        resolveId: (id) => (id === "program" ? "\0program.js" : undefined),
        load: (id) => (id === "\0program.js" ? program : undefined),
      },
    ],
    build: { write: false, minify: false, target: "es2024", rolldownOptions: { input: "program", output: { format: "iife" } } },
  });
  const [{ output }] = [Array.isArray(built) ? built[0]! : built] as unknown as [{ output: readonly { readonly code?: string }[] }];
  return output[0]!.code!;
}

test("[C16] who lists shells carries no live session, no frames and no metamodel", async () => {
  const small = await bundle('import { listShells } from "/src/index.ts"; globalThis.run = (api) => listShells(api).next();');
  const whole = await bundle('import * as all from "/src/index.ts"; globalThis.run = all;');
  for (const part of ["PROTOCOL_VERSION", "WebSocket", "text/event-stream", "SubmodelElementCollection"])
    expect({ part, isThere: small.includes(part) }).toEqual({ part, isThere: false });
  expect(small.length).toBeLessThan(whole.length / 4);
});

test("[C16] [C14] [C15] its loops run in a browser", async () => {
  const code = await bundle(`
    import { aasEvents, createClient, listShells, liveValues, postSubmodel } from "/src/index.ts";
    globalThis.run = async () => {
      const baseUrl = location.origin;
      const fetch = (url, init) => globalThis.fetch(url, init);
      const api = { url: baseUrl + "/api/v3", fetch };
      const after = (milliseconds, run) => { const timer = setTimeout(run, milliseconds); return () => clearTimeout(timer); };
      const events = aasEvents({ baseUrl, fetch, after, since: "0", types: ["created"], slim: true });
      await postSubmodel(api, { modelType: "Submodel", id: "urn:bundle:ä" });
      const { type, source } = (await events.next()).value;
      await events.return();
      const shells = [];
      for await (const shell of listShells(api)) shells.push(shell.id);
      const live = createClient({ baseUrl, person: { id: "person-0001", name: "Anna" }, fetch, WebSocket, after, now: () => Date.now() * 1000 }).live();
      await new Promise((resolve) => live.on((event) => event.kind === "welcome" && resolve()));
      const next = liveValues(live, "all").next();
      live.close();
      return { type, source, shells, last: await next };
    };`);
  const page = await browser.newPage();
  await page.goto(new URL("/healthz", String(server.ready["url"])).href);
  await page.addScriptTag({ content: code });
  const told = await page.evaluate("globalThis.run()");
  expect(told).toMatchObject({
    type: "io.admin-shell.events.v1.created",
    source: expect.stringContaining("/submodels/"),
    shells: [],
    last: { done: true },
  });
  await page.close();
});
