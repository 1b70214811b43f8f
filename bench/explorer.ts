import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeId } from "@doppelwerk/aas";
import type { Browser, CDPSession, Page } from "playwright-core";
import { clientOf, startBrowser, startServer } from "../e2e/running-site.ts";
import { plantShells, shellId, shellName, submodelId } from "./plants/many-shells.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);
const PART = 2_000;
/** Steps of a walk down the list, one a frame. */
const FRAMES = 120;

/**
 * The explorer over a large repository in Chromium: from the address to the first line, scrolling, the tree of one shell, a deep link, Back, search while typing,
 * loading all of it in the order of names; the work of the main thread per frame and the tasks above 50 ms; and what the server takes for a page.
 * The same on 1 % of the shells in the same run, interleaved: what depends on the size shows there. `--shells=N` (default 100,000),
 * `--data=DIR` keeps the worlds for the next run. Chromium renders in software on the machine that also runs the servers.
 */
export async function bench(report: Report): Promise<void> {
  const option = (name: string): string | undefined => process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
  const shells = Number(option("shells") ?? 100_000);
  const kept = option("data");
  const root = kept ?? mkdtempSync(join(tmpdir(), "doppelwerk-explorer-bench-"));
  const browser = await startBrowser();
  try {
    const worlds = [];
    for (const count of [Math.max(PART, Math.floor(shells / 100)), shells]) worlds.push(await openWorld(join(root, String(count)), count));
    const figures = new Map<string, { unit: string; values: number[] }>();
    const tell = (metric: string, unit: string, value: number): void => {
      const held = figures.get(metric) ?? { unit, values: [] };
      held.values.push(value);
      figures.set(metric, held);
    };
    for (let run = 0; run < RUNS; run++)
      for (const world of worlds)
        await visit(browser, world, (metric, unit, value) => tell(`${metric}, ${world.count} shells`, unit, value));
    for (const [metric, { unit, values }] of figures) reportMedian(report, "explorer", metric, unit, values);
    for (const { server } of worlds) await server.stop();
  } finally {
    await browser.close();
    if (kept === undefined) rmSync(root, { recursive: true, force: true });
  }
}

type Tell = (metric: string, unit: string, value: number) => void;
type World = Awaited<ReturnType<typeof openWorld>>;

async function openWorld(data: string, count: number) {
  const isThere = existsSync(data);
  const server = await startServer(data);
  const url = String(server.ready["url"]).replace(/\/$/, "");
  const client = clientOf(url, "Bench");
  for (let first = 0; !isThere && first < count; first += PART) {
    const text = JSON.stringify(plantShells(first, Math.min(PART, count - first)));
    await client.importFile(`part ${first}`, new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>);
  }
  return { server, url, count };
}

