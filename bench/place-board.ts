import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { clientOf, eventually, startBrowser, startProgram, startServer, type Program } from "../e2e/running-site.ts";
import { quantile, reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);
const LINES = Number(process.env["BENCH_LINES"] ?? 10);
const WATCH_S = 30;

/** In the page: when a value of a row was painted, by the page's clock, which is the plant's. */
const WATCH = `(() => {
  globalThis.painted = [];
  const seen = new Map();
  const look = () => {
    for (const element of document.querySelectorAll("[data-signal]")) {
      const { signal } = element.dataset;
      if (seen.get(signal) === element.textContent) continue;
      if (seen.has(signal)) globalThis.painted.push({ signal, at: Date.now() });
      seen.set(signal, element.textContent);
    }
    requestAnimationFrame(look);
  };
  look();
})()`;

/**
 * The board of a site. Of ten lines of sixteen stations: from its address to the rows and to the first picture in 3D (bar for the rows: 1.5 s). Of the demo site: from
 * the source time of a value of an area to its pixels, within a frame (bar: p95 200 ms). Chromium renders in software on the machine that also runs plant and server.
 */
export async function bench(report: Report): Promise<void> {
  const browser = await startBrowser();
  try {
    await opened(browser, report);
    await painted(browser, report);
  } finally {
    await browser.close();
  }
}

async function opened(browser: Browser, report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-board-"));
  const programs: Program[] = [];
  try {
    mkdirSync(join(folder, "plant"));
    const plant = await startProgram("bench/plants/many-lines.ts", [String(LINES), join(folder, "plant")]);
    programs.push(plant);
    const server = await startServer(join(folder, "data"), ["--import", String(plant.ready["engineeringFile"]), "--demo"]);
    programs.push(server);
    const url = String(server.ready["url"]);
    await eventually(async () => (await clientOf(url, "Bench").world()).backfill.done, "the past is read");
    const place = await outermost(url);
    const [rows, scene]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      const page = await pageOf(browser);
      const start = performance.now();
      await page.goto(`${url}/board/${encodeURIComponent(place)}`);
      await page.locator(".dw-places tbody tr").first().waitFor();
      rows.push((performance.now() - start) / 1_000);
      await page.locator(".dw-place-scene-host:not(.is-setting-up)").waitFor({ timeout: 120_000 });
      scene.push((performance.now() - start) / 1_000);
      await page.context().close();
    }
    reportMedian(report, "place-board", `address to rows, ${LINES} lines`, "s", rows);
    reportMedian(report, "place-board", `address to the first picture in 3D, ${LINES} lines`, "s", scene);
  } finally {
    for (const program of programs.toReversed()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function painted(browser: Browser, report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-values-"));
  const programs: Program[] = [];
  try {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const flags = ["--json", "--minimal", "--site", "--data", join(folder, "plant"), "--push", url];
    const plant = await startProgram("examples/demo-plant/src/main.ts", flags);
    programs.push(plant);
    const file = String(plant.ready["engineeringFile"]);
    programs.push(await startServer(join(folder, "data"), ["--port", String(port), "--import", file, "--demo"]));
    const client = clientOf(url, "Bench");
    await eventually(async () => (await client.world()).backfill.done, "the past is read");
    const page = await pageOf(browser);
    await page.goto(`${url}/board/${encodeURIComponent(await outermost(url))}`);
    await page.locator("[data-signal]").first().waitFor();
    const session = client.live();
    const sources = new Map<string, number[]>();
    session.on((event) => {
      if (event.kind === "state" && event.state.kind === "online") session.subscribe("all");
      if (event.kind !== "samples") return;
      const { batch } = event;
      for (let row = 0; row < batch.count; row++) {
        const id = session.signals()[batch.signals[row]!]?.id;
        if (id !== undefined) sources.set(id, [...(sources.get(id) ?? []), batch.sourceTimes[row]! / 1_000]);
      }
    });
    await page.evaluate(WATCH);
    await new Promise((done) => setTimeout(done, WATCH_S * 1_000));
    const seen = await page.evaluate<readonly { readonly signal: string; readonly at: number }[]>("globalThis.painted");
    session.close();
    const ages = seen.flatMap(({ signal, at }) => {
      const source = sources.get(signal)?.findLast((time) => time <= at);
      return source === undefined ? [] : [at - source];
    });
    if (ages.length === 0) throw new Error("no value of a row was painted");
    const sorted = ages.toSorted((a, b) => a - b);
    reportMedian(report, "place-board", "source time of a value to its pixels", "ms", sorted);
    reportMedian(report, "place-board", "source time of a value to its pixels, p95", "ms", [quantile(sorted, 0.95)]);
  } finally {
    for (const program of programs.toReversed()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pageOf(browser: Browser) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret", name: "Bench" })));
  return page;
}

/** The site of the world, else its outermost place. */
async function outermost(url: string): Promise<string> {
  const { places } = (await (await fetch(`${url}/api/doppelwerk/v1/places`)).json()) as {
    readonly places: readonly { readonly id: string; readonly kind: string }[];
  };
  const place = places.find(({ kind }) => kind === "site") ?? places[0];
  if (place === undefined) throw new Error("the plant has no places");
  return place.id;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as { readonly port: number };
  await new Promise((done) => probe.close(done));
  return port;
}
