import type { Browser, Page } from "playwright-core";
import { eventually, startBrowser, startSite } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 3);
/** So long the past of the plant is waited for. */
const BACKFILL_S = Number(process.env["BENCH_BACKFILL_S"] ?? 600);
const GIVE_UP_MS = 60_000;
/** So many answers in a row, each within so many milliseconds, say that nothing of the past is being worked through any more. */
const QUIET_ANSWERS = 100;
const QUIET_MS = 50;
/** Measured while the past is being read too: what somebody sees who opens the address as soon as it is printed. */
const AT_START = ["world", "board"];

interface MeasuredPage {
  readonly name: string;
  readonly path: string;
  readonly content: string;
}

/** Pages by address, and the first of their content: a row, a value or a picture with something in it, no outline, and no word that it is loaded. */
const PAGES: readonly MeasuredPage[] = [
  { name: "world", path: "/world", content: ".dw-world-host:not(.is-setting-up) canvas" },
  { name: "board", path: "/board", content: ".dw-places tbody tr" },
  { name: "alarms", path: "/alarms", content: ".dw-alarm-table tbody tr, .dw-alarm-table .dw-empty" },
  { name: "trends", path: "/trends", content: ".dw-trends .dw-trend canvas" },
  { name: "assets", path: "/assets", content: ".dw-tree .dw-tree-label, .dw-tree .dw-tree-line" },
  { name: "decide", path: "/decide", content: ".dw-decide-right .dw-card :is(tbody tr, p)" },
  { name: "changes", path: "/changes", content: ".dw-changes .dw-log, .dw-changes .dw-request" },
  { name: "connect", path: "/connect", content: ".dw-connect .dw-connection-name" },
  { name: "settings", path: "/settings", content: ".dw-settings .dw-card" },
];

/**
 * From the address to the first content on the screen of each page of the demo site, in a browser that was never here: each time a context of its own, nothing cached; a page that has no content for a minute goes without the figure. Chromium
 * renders in software on the machine that also runs plant and server. A plant has its past behind it on all days but the first, so the figure is taken when that is read and worked through; two pages are measured before as well.
 * Requests and busy time of the page's main thread (processor time) up to the content hardly depend on what else runs on the machine. Bars: world 2.5 s, board and the others 1 s.
 */
export async function bench(report: Report): Promise<void> {
  const site = await startSite({ minimal: false, whole: true });
  const browser = await startBrowser();
  try {
    const client = site.client("Bench");
    // the first of all warms the server up
    await opened(browser, site.url, PAGES[0]!);
    const early = PAGES.filter(({ name }) => AT_START.includes(name));
    await measured(browser, site.url, early, (await client.world()).backfill.done ? "" : ", while the past is read", report);
    await eventually(async () => (await client.world()).backfill.done, "the past of the plant", BACKFILL_S);
    await eventually(() => isSettled(site.url), "the model tested on past shifts", BACKFILL_S);
    await measured(browser, site.url, PAGES, "", report);
  } finally {
    await browser.close();
    await site.stop();
  }
}

/** The last work on a past that was read is over: the model is tested on past shifts of every line, and the server answers at once for a while. */
async function isSettled(url: string): Promise<boolean> {
  const response = await fetch(`${url}/api/doppelwerk/v1/backtest`);
  const { state, total } = (await response.json()) as { readonly state: string; readonly total: number };
  if (state !== "done" || total === 0) return false;
  for (let asked = 0; asked < QUIET_ANSWERS; asked++) {
    const began = performance.now();
    await (await fetch(`${url}/healthz`)).text();
    if (performance.now() - began > QUIET_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
  return true;
}

async function measured(browser: Browser, url: string, pages: readonly MeasuredPage[], when: string, report: Report): Promise<void> {
  const taken = new Map<string, Opened[]>();
  for (let run = 0; run < RUNS; run++)
    for (const page of run % 2 === 0 ? pages : pages.toReversed()) {
      const one = await opened(browser, url, page);
      if (one !== undefined) taken.set(page.name, [...(taken.get(page.name) ?? []), one]);
    }
  for (const [name, all] of taken) {
    const figure = (what: string, unit: string, of: (one: Opened) => number): void =>
      void reportMedian(report, "content", `${what}, cold${when}: ${name}`, unit, all.map(of));
    figure("address to content", "s", ({ seconds }) => seconds);
    figure("main thread busy", "ms", ({ busyMs }) => busyMs);
    figure("requests", "", ({ requests }) => requests);
  }
}

interface Opened {
  readonly seconds: number;
  /** Processor time. */
  readonly busyMs: number;
  readonly requests: number;
}

/** Runs in the page: when, since its navigation began, the first content has been painted. Asked for from outside it would be found by the next poll. */
const notePainted = (content: string): string => `(() => {
  const look = () => {
    const found = document.querySelector(${JSON.stringify(content)});
    if (found === null || found.getBoundingClientRect().height === 0) requestAnimationFrame(look);
    // a task after the frame: it is on the screen
    else setTimeout(() => (globalThis.paintedAt = performance.now()));
  };
  requestAnimationFrame(look);
})()`;

/** Undefined where nothing came. */
async function opened(browser: Browser, url: string, { path, content }: MeasuredPage): Promise<Opened | undefined> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret", name: "Bench" })));
    const wire = await context.newCDPSession(page);
    await wire.send("Performance.enable", { timeDomain: "threadTicks" });
    let requests = 0;
    page.on("request", () => requests++);
    await page.addInitScript(notePainted(content));
    await page.goto(url + path, { waitUntil: "commit" });
    const painted = await paintedAt(page);
    if (painted === undefined) return undefined;
    const seconds = painted / 1_000;
    const { metrics } = await wire.send("Performance.getMetrics");
    return { seconds, busyMs: metrics.find(({ name }) => name === "TaskDuration")!.value * 1_000, requests };
  } finally {
    await context.close();
  }
}

async function paintedAt(page: Page): Promise<number | undefined> {
  const until = performance.now() + GIVE_UP_MS;
  while (performance.now() < until) {
    const found = await page.evaluate<number | undefined>("globalThis.paintedAt");
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}