async function visit(browser: Browser, { url, count }: World, tell: Tell): Promise<void> {
  await pages(url, tell);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(() => {
    localStorage.setItem("doppelwerk.preferences", JSON.stringify({ name: "Bench", theme: "light", language: "en" }));
  });
  await page.addInitScript(`
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask", buffered: true });
  `);
  const wire = await page.context().newCDPSession(page);
  await wire.send("Performance.enable");
  const tree = page.getByRole("tree");
  const row = (name: string) => tree.getByRole("treeitem", { name });
  const timed = async (metric: string, run: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await run();
    tell(metric, "ms", performance.now() - start);
  };
  // The code of the page is in the cache of the browser, as on any day but the first.
  await page.goto(`${url}/assets/shells`);
  await tree.getByRole("treeitem").first().waitFor();
  await timed("address to first line", async () => {
    await page.goto(`${url}/assets/shells`);
    await tree.getByRole("treeitem").first().waitFor();
  });
  await page.waitForLoadState("networkidle");
  await settle(page);
  const scrolled = await walk(page, wire);
  tell("scrolling, main thread per frame", "ms", scrolled.taskMs / FRAMES);
  tell("scrolling, tasks above 50 ms", "tasks", scrolled.longTasks.length);
  const number = Math.floor(count / 2) + 4;
  await timed("deep link to an element, address to its line in the tree", async () => {
    await page.goto(`${url}/assets/shells~a.${encodeId(shellId(number))}~s.${encodeId(submodelId(number))}~p.${encodeId("SerialNumber")}`);
    await row("SerialNumber").waitFor();
  });
  await row(shellName(number)).click();
  await page.getByRole("heading", { name: shellName(number) }).waitFor();
  await timed("Back", async () => {
    await page.goBack();
    await page.getByRole("heading", { name: "SerialNumber" }).waitFor();
  });
  await page.goto(`${url}/assets/shells`);
  await tree.getByRole("treeitem").first().waitFor();
  const box = page.getByRole("textbox", { name: /idShort/ });
  await timed("search, last key to the line found by its whole name", async () => {
    await box.fill(shellName(number));
    await row(shellName(number)).waitFor();
    await tree
      .getByRole("treeitem")
      .first()
      .filter({ hasText: shellName(number) })
      .waitFor();
  });
  await box.fill("");
  await page.locator(".dw-finder-count").getByText("so far").or(page.locator(".dw-finder-count").getByText("Shells:")).waitFor();
  await forgetLongTasks(page);
  const typed = shellName(number).slice(-4);
  await box.pressSequentially(typed.slice(0, -1), { delay: 60 });
  await timed("search, last key to the first line that contains it", async () => {
    await box.press(typed.at(-1)!);
    await tree.locator("mark", { hasText: typed }).first().waitFor({ timeout: 120_000 });
  });
  tell("typing a search, tasks above 50 ms", "tasks", (await longTasks(page)).length);
  await box.fill("");
  await page.locator(".dw-finder-count").getByText("so far").or(page.locator(".dw-finder-count").getByText("Shells:")).waitFor();
  await settle(page);
  await forgetLongTasks(page);
  await timed("every shell loaded and in the order of names, shown at the last", async () => {
    const all = page.getByRole("button", { name: "Load all, by name" });
    if (await all.isVisible()) await all.click();
    await page.getByText(`Shells: ${count}`, { exact: true }).waitFor({ timeout: 120_000 });
    await tree.focus();
    await page.keyboard.press("End");
    await row(`Valve_${String(lastOf(count)).padStart(6, "0")}`).waitFor();
  });
  const loading = await longTasks(page);
  tell("loading every shell, longest task", "ms", Math.max(0, ...loading));
  await settle(page);
  const deep = await walk(page, wire, -1);
  tell("scrolling with every shell loaded, main thread per frame", "ms", deep.taskMs / FRAMES);
  tell("scrolling with every shell loaded, tasks above 50 ms", "tasks", deep.longTasks.length);
  await page.close();
}

/** The valve with the greatest number: what stands last in the order of names. */
function lastOf(count: number): number {
  return Math.floor((count - 2) / 8) * 8 + 1;
}

/** Server time of a page, the way over the socket included. */
async function pages(url: string, tell: Tell): Promise<void> {
  for (const limit of [100, 1_000]) {
    let cursor = "";
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const start = performance.now();
      const answer = await fetch(`${url}/api/v3/shells?limit=${limit}${cursor}`);
      const { paging_metadata: paging } = (await answer.json()) as { readonly paging_metadata: { readonly cursor?: string } };
      times.push(performance.now() - start);
      if (paging.cursor === undefined) break;
      cursor = `&cursor=${paging.cursor}`;
    }
    tell(`page of ${limit} from the server`, "ms", times.toSorted((a, b) => a - b)[times.length >> 1]!);
  }
}

/** Scrolls by most of a screen every frame. */
async function walk(
  page: Page,
  wire: CDPSession,
  direction = 1,
): Promise<{ readonly taskMs: number; readonly longTasks: readonly number[] }> {
  await forgetLongTasks(page);
  const before = await taskMs(wire);
  await page.evaluate(`(async () => {
    const list = document.querySelector("[role=tree]");
    for (let frame = 0; frame < ${FRAMES}; frame++) {
      list.scrollTop += ${direction * 500};
      await new Promise(requestAnimationFrame);
    }
  })()`);
  return { taskMs: (await taskMs(wire)) - before, longTasks: await longTasks(page) };
}

async function taskMs(wire: CDPSession): Promise<number> {
  const { metrics } = await wire.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")!.value * 1_000;
}

function longTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
}

function forgetLongTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    (globalThis as unknown as { longTasks: number[] }).longTasks = [];
  });
}

/** What the page still does after it looks ready is not what is measured next. */
function settle(page: Page): Promise<void> {
  return page.waitForTimeout(400);
}
