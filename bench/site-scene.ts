import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { startBrowser } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

/** Frames of each view; of a slow renderer as many as there is time for. */
const [FRAMES, VIEW_MS] = [15, 12_000];
/** Lines of 16 stations. */
const SITES = [2, 10, 30] as const;
const VIEWS = ["whole site", "a line", "between two lines"] as const;

/**
 * A site in 3D in the browser that renders in software, while the camera turns, so that nothing is taken from a kept picture: draw calls, triangles and the CPU time of
 * submitting a frame; GPU time is not in it, and the picture is small so that it does not take all the time. Bar: 5 ms a frame for 160 stations.
 */
export async function bench(report: Report): Promise<void> {
  const server = await createServer({
    root: fileURLToPath(new URL("../packages/ui", import.meta.url)),
    configFile: false,
    logLevel: "error",
    server: { port: 0, host: "127.0.0.1", hmr: false, fs: { allow: [fileURLToPath(new URL("..", import.meta.url))] } },
    optimizeDeps: { entries: ["src/viewer/gallery.html"] },
    cacheDir: fileURLToPath(new URL("../node_modules/.vite-gallery", import.meta.url)),
  });
  await server.listen();
  const browser = await startBrowser();
  try {
    for (const lines of SITES) {
      const page = await browser.newPage({ viewport: { width: 480, height: 300 } });
      await page.goto(`${server.resolvedUrls!.local[0]!}src/viewer/gallery.html?show=site&still&lines=${lines}`);
      await page.waitForFunction(() => globalThis.viewer?.statistics().frames > 0, undefined, { timeout: 240_000 });
      for (const view of VIEWS) {
        const frames = await page.evaluate(turned, { view, frames: FRAMES, withinMs: VIEW_MS });
        const cost = frames.at(-1)!;
        const name = `${lines * 16} stations, ${view}`;
        reportMedian(
          report,
          "site-scene",
          `${name}, submit`,
          "ms",
          frames.map(({ submitMs }) => submitMs),
        );
        reportMedian(report, "site-scene", `${name}, draw calls`, "", [cost.drawCalls]);
        reportMedian(report, "site-scene", `${name}, triangles`, "", [cost.triangles]);
      }
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

/** In the page: what each of some frames cost while the eye turns about a place; one at least. */
async function turned({ view, frames, withinMs }: { readonly view: string; readonly frames: number; readonly withinMs: number }) {
  const { viewer } = globalThis;
  const until = performance.now() + withinMs;
  if (view === "whole site") viewer.home();
  else viewer.frame(view === "a line" ? "line-1/frame" : "hall-1/frame");
  const from = viewer.rig.view;
  const costs: { readonly submitMs: number; readonly drawCalls: number; readonly triangles: number }[] = [];
  // the first one chooses what is near, and draws its shadows
  for (let at = 0; at <= frames && (at < 2 || performance.now() < until); at++) {
    const before = viewer.statistics().frames;
    viewer.lookFrom({ ...from, yaw: from.yaw + at * 0.02 });
    while (viewer.statistics().frames === before) await new Promise((done) => setTimeout(done, 2));
    const { submitMs, drawCalls, triangles } = viewer.statistics();
    if (at > 0) costs.push({ submitMs, drawCalls, triangles });
  }
  return costs;
}
