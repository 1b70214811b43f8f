import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, startBrowser, startServer } from "./running-site.ts";
import type { Program } from "./running-site.ts";

// A stored script against the studio's page in a real browser; the studio is the built one, as `npm test` builds it first.
let folder: string;
let server: Program;
let browser: Browser;
let url: string;
const script = "globalThis.hacked = true; globalThis.postMessage?.('hacked');";
const attachmentOf = (idShort: string) => `/api/v3/submodels/${encodeId("urn:data")}/submodel-elements/${idShort}/attachment`;
const attachment = attachmentOf("Script");
const picture = attachmentOf("Picture");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-policy-"));
  server = await startServer(join(folder, "data"));
  url = String(server.ready["url"]).replace(/\/$/, "");
  const files = ["Script", "Picture"].map((idShort) => ({ modelType: "File", idShort, contentType: "application/octet-stream" }));
  const environment = { submodels: [{ modelType: "Submodel", id: "urn:data", submodelElements: files }] };
  const file = new TextEncoder().encode(JSON.stringify(environment)) as Uint8Array<ArrayBuffer>;
  await clientOf(url, "Ada").importFile("data.json", file);
  const put = async (path: string, name: string, type: string, text: string) => {
    const form = new FormData();
    form.append("file", new Blob([text], { type }), name);
    expect((await fetch(url + path, { method: "PUT", body: form })).status).toBe(204);
  };
  await put(attachment, "script.js", "text/javascript", script);
  await put(picture, "picture.svg", "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("[SV130, SV132] in a browser the page has its policy, and a stored script runs neither as a script nor as a worker nor in a page", async () => {
  const page = await browser.newPage();
  const answer = (await page.goto(url))!;
  const asked = await answer.request().allHeaders();
  const headers = await answer.allHeaders();
  expect(asked["accept-encoding"]).toContain("br");
  expect(headers["content-encoding"], "the build is compressed").toBe("br");
  expect(headers["content-security-policy"]).toContain("script-src 'self' 'wasm-unsafe-eval'");

  const statuses = new Map<string, number>();
  page.on("response", async (response) => {
    if (response.url() === url + attachment)
      statuses.set((await response.request().allHeaders())["sec-fetch-dest"] ?? "", response.status());
  });
  const ended = await page.evaluate<{ readonly all: readonly string[]; readonly fetched: string }>(`(async (path) => {
    const asScript = (type) => new Promise((resolve) => {
      const element = document.createElement("script");
      Object.assign(element, { src: path, type, onload: () => resolve("ran"), onerror: () => resolve("refused") });
      document.head.append(element);
    });
    const asWorker = new Promise((resolve) => {
      const worker = new Worker(path);
      worker.addEventListener("message", () => resolve("ran"));
      worker.addEventListener("error", () => resolve("refused"));
    });
    const inline = document.createElement("script");
    inline.textContent = "globalThis.hacked = true";
    document.head.append(inline);
    const fetched = await (await fetch(path)).text();
    return { all: await Promise.all([asScript("text/javascript"), asScript("module"), asWorker]), fetched };
  })(${JSON.stringify(attachment)})`);
  expect(ended.all).toEqual(["refused", "refused", "refused"]);
  expect(await page.evaluate(`import(${JSON.stringify(attachment)}).then(() => "ran", () => "refused")`)).toBe("refused");
  expect(ended.fetched, "a preview fetches it").toBe(script);
  expect(await page.evaluate("globalThis.hacked")).toBeUndefined();
  expect(statuses.get("script")).toBe(403);
  expect(statuses.get("worker")).toBe(403);
  expect(statuses.get("empty")).toBe(200);
  await page.close();
});

test("[SV131] a stored page that is opened is a download, and another origin can neither read nor embed it", async () => {
  const page = await browser.newPage();
  await page.goto(url);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.evaluate(
      `document.body.append(Object.assign(document.createElement("a"), { href: ${JSON.stringify(attachment)}, id: "file" })), file.click()`,
    ),
  ]);
  expect(download.suggestedFilename()).toBe("script.js");
  const shown = (at: Page, src: string) =>
    at.evaluate<string>(`new Promise((resolve) => {
      const element = document.createElement("img");
      Object.assign(element, { src: ${JSON.stringify(src)}, onload: () => resolve("shown"), onerror: () => resolve("refused") });
      document.body.append(element);
    })`);
  expect(await shown(page, picture)).toBe("shown");
  const stranger = createServer((_, response) => response.setHeader("content-type", "text/html").end("<body>")).listen(0, "127.0.0.1");
  await once(stranger, "listening");
  const { port } = stranger.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/`);
  expect(await shown(page, url + picture)).toBe("refused");
  await page.close();
  stranger.close();
});

test("[SV131] a stream of events is answered as data too, though it leaves the server by another way", async () => {
  const stop = new AbortController();
  const answer = await fetch(`${url}/api/doppelwerk/v1/branches/live/events`, { signal: stop.signal });
  stop.abort();
  expect(answer.headers.get("content-type")).toContain("text/event-stream");
  expect(answer.headers.get("content-security-policy")).toContain("sandbox");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
});
