import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { startBrowser } from "../../e2e/running-site.ts";
import { buildStudio } from "../../scripts/build.ts";
import { placesEnvironment, shellOf, sitePlaces, siteSignals, type PlaceSketch } from "./site.fixture.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LONG = "Final assembly hall for front loaders with steam function and their accessories";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-place-views-"));
let site: HostedWorld;
let closeApp: () => Promise<unknown>;
let origin: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  buildStudio();
  site = await openProduct(folder);
  const app = await createSiteApp(site);
  closeApp = () => app.close();
  origin = await app.listen({ port: 0, host: "127.0.0.1" });
  site.hub.attach(app.server);
  const view = site.view(SYSTEM);
  const halls = Array.from({ length: 30 }, (_, at): PlaceSketch => ({
    id: `Hall${at + 10}`,
    en: `${LONG} ${at}`,
    zh: `${at} 号厂房`,
    level: "Area",
  }));
  const many = placesEnvironment([{ id: "Park", en: "Park", level: "Site", holds: halls.map(({ id }) => id) }, ...halls]);
  const both = {
    assetAdministrationShells: [...sitePlaces().assetAdministrationShells!, ...many.assetAdministrationShells!],
    submodels: [...sitePlaces().submodels!, ...many.submodels!],
  };
  const bench = {
    id: "connection:bench",
    kind: "connection",
    name: "bench",
    protocol: "entered",
    url: "entered:bench",
    enabled: true,
    settings: {},
  };
  await view.apply({
    branch: LIVE,
    reason: "a site",
    changes: [
      ...importChanges(view.reader(LIVE), both, "file").changes,
      ...[bench, ...siteSignals()].map((record) => ({ op: "create" as const, record: record as never })),
    ],
  });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => page?.close());

const idOf = (name: string): string =>
  site
    .view(SYSTEM)
    .reader(LIVE)
    .query({ kind: "shell", index: { name: "aasId", value: shellOf(name) } })[0]!.id;

async function open(place: string, width: number, language: "en" | "zh" = "en"): Promise<void> {
  page = await browser.newPage({ viewport: { width, height: 844 }, reducedMotion: "reduce" });
  await page.addInitScript(
    (own) => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret-of-ada", name: "Ada", language: own })),
    language,
  );
  await page.goto(`${origin}/board/${encodeURIComponent(idOf(place))}`);
  await page.waitForSelector(".dw-places");
}

/** Serious findings of axe on the board, or in the dialog that is open. */
async function findings(): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate<readonly string[]>(`(async () => {
    const own = document.querySelector("[role=dialog]") ?? document.querySelector(".dw-place-board");
    const { violations } = await axe.run(own);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200)));
  })()`);
}

/** How far the page, the table and the list of causes reach beyond their boxes, pixels. Text: it runs in the page. */
const BEYOND = `[document.documentElement, ...document.querySelectorAll(".dw-place-main, .dw-place-side")].map((box) => Math.max(0, box.scrollWidth - box.clientWidth))`;
const beyond = () => page.evaluate<readonly number[]>(BEYOND);

test.each([
  [1440, "en"],
  [1440, "zh"],
  [1024, "en"],
  [390, "en"],
  [390, "zh"],
] as const)(
  "[PT15] [level: views] the board of a site fits a window of %i pixels in %s, and axe finds nothing serious",
  async (width, language) => {
    await open("Site", width, language);
    expect([await beyond(), await findings()]).toEqual([[0, 0, 0], []]);
  },
);

test.each([1440, 390])("[PT15] thirty areas with long names fit a window of %i pixels", async (width) => {
  await open("Park", width);
  expect(await page.locator(".dw-places tbody tr").count()).toBe(31);
  expect([await beyond(), await findings()]).toEqual([[0, 0, 0], []]);
});

test("[PT11] [PT12] by keyboard alone from a board through the tree to another place", async () => {
  await open("Site", 1440);
  await page.keyboard.press("Shift+P");
  await page.waitForSelector("[role=tree]");
  expect(await findings()).toEqual([]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("u");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/board/${encodeURIComponent(idOf("Energy"))}`);
  await page.locator(".dw-crumbs .is-last", { hasText: "Utilities" }).waitFor();
});
