import { eventually, startBrowser, startSite } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 3);
/** So long the past of the plant is waited for; what is not read by then is read beside the pages. */
const BACKFILL_S = 60;
const GIVE_UP_MS = 60_000;

/** Pages by address, and the first of their content: a row, a value or a picture, no outline, and no word that it is loaded. */
const PAGES = [
  { name: "world", path: "/world", content: ".dw-world-host:not(.is-setting-up) canvas" },
  { name: "board", path: "/board", content: ".dw-places tbody tr" },
  { name: "alarms", path: "/alarms", content: ".dw-alarm-table tbody tr, .dw-alarm-table .dw-empty" },
  { name: "trends", path: "/trends", content: ".dw-trends .dw-trend canvas" },
  { name: "assets", path: "/assets", content: ".dw-tree .dw-tree-label, .dw-tree .dw-tree-line" },
  { name: "decide", path: "/decide", content: ".dw-decide .dw-card" },
  { name: "changes", path: "/changes", content: ".dw-changes .dw-log, .dw-changes .dw-request" },
  { name: "connect", path: "/connect", content: ".dw-connect .dw-connection-name" },
  { name: "settings", path: "/settings", content: ".dw-settings .dw-card" },
] as const;

/**
 * From the address to the first content of each page of the demo site, in a browser that was never here: each time a context of its own, nothing cached; a page that has no content for a minute goes without the figure. Chromium
 * renders in software on the machine that also runs plant and server. Bars: world 2.5 s, board and the others 1 s.
 */
export async function bench(report: Report): Promise<void> {
  const site = await startSite({ minimal: false, whole: true });
  const browser = await startBrowser();
  const taken = new Map<string, number[]>();
  try {
    const client = site.client("Bench");
    const until = performance.now() + BACKFILL_S * 1_000;
    await eventually(async () => performance.now() > until || (await client.world()).backfill.done, "the past of the plant");
    for (let run = -1; run < RUNS; run++)
      for (const { name, path, content } of run % 2 === 0 ? PAGES : PAGES.toReversed()) {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
        const page = await context.newPage();
        await page.addInitScript(() =>
          localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret", name: "Bench" })),
        );
        const start = performance.now();
        await page.goto(site.url + path, { waitUntil: "commit" });
        const seconds = await page
          .locator(content)
          .first()
          .waitFor({ timeout: GIVE_UP_MS })
          .then(
            () => (performance.now() - start) / 1_000,
            () => undefined,
          );
        // the first of all warms the server up
        if (run >= 0 && seconds !== undefined) taken.set(name, [...(taken.get(name) ?? []), seconds]);
        await context.close();
      }
  } finally {
    await browser.close();
    await site.stop();
  }
  for (const [name, values] of taken) reportMedian(report, "content", `address to content, cold: ${name}`, "s", values);
}
