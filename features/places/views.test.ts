import { SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { viewsOfProduct, type Language } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";
import { placesEnvironment, shellOf, sitePlaces, siteSignals, type PlaceSketch } from "./site.fixture.ts";

const LONG = "Final assembly hall for front loaders with steam function and their accessories";

const views = viewsOfProduct("place-views", writeSite);

async function writeSite(site: HostedWorld): Promise<void> {
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
}

const idOf = (name: string): string =>
  views.site
    .view(SYSTEM)
    .reader(LIVE)
    .query({ kind: "shell", index: { name: "aasId", value: shellOf(name) } })[0]!.id;

async function open(place: string, width: number, language: Language = "en"): Promise<void> {
  const page = await views.open(`/board/${encodeURIComponent(idOf(place))}`, { width, language });
  await page.waitForSelector(".dw-places");
}

const findings = () => views.findings(".dw-place-board");

/** How far the page, the table and the list of causes reach beyond their boxes, pixels. Text: it runs in the page. */
const BEYOND = `[document.documentElement, ...document.querySelectorAll(".dw-place-main, .dw-place-side")].map((box) => Math.max(0, box.scrollWidth - box.clientWidth))`;
const beyond = () => views.page.evaluate<readonly number[]>(BEYOND);

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
  expect(await views.page.locator(".dw-places tbody tr").count()).toBe(31);
  expect([await beyond(), await findings()]).toEqual([[0, 0, 0], []]);
});

test("[PT11] [PT12] by keyboard alone from a board through the tree to another place", async () => {
  await open("Site", 1440);
  const { page } = views;
  await page.keyboard.press("Shift+P");
  await page.waitForSelector("[role=tree]");
  expect(await findings()).toEqual([]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("u");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/board/${encodeURIComponent(idOf("Energy"))}`);
  await page.locator(".dw-crumbs .is-last", { hasText: "Utilities" }).waitFor();
});

test("[PT21] [PT22] the site in 3D: areas bear their names, which open their boards, the wheel is the page's, the plan is one button away, and nothing is over-printed", async () => {
  await open("Site", 1440);
  const { page } = views;
  const scene = page.locator(".dw-place-scene-host:not(.is-setting-up)");
  await scene.waitFor({ timeout: 120_000 });
  const distance = await scene.getAttribute("data-distance");
  await scene.hover();
  await page.mouse.wheel(0, 200);
  expect(await scene.getAttribute("data-distance")).toBe(distance);
  expect(Number(await scene.getAttribute("data-draw-calls"))).toBeGreaterThan(5);
  expect([await beyond(), await findings()]).toEqual([[0, 0, 0], []]);
  await page.getByText("Plan", { exact: true }).click();
  await page.getByRole("img", { name: "Plan of Wuxi plant" }).waitFor();
  expect(await page.locator(".dw-place-ground canvas").count()).toBe(0);
  await page.getByText("3D", { exact: true }).click();
  await scene.waitFor({ timeout: 120_000 });
  await page.locator("[data-label]", { hasText: "Warehouse" }).click();
  await page.waitForURL(`**/board/${encodeURIComponent(idOf("Store"))}`);
});

test("[PT29] the eye flies into a place that is opened beside its scene, and out of it on the way back", async () => {
  await open("Site", 1440);
  const { page } = views;
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.reload();
  const scene = page.locator(".dw-place-scene-host:not(.is-setting-up)");
  await scene.waitFor({ timeout: 120_000 });
  const whole = Number(await scene.getAttribute("data-distance"));
  await page.locator(".dw-places .dw-place-link", { hasText: "Warehouse" }).click();
  await page.waitForURL(`**/board/${encodeURIComponent(idOf("Store"))}`);
  await page.locator(".dw-crumb", { hasText: "Wuxi plant" }).locator("a, button").last().click();
  await scene.waitFor({ timeout: 120_000 });
  // the policy of the page lets no function of a test wait in it
  await expect.poll(async () => Number(await scene.getAttribute("data-distance")), { timeout: 60_000 }).toBe(whole);
});
