import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { LIVE, SECOND, type SampleBatch } from "@doppelwerk/world";
import type { Page } from "playwright-core";
import { openProduct } from "../apps/doppelwerk/src/site-of-product.fixture.ts";
import { clientOf, startBrowser, startServer } from "../e2e/running-site.ts";
import { reportMedian, timed, type Report } from "./report.ts";

const SAMPLES = Number(process.env["BENCH_SAMPLES"] ?? 10_000_000);
const ZOOMS = Number(process.env["BENCH_RUNS"] ?? 9);
const BATCH = 250_000;
const SIGNAL = "signal:bench";
/** The drawing of the page has so many steps. */
const POINTS = 600;

/** In the page: when answers of trends came, and when the canvas was drawn after them. */
const WATCH = `(() => {
  globalThis.drawn = [];
  let answered = false;
  const fetched = globalThis.fetch;
  globalThis.fetch = async (...given) => {
    const answer = await fetched(...given);
    if (String(given[0]?.url ?? given[0]).includes("/trend?")) {
      const read = answer.text.bind(answer);
      answer.text = async () => { const text = await read(); answered = true; return text; };
      const parsed = answer.json.bind(answer);
      answer.json = async () => { const value = await parsed(); answered = true; return value; };
    }
    return answer;
  };
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...given) {
    clear.apply(this, given);
    if (this.canvas.closest(".dw-plot") === null) return;
    const isSharp = answered;
    answered = false;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => globalThis.drawn.push({ at: performance.now(), isSharp });
    requestAnimationFrame(() => channel.port2.postMessage(0));
  };
})()`;

/**
 * A trend of ten million samples of one signal, a sample a second. From letting go of a stretch that was dragged over to the picture of it from newly read
 * samples (bar: 100 ms), and the two steps of it: the answer of the server, and the drawing. Chromium renders in software on the machine of the server.
 */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-trends-"));
  const from = await bring(report, folder);
  const to = from + SAMPLES * SECOND;
  const server = await startServer(folder);
  const browser = await startBrowser();
  try {
    const url = String(server.ready["url"]);
    await answers(report, url, from, to);
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.addInitScript(() =>
      localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "secret-of-bench", name: "Bench", language: "en" })),
    );
    await page.addInitScript(WATCH);
    const detail = new URLSearchParams({ s: SIGNAL, r: `${from}-${to}`, q: "1" });
    await page.goto(`${url}/analysis/${encodeURIComponent(detail.toString())}?inspector=closed`);
    await page.waitForFunction(() => (globalThis as never as Drawn).drawn.some(({ isSharp }) => isSharp), undefined, { timeout: 60_000 });
    await zooms(report, page);
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Drawn {
  readonly drawn: { readonly at: number; readonly isSharp: boolean }[];
}

/** A slow wave with a quick one and some that stand out, as a plant sends it; returns where it begins. */
async function bring(report: Report, folder: string): Promise<number> {
  const site = await openProduct(folder);
  const record = { id: SIGNAL, kind: "signal", name: "Pressure", valueType: "double", unit: "bar", resolution: 0.01 };
  await site.view(SYSTEM).apply({ branch: LIVE, reason: "bench", changes: [{ op: "create", record }] });
  const from = Math.floor(site.now() / SECOND - SAMPLES - 60) * SECOND;
  for (let start = 0; start < SAMPLES; start += BATCH)
    await site.history.append(LIVE, batchOf(from, start, Math.min(BATCH, SAMPLES - start)), [SIGNAL]);
  await site.close();
  const again = await openProduct(folder);
  const [whole, zoomed]: [number[], number[]] = [[], []];
  for (let run = 0; run < ZOOMS; run++) {
    whole.push(await cpuOf(again, from + run * SECOND, from + SAMPLES * SECOND));
    zoomed.push(await cpuOf(again, from + (SAMPLES / 3) * SECOND + run * SECOND, from + (SAMPLES / 3) * 2 * SECOND));
  }
  await again.close();
  reportMedian(report, "trends", `processor time: ${SAMPLES / 1e6} M samples in ${POINTS} steps`, "ms", whole);
  reportMedian(report, "trends", `processor time: a third of them in ${POINTS} steps`, "ms", zoomed);
  return from;
}

