import type { CDPSession, Page } from "playwright-core";
import { eventually, startBrowser, startSite, type Program } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const MINUTES = Number(process.env["BENCH_MINUTES"] ?? 60);
/** What is loaded once, caches and the past of the plant, is not growth: the first sample is taken so long after the past has been read. */
const WARM_MINUTES = Number(process.env["BENCH_WARM_MINUTES"] ?? 10);
const SAMPLES = 12;
const BACKFILL_S = 1_800;
/** How long the third viewer looks at a page. */
const LOOK_MS = 20_000;

/**
 * The demo site for an hour with three viewers: one has the board open, one the world, one goes from page to page. Heap of the pages and of the server's main
 * thread after a collection, growth from the first quarter of the samples to the last one, and what the consoles say. Bars: no error, growth ≤ 5 %.
 * `BENCH_MINUTES` shortens it.
 */
export async function bench(report: Report): Promise<void> {
  const site = await startSite({ minimal: false, whole: true });
  const browser = await startBrowser();
  const errors: string[] = [];
  try {
    const server = await heapOfProgram(site.server);
    await eventually(async () => (await site.client("Bench").world()).backfill.done, "the past of the plant", BACKFILL_S);
    const pages = await Promise.all(
      ["/board", "/world", "/board"].map(async (path, viewer) => {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
        const page = await context.newPage();
        await page.addInitScript(
          (id) => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: `secret-of-${id}`, name: `Viewer ${id}` })),
          viewer,
        );
        page.on("console", (message) => message.type() === "error" && errors.push(`viewer ${viewer}: ${message.text()}`));
        page.on("pageerror", (error) => errors.push(`viewer ${viewer}: ${error.message}`));
        await page.goto(site.url + path);
        return { page, wire: await context.newCDPSession(page) };
      }),
    );
    const [board, world, walker] = pages as [Viewer, Viewer, Viewer];
    const isOver = new AbortController();
    const walking = Promise.allSettled([walk(walker.page, isOver.signal)]);
    await minutes(WARM_MINUTES);
    const taken: Readonly<Record<"server" | "board" | "world" | "walker", number[]>> = { server: [], board: [], world: [], walker: [] };
    for (let sample = 0; sample < SAMPLES; sample++) {
      if (sample > 0) await minutes(MINUTES / (SAMPLES - 1));
      taken.server.push(await server.usedMiB());
      for (const [name, viewer] of Object.entries({ board, world, walker }))
        taken[name as "board"].push(await heapAfterCollection((method) => viewer.wire.send(method as "Runtime.getHeapUsage")));
      // an hour is long for who waits
      console.error(
        Object.entries(taken)
          .map(([name, heap]) => `${name} ${heap.at(-1)!.toFixed(1)} MiB`)
          .join(", "),
        `${errors.length} errors`,
      );
    }
    isOver.abort();
    const [walked] = await walking;
    if (walked.status === "rejected") errors.push(`viewer 2: ${String(walked.reason)}`);
    for (const [name, heap] of Object.entries(taken)) {
      const [first, last] = [heap.slice(0, SAMPLES / 4), heap.slice(-SAMPLES / 4)];
      const before = reportMedian(report, "viewed-hour", `heap at first: ${name}`, "MiB", first);
      const after = reportMedian(report, "viewed-hour", `heap after ${MINUTES} minutes: ${name}`, "MiB", last);
      reportMedian(report, "viewed-hour", `growth of heap: ${name}`, "%", [(after / before - 1) * 100]);
    }
    reportMedian(report, "viewed-hour", "errors on the consoles", "", [errors.length]);
    for (const error of new Set(errors)) console.error(error);
    server.close();
  } finally {
    await browser.close();
    await site.stop();
  }
}

interface Viewer {
  readonly page: Page;
  readonly wire: CDPSession;
}

/** Goes round by the navigation of the page itself, as a person does: no page is loaded anew. */
async function walk(page: Page, isOver: AbortSignal): Promise<void> {
  const links = page.locator(".dw-nav-item:not(.dw-narrow)");
  await links.first().waitFor();
  const count = await links.count();
  for (let at = 0; !isOver.aborted; at = (at + 1) % count) {
    await links.nth(at).click();
    await new Promise<void>((done) => {
      const timer = setTimeout(done, LOOK_MS);
      isOver.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
    });
  }
}

/** The main thread of a running program, over the inspector that Node.js opens on SIGUSR1. */
async function heapOfProgram({ child }: Program): Promise<{ usedMiB(): Promise<number>; close(): void }> {
  const listening = new Promise<string>((resolve) =>
    child.stderr!.on("data", (text: Buffer) => {
      const address = /ws:\/\/\S+/.exec(text.toString())?.[0];
      if (address !== undefined) resolve(address);
    }),
  );
  child.kill("SIGUSR1");
  const socket = new WebSocket(await listening);
  await new Promise((opened) => socket.addEventListener("open", opened, { once: true }));
  let calls = 0;
  const send = (method: string): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++calls;
      const answered = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown };
        if (answer.id !== id) return;
        socket.removeEventListener("message", answered);
        resolve(answer.result);
      };
      socket.addEventListener("message", answered);
      socket.send(JSON.stringify({ id, method }));
    });
  return { usedMiB: () => heapAfterCollection(send), close: () => socket.close() };
}

async function heapAfterCollection(send: (method: string) => Promise<unknown>): Promise<number> {
  await send("HeapProfiler.enable");
  await send("HeapProfiler.collectGarbage");
  const { usedSize } = (await send("Runtime.getHeapUsage")) as { readonly usedSize: number };
  return usedSize / 2 ** 20;
}

function minutes(count: number): Promise<void> {
  return new Promise((done) => setTimeout(done, count * 60_000));
}
