import { eventually, startBrowser, startSite } from "../e2e/running-site.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = 5;

/**
 * What a browser that has never been here loads and waits for: JavaScript over the wire until the first screen (the question for a name) and until the
 * line is shown, and the time to the first frame of live values (it may come before a name is given). Each run has a context of its own, so nothing is cached. Chromium renders
 * in software on the machine that also runs plant and server. Bars: 450 kB before the first screen, first live value within 3 s.
 */
export async function bench(report: Report): Promise<void> {
  const site = await startSite({ minimal: true });
  const browser = await startBrowser();
  const [first, whole, screen, live]: [number[], number[], number[], number[]] = [[], [], [], []];
  try {
    for (let run = 0; run < RUNS; run++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      const wire = await context.newCDPSession(page);
      await wire.send("Network.enable");
      const scripts = new Set<string>();
      let bytes = 0;
      wire.on("Network.responseReceived", ({ requestId, type, response }) => {
        if (type === "Script" || response.url.endsWith(".js")) scripts.add(requestId);
      });
      wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
        if (scripts.has(requestId)) bytes += encodedDataLength;
      });
      let samplesAt: number | undefined;
      wire.on("Network.webSocketFrameReceived", ({ response }) => {
        if (response.opcode === 2) samplesAt ??= performance.now();
      });
      const start = performance.now();
      await page.goto(site.url);
      await page.getByLabel("Your name").waitFor();
      screen.push((performance.now() - start) / 1_000);
      first.push(bytes / 1e3);
      await page.getByLabel("Your name").fill(`Viewer ${run}`);
      await page.getByRole("button", { name: "Enter" }).click();
      await page.locator("canvas").first().waitFor({ timeout: 60_000 });
      const received = await eventually(() => samplesAt, "a frame of live values");
      live.push((received - start) / 1_000);
      await page.waitForLoadState("networkidle");
      whole.push(bytes / 1e3);
      await context.close();
    }
  } finally {
    await browser.close();
    await site.stop();
  }
  reportMedian(report, "studio", "JavaScript until the first screen, over the wire", "kB", first);
  reportMedian(report, "studio", "JavaScript until the line is shown, over the wire", "kB", whole);
  reportMedian(report, "studio", "address to first screen", "s", screen);
  reportMedian(report, "studio", "address to first live values received, a name typed between", "s", live);
}