/** Of reading and of making the answer, in this process. */
async function cpuOf(site: HostedWorld, from: number, to: number): Promise<number> {
  const { cpuS } = await timed(async () => {
    const { min, max, mean } = await site.history.buckets({ branch: LIVE, signal: SIGNAL }, from, to, POINTS);
    return JSON.stringify([min, max, mean].map((column) => [...column]));
  });
  return cpuS * 1_000;
}

function batchOf(from: number, start: number, count: number): SampleBatch {
  const times = Float64Array.from({ length: count }, (_, at) => from + (start + at) * SECOND);
  const values = Float64Array.from({ length: count }, (_, at) => {
    const n = start + at;
    return (
      Math.round((50 + 20 * Math.sin(n / 90_000) + 3 * Math.sin(n / 37) + ((n * 7_919) % 13) / 10 + (n % 99_991 === 0 ? 30 : 0)) * 100) /
      100
    );
  });
  return {
    origin: "measured",
    count,
    signals: new Uint32Array(count),
    values,
    texts: new Map(),
    qualities: new Uint8Array(count),
    sourceTimes: times,
    serverTimes: times,
  };
}

/** The server alone, each time another half of what is left, so that nothing is answered from before. */
async function answers(report: Report, url: string, from: number, to: number): Promise<void> {
  const client = clientOf(url, "Bench");
  const whole: number[] = [];
  const half: number[] = [];
  for (let run = 0; run < ZOOMS; run++) {
    const begin = performance.now();
    await client.trend(SIGNAL, from + run * SECOND, to - run * SECOND, POINTS);
    whole.push(performance.now() - begin);
    const again = performance.now();
    await client.trend(SIGNAL, from + (to - from) / 4 + run * SECOND, from + (to - from) * 0.75, POINTS);
    half.push(performance.now() - again);
  }
  reportMedian(report, "trends", `server: ${SAMPLES / 1e6} M samples in ${POINTS} steps`, "ms", whole);
  reportMedian(report, "trends", `server: half of them in ${POINTS} steps`, "ms", half);
}

/** Drags over the middle third, again and again; the last zoom shows a few samples. */
async function zooms(report: Report, page: Page): Promise<void> {
  const canvas = page.locator(".dw-plot canvas").first();
  const [rough, sharp]: [number[], number[]] = [[], []];
  const wire = await page.context().newCDPSession(page);
  // processor time of the page, whatever else runs on the machine
  await wire.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
  await wire.send("Performance.enable");
  const task = async (): Promise<number> =>
    (await wire.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")!.value * 1_000;
  const cpu: number[] = [];
  for (let zoom = 0; zoom < ZOOMS; zoom++) {
    await page.waitForTimeout(1_500);
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.35, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.65, box.y + 120, { steps: 4 });
    await page.evaluate(() => {
      (globalThis as never as Drawn).drawn.length = 0;
      (globalThis as never as EventTarget).addEventListener(
        "pointerup",
        () => ((globalThis as never as { let: number }).let = performance.now()),
        {
          once: true,
          capture: true,
        },
      );
    });
    const before = await task();
    await page.mouse.up();
    await page.waitForFunction(() => (globalThis as never as Drawn).drawn.some(({ isSharp }) => isSharp), undefined, { timeout: 60_000 });
    const [first, last] = await page.evaluate(() => {
      const { drawn, let: from } = globalThis as never as Drawn & { readonly let: number };
      return [drawn[0]!.at - from, drawn.find(({ isSharp }) => isSharp)!.at - from] as const;
    });
    cpu.push((await task()) - before);
    rough.push(first);
    sharp.push(last);
  }
  reportMedian(report, "trends", "zoom: to the first picture, of what was there", "ms", rough);
  reportMedian(report, "trends", "zoom: to the picture of newly read samples (bar 100)", "ms", sharp);
  reportMedian(report, "trends", "zoom: processor time of the page", "ms", cpu);
}
