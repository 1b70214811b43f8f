import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "playwright-core";
import { areShiftsOfLinesKnown } from "./plants/line-shifts.ts";
import { eventually, startBrowser, startSite } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 7);
const BAR_S = 1;
const PAST_S = 1_800;

/**
 * The page of a closed shift and of the one that runs, on the whole demo plant with its recorded past: the answers that it is made from, and the page in a
 * browser, from its address (the browser has been here before) and from a click within the studio, until result, losses, lists and handover are there. With
 * the processor time of the server for one page and its memory. Chromium renders in software on the machine that also runs plant and server. Bar: 1 s.
 */
export async function bench(report: Report): Promise<void> {
  const site = await startSite({ minimal: false, whole: true });
  const browser = await startBrowser();
  try {
    await eventually(async () => (await site.client("Bench").world()).backfill.done, "the past of the plant", PAST_S);
    await eventually(() => areShiftsOfLinesKnown(site.url), "the past shifts of its lines", PAST_S);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript(() =>
      localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret", name: "Bench" })),
    );
    const closed = await closedShift(site.url);
    const detail = new Date(closed.from / 1_000).toISOString();
    await answers(site.url, closed, report, site.server.child.pid!);
    for (const [name, path] of [
      ["a closed shift", `/shift/${encodeURIComponent(detail)}`],
      ["the shift that runs", "/shift"],
    ] as const)
      await opened(context, site.url + path, name, report, site.server.child.pid!);
    await clicked(context, site.url, report);
    reportMedian(report, "shift-page", "memory of the server", "MiB", [memoryMiB(site.server.child.pid!)]);
  } finally {
    await browser.close();
    await site.stop();
  }
}

interface Closed {
  readonly line: string;
  readonly from: number;
  readonly to: number;
}

async function closedShift(url: string): Promise<Closed> {
  const page = await ask<{ readonly line: string; readonly before: Omit<Closed, "line"> }>(url, "shift-page");
  return { line: page.line, from: page.before.from, to: page.before.to };
}

async function ask<Answer>(url: string, path: string): Promise<Answer> {
  const answer = await fetch(`${url}/api/doppelwerk/v1/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** Bar of all answers of a page: they are asked for at once. */
async function answers(url: string, { line, from, to }: Closed, report: Report, pid: number): Promise<void> {
  const own = `line=${encodeURIComponent(line)}`;
  const paths = [`shift-page?${own}&shift=${from}`, `loss-budget?${own}&from=${from}&to=${to}`, `loss-usual?${own}&at=${from}`];
  const [wall, cpu] = [[] as number[], [] as number[]];
  for (let run = 0; run <= RUNS; run++) {
    const [start, used] = [performance.now(), cpuMs(pid)];
    await Promise.all(paths.map((path) => ask(url, path)));
    // the first of all derives what is kept of past shifts
    if (run === 0) report({ ...figureOf((performance.now() - start) / 1_000), metric: "the answers of a page, the first time" });
    else {
      wall.push((performance.now() - start) / 1_000);
      cpu.push(cpuMs(pid) - used);
    }
  }
  reportMedian(report, "shift-page", `the answers of a page (bar ${BAR_S} s)`, "s", wall);
  reportMedian(report, "shift-page", "the answers of a page, processor time of the server", "ms", cpu);
}

function figureOf(value: number): Parameters<Report>[0] {
  let row: Parameters<Report>[0] | undefined;
  reportMedian((own) => (row = own), "shift-page", "", "s", [value]);
  return row!;
}

async function opened(context: BrowserContext, address: string, name: string, report: Report, pid: number): Promise<void> {
  const [wall, cpu] = [[] as number[], [] as number[]];
  for (let run = 0; run <= RUNS; run++) {
    const page = await context.newPage();
    const [start, used] = [performance.now(), cpuMs(pid)];
    await page.goto(address, { waitUntil: "commit" });
    await whole(page);
    const seconds = (performance.now() - start) / 1_000;
    if (run > 0) {
      wall.push(seconds);
      cpu.push(cpuMs(pid) - used);
    }
    await page.close();
  }
  reportMedian(report, "shift-page", `${name}, address to the whole page (bar ${BAR_S} s)`, "s", wall);
  reportMedian(report, "shift-page", `${name}, processor time of the server`, "ms", cpu);
}

/** As a shift lead opens it who has the board before him. */
async function clicked(context: BrowserContext, url: string, report: Report): Promise<void> {
  const page = await context.newPage();
  const wall: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    await page.goto(`${url}/settings`);
    const link = page.locator(".dw-nav-item", { hasText: "Shift" }).first();
    await link.waitFor();
    const start = performance.now();
    await link.click();
    await whole(page);
    if (run > 0) wall.push((performance.now() - start) / 1_000);
  }
  await page.close();
  reportMedian(report, "shift-page", `a click in the studio to the whole page (bar ${BAR_S} s)`, "s", wall);
}

async function whole(page: Page): Promise<void> {
  await Promise.all(
    [".dw-shift-result", ".dw-cascade-row.is-sum", ".dw-shift-columns", ".dw-shift-handover"].map((part) =>
      page.locator(part).first().waitFor(),
    ),
  );
}

const HERTZ = 100;

/** Processor time of a process and its threads. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / HERTZ) * 1_000;
}

function memoryMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
}
