import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { startBrowser } from "../../e2e/running-site.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import { buildStudio } from "../../scripts/build.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-line-views-"));
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let closeApp: () => Promise<unknown>;
let origin: string;
let browser: Browser;

beforeAll(async () => {
  buildStudio();
  site = await openProduct(folder);
  await vi.waitUntil(() => site.features.states().every(({ state }) => state.state === "open"), WAIT);
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  site.hub.attach(app.server);
  browser = await startBrowser();
  await add(smallPlant(), "file");
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function add(plant: ReturnType<typeof smallPlant>, source: string): Promise<void> {
  const view = site.view(SYSTEM);
  await view.apply({ branch: LIVE, reason: source, changes: importChanges(view.reader(LIVE), plant, source).changes });
}

test("[LN8] where there are several lines one is chosen on the board, and the address names it; with one there is nothing to choose", async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  await page.goto(`${origin}/board`);
  await page.locator(".dw-board-stations").getByText("S90").first().waitFor();
  const chooser = page.locator(".dw-board-output select");
  expect(await chooser.count()).toBe(0);
  const twin = JSON.stringify(smallPlant())
    .replaceAll("urn:test:", "urn:test:two:")
    .replaceAll('"Line1"', '"Line2"')
    .replaceAll('"Line 1"', '"Line 2"');
  await add(JSON.parse(twin) as ReturnType<typeof smallPlant>, "second file");
  await chooser.waitFor();
  expect(await chooser.locator("option").allTextContents()).toEqual(["Line 1", "Line 2"]);
  await chooser.selectOption("Line2");
  await page.locator(".dw-board-stations").getByText("Line2.S90").first().waitFor();
  expect(new URL(page.url()).searchParams.get("line")).toBe("Line2");
  // a link opens it, Back returns to the first
  await page.goBack();
  await expect.poll(() => page.locator(".dw-board-stations").getByText("Line2.S90").count(), WAIT).toBe(0);
  await page.goto(`${origin}/board?line=Line2`);
  await page.locator(".dw-board-stations").getByText("Line2.S90").first().waitFor();
  // one that is not there shows the first
  await page.goto(`${origin}/board?line=Gone`);
  await expect.poll(() => new URL(page.url()).searchParams.get("line"), WAIT).toBe(null);
  await page.locator(".dw-board-stations").getByText("S90").first().waitFor();
  await page.close();
});
