import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { clientOf, eventually, startBrowser, startProgram, startServer, type Program } from "../e2e/running-site.ts";
import { serverEnvironment } from "../scripts/server-process.mjs";
import { quantile, reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);
const LINES = Number(process.env["BENCH_LINES"] ?? 10);
const WATCH_S = 20;
/** The first picture in 3D is drawn by the processor here: a machine that is busy goes without the figure. */
const PICTURE_MS = 40_000;

/** In the page: numbers of rows as they are painted, by the page's clock, which is the plant's. A frame is on the screen when the next task runs. */
const WATCH = `(() => {
  globalThis.painted = [];
  const seen = new Map();
  const look = () => {
    for (const element of document.querySelectorAll("[data-signal]")) {
      const { signal } = element.dataset;
      const text = element.textContent;
      if (seen.get(signal) === text) continue;
      const isNew = !seen.has(signal);
      seen.set(signal, text);
      if (isNew) continue;
      const channel = new MessageChannel();
      channel.port1.onmessage = () => globalThis.painted.push({ signal, text, at: Date.now() });
      channel.port2.postMessage(0);
    }
    requestAnimationFrame(look);
  };
  look();
})()`;

/**
 * The board of a site of ten lines with sixteen stations each, and an area without a flow. From its address to the rows (bar: 1.5 s), what is loaded until then,
 * and to the first picture in 3D. With all that on the screen, from the write of a value at an OPC UA server to its pixels in a row (bar: p95 200 ms). Chromium
 * renders in software on the machine that also runs plant and server.
 */
export async function bench(report: Report): Promise<void> {
  // as `npm start` does beside the start of the plant
  execFileSync(process.execPath, [fileURLToPath(new URL("../scripts/warm-code.ts", import.meta.url))], {
    env: serverEnvironment(process.env) as NodeJS.ProcessEnv,
    stdio: "ignore",
  });
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-board-"));
  const programs: Program[] = [];
  const browser = await startBrowser();
  try {
    mkdirSync(join(folder, "plant"));
    const plant = await startProgram("bench/plants/many-lines.ts", [String(LINES), join(folder, "plant"), "--counts"]);
    programs.push(plant);
    const server = await startServer(join(folder, "data"), ["--import", String(plant.ready["engineeringFile"]), "--demo"]);
    programs.push(server);
    const url = String(server.ready["url"]);
    const client = clientOf(url, "Bench");
    await eventually(async () => {
      const connections = await client.connections();
      return connections.length > 0 && connections.every(({ state }) => state === "connected") && (await client.world()).backfill.done;
    }, "every connection");
    const board = `${url}/board/${encodeURIComponent(await site(url))}`;
    await opened(browser, board, report);
    await painted(browser, board, url, report);
  } finally {
    await browser.close();
    for (const program of programs.toReversed()) await program.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function opened(browser: Browser, board: string, report: Report): Promise<void> {
  const figures = { rows: [] as number[], picture: [] as number[], requests: [] as number[], kilobytes: [] as number[] };
  for (let run = -1; run < RUNS; run++) {
    const page = await pageOf(browser);
    const start = performance.now();
    await page.goto(board, { waitUntil: "commit" });
    await page.locator(".dw-places tbody tr.is-line").first().waitFor();
    const rows = (performance.now() - start) / 1_000;
    const { requests, bytes } = await page.evaluate<{ requests: number; bytes: number }>(LOADED);
    const picture = await page
      .locator(".dw-place-scene-host:not(.is-setting-up)")
      .waitFor({ timeout: PICTURE_MS })
      .then(
        () => (performance.now() - start) / 1_000,
        () => undefined,
      );
    await page.context().close();
    // the first of all warms the server up
    if (run < 0) continue;
    figures.rows.push(rows);
    figures.requests.push(requests);
    figures.kilobytes.push(bytes / 1_000);
    if (picture !== undefined) figures.picture.push(picture);
  }
  reportMedian(report, "place-board", `address to rows, ${LINES} lines`, "s", figures.rows);
  reportMedian(report, "place-board", "requests until then", "", figures.requests);
  reportMedian(report, "place-board", "received until then", "kB", figures.kilobytes);
  if (figures.picture.length > 0)
    reportMedian(report, "place-board", `address to the first picture in 3D, ${LINES} lines`, "s", figures.picture);
}

const LOADED = `(() => {
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return { requests: all.length, bytes: all.reduce((sum, { transferSize }) => sum + transferSize, 0) };
})()`;

async function painted(browser: Browser, board: string, url: string, report: Report): Promise<void> {
  const page = await pageOf(browser);
  await page.goto(board);
  await page.locator("[data-signal]").first().waitFor();
  await page
    .locator(".dw-place-scene-host:not(.is-setting-up)")
    .waitFor({ timeout: PICTURE_MS })
    .catch(() => {
      // the values of rows are there without it
    });
  const session = clientOf(url, "Bench").live();
  /** By signal and number: when it was written, milliseconds. */
  const written = new Map<string, number>();
  session.on((event) => {
    if (event.kind === "state" && event.state.kind === "online") session.subscribe("all");
    if (event.kind !== "samples") return;
    const { batch } = event;
    for (let row = 0; row < batch.count; row++)
      written.set(`${session.signals()[batch.signals[row]!]?.id} ${String(batch.values[row])}`, batch.sourceTimes[row]! / 1_000);
  });
  await page.evaluate(WATCH);
  await new Promise((done) => setTimeout(done, WATCH_S * 1_000));
  const seen =
    await page.evaluate<readonly { readonly signal: string; readonly text: string; readonly at: number }[]>("globalThis.painted");
  session.close();
  await page.context().close();
  const ages = seen.flatMap(({ signal, text, at }) => {
    const source = written.get(`${signal} ${Number.parseInt(text, 10)}`);
    return source === undefined ? [] : [at - source];
  });
  if (ages.length < WATCH_S) throw new Error(`${ages.length} values of rows were painted in ${WATCH_S} s`);
  const sorted = ages.toSorted((a, b) => a - b);
  reportMedian(report, "place-board", "write of a value to its pixels", "ms", sorted);
  reportMedian(report, "place-board", "write of a value to its pixels, p95", "ms", [quantile(sorted, 0.95)]);
}

async function pageOf(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret", name: "Bench" })));
  return page;
}

/** The site of the world. */
async function site(url: string): Promise<string> {
  const { places } = (await (await fetch(`${url}/api/doppelwerk/v1/places`)).json()) as {
    readonly places: readonly { readonly id: string; readonly kind: string }[];
  };
  const place = places.find(({ kind }) => kind === "site") ?? places[0];
  if (place === undefined) throw new Error("the plant has no places");
  return place.id;
}
