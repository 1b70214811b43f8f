import { readFileSync } from "node:fs";
import type { BrowserContext } from "playwright-core";
import { areShiftsOfLinesKnown } from "./plants/line-shifts.ts";
import { eventually, startBrowser, startSite } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 7);
const BAR_S = 1.5;
const VIEWERS = 5;
const WATCHED_S = 30;
const PAST_S = 1_800;

/**
 * A board of 20 tiles of every kind on the whole demo plant with its recorded past: from its address until every tile has its data, in a browser that has
 * been here before; and what it costs the server while five people look at it. Chromium renders in software on the machine that also runs plant and server.
 */
export async function bench(report: Report): Promise<void> {
  const site = await startSite({ minimal: false, whole: true });
  const browser = await startBrowser();
  try {
    await eventually(async () => (await site.client("Bench").world()).backfill.done, "the past of the plant", PAST_S);
    await eventually(() => areShiftsOfLinesKnown(site.url), "the past shifts of its lines", PAST_S);
    const address = `${site.url}/boards/${encodeURIComponent(await madeBoard(site.url))}`;
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript(() =>
      localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret", name: "Bench" })),
    );
    const pid = site.server.child.pid!;
    await opened(context, address, report);
    await watched(context, address, report, pid);
  } finally {
    await browser.close();
    await site.stop();
  }
}

async function ask<Answer>(url: string, method: "GET" | "POST", path: string, body?: object): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/doppelwerk/v1/${path}`, { method, ...(body && { headers, body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

interface Brought {
  readonly signals: readonly { readonly id: string; readonly valueType: string }[];
}

async function madeBoard(url: string): Promise<string> {
  const connections = await ask<readonly { readonly id: string }[]>(url, "GET", "connections");
  const brought = await Promise.all(
    connections.map(({ id }) => ask<Brought>(url, "GET", `connections/${encodeURIComponent(id)}/signals`).then((answer) => answer.signals)),
  );
  const signals = brought
    .flat()
    .filter(({ valueType }) => valueType === "double")
    .map(({ id }) => id);
  const kpis = ["oee", "availability", "effectiveness", "qualityRatio", "good", "throughputPerHour", "leadTimeS", "wip"];
  const tiles = [
    ...kpis.map((kpi) => ({ kind: "kpis.value", settings: { kpi } })),
    { kind: "kpis.figures", settings: {} },
    { kind: "line.states", settings: { hours: 4 } },
    { kind: "alarms.active", settings: {} },
    { kind: "losses.pareto", settings: { hours: 8 } },
    { kind: "shiftPage.overview", settings: {} },
    { kind: "notes.list", settings: {} },
    { kind: "places.areas", settings: {} },
    { kind: "boards.text", settings: { text: "# Board" } },
    { kind: "history.values", settings: { signals: signals.slice(0, 12) } },
    ...[0, 1, 2].map((at) => ({ kind: "history.trend", settings: { signals: signals.slice(at * 3, at * 3 + 3), hours: 1 } })),
  ];
  const board = await ask<{ readonly id: string }>(url, "POST", "boards", { title: "Bench", sharing: { with: "everybody" } });
  const acts = tiles.map((fields, at) => ({
    act: "put",
    tile: `boardTile:bench-${at}`,
    fields: { ...fields, moment: { of: "page" } },
    place: [
      { key: Math.floor(at / 5), size: 1 },
      { key: at % 5, size: 1 },
    ],
  }));
  await ask(url, "POST", `boards/${encodeURIComponent(board.id)}/acts`, { acts });
  return board.id;
}

/** Until no tile waits and all of them are there. */
async function shown(context: BrowserContext, address: string) {
  const page = await context.newPage();
  const start = performance.now();
  await page.goto(address);
  await page.waitForFunction(() => {
    const { document } = globalThis as unknown as {
      readonly document: { querySelectorAll(selector: string): { readonly length: number } };
    };
    const count = (selector: string): number => document.querySelectorAll(selector).length;
    return count(".dw-tile-body, .dw-tile-empty") === 20 && count(".dw-tile-waiting") === 0;
  });
  return { page, seconds: (performance.now() - start) / 1_000 };
}

async function opened(context: BrowserContext, address: string, report: Report): Promise<void> {
  const wall: number[] = [];
  for (let run = -1; run < RUNS; run++) {
    const { page, seconds } = await shown(context, address);
    if (run >= 0) wall.push(seconds);
    await page.close();
  }
  reportMedian(report, "boards", `a board of 20 tiles, address to the data of every tile (bar ${BAR_S} s)`, "s", wall);
}

async function watched(context: BrowserContext, address: string, report: Report, pid: number): Promise<void> {
  for (let viewer = 0; viewer < VIEWERS; viewer++) await shown(context, address);
  const before = processorS(pid);
  await new Promise((resolve) => setTimeout(resolve, WATCHED_S * 1_000));
  const share = ((processorS(pid) - before) / WATCHED_S) * 100;
  reportMedian(report, "boards", `processor of the server, ${VIEWERS} viewers of a board of 20 tiles`, "% of a core", [share]);
}

function processorS(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
