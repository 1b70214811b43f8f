import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { eventually, startBrowser, startProgram, startServer, type Program } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);
const API = "/api/doppelwerk/v1";

/** Pages by their name in the bar, and what is first there of what they show. */
const PAGES = [
  { name: "page of a pack", title: "Dye house", content: ".dye-house-gantt" },
  { name: "page of a pack with its batches", title: "Dye house", content: ".dye-house-batch" },
  { name: "built-in page", title: "Alarms", content: ".dw-alarm-table" },
] as const;

const GIVE_UP_MS = 30_000;

/** In the page: milliseconds from the click on a page in the bar to the frame that paints its content. */
const OPENED = `async ({ title, content }) => {
  const items = [...document.querySelectorAll(".dw-nav-item")];
  const item = items.find((one) => one.textContent.startsWith(title));
  if (item === undefined) throw new Error("no " + title + " in the bar: " + items.map((one) => one.textContent).join(", "));
  const start = performance.now();
  item.click();
  while (document.querySelector(content) === null) {
    if (performance.now() - start > ${GIVE_UP_MS}) throw new Error(title + " shows no " + content + ": " + document.querySelector("main")?.textContent.slice(0, 300));
    await new Promise(requestAnimationFrame);
  }
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
}`;

/**
 * From a click in the bar of the open studio to the first content of a page of a pack (the dye house, from a folder, with two days of batches) and of a built-in page, in
 * turn; each the first time in a window of its own, when its module is loaded, and again. Chromium renders in software on the machine that also runs plant and server. Bar: 300 ms.
 */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-pack-view-"));
  const programs: Program[] = [];
  const browser = await startBrowser();
  try {
    const url = await startDyeHouse(folder, programs);
    const taken = new Map<string, number[]>();
    for (let run = -1; run < RUNS; run++)
      for (const { name, title, content } of run % 2 === 0 ? PAGES : PAGES.toReversed()) {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
        const page = await openStudio(context, url);
        for (const time of ["first", "again"]) {
          const ms = await opened(page, title, content);
          // the first of all warms the server up
          if (run >= 0) taken.set(`${name}, ${time}`, [...(taken.get(`${name}, ${time}`) ?? []), ms]);
          await away(page);
        }
        await context.close();
      }
    for (const [metric, values] of taken) reportMedian(report, "pack-view", `click to content: ${metric}`, "ms", values);
  } finally {
    await browser.close();
    for (const program of programs.toReversed()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startDyeHouse(folder: string, programs: Program[]): Promise<string> {
  const flags = ["--json", "--days", "2", "--data", join(folder, "plant")];
  const plant = await startProgram("examples/dye-house-plant/src/main.ts", flags);
  programs.push(plant);
  const file = String(plant.ready["engineeringFile"]);
  const server = await startServer(join(folder, "data"), ["--pack", "packs/dye-house", "--import", file, "--demo"]);
  programs.push(server);
  const url = String(server.ready["url"]);
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  await fetch(`${url}${API}/packs/dye-house/set-up`, post);
  const now = Date.now() * 1_000;
  await eventually(async () => {
    const answer = await fetch(`${url}${API}/packs/dye-house/batches?from=${now - 86_400e6}&to=${now}`);
    const batches = (await answer.json()) as readonly { readonly to?: number }[];
    return batches.filter(({ to }) => to !== undefined).length > 8;
  }, "batches of the past");
  return url;
}

async function openStudio(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret", name: "Bench" })));
  await page.goto(`${url}/settings`);
  await page.locator(".dw-settings").waitFor();
  await away(page);
  return page;
}

function opened(page: Page, title: string, content: string): Promise<number> {
  return page.evaluate<number>(`(${OPENED})(${JSON.stringify({ title, content })})`);
}

/** To a page that is neither, until nothing is asked for any more. */
async function away(page: Page): Promise<void> {
  await opened(page, "Settings", ".dw-settings");
  await page.waitForTimeout(1_000);
}
