import { expect, test } from "vitest";
import { viewsOfProduct, type OpenView } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";
import { bringMeteredPlant, type MeteredPlant } from "./metered-plant.fixture.ts";

let plant: MeteredPlant;
const views = viewsOfProduct("energy-views", async (site) => {
  plant = await bringMeteredPlant(site);
});
const looks = async () => [await views.layout(".dw-energy-page"), await views.findings(".dw-energy-page")];
const FINE = [{ beyond: 0, overlaps: [] }, []];
/** The page at the end of the hour that is known. */
const open = (view: OpenView, detail = "use.shift.electricity.line") =>
  views.open(`/energy/${detail}?t=${new Date(plant.to / 1_000).toISOString().slice(0, 19)}Z`, view);

test("[EG12] the page has places with their states and what is unallocated, wide and narrow, in both languages, dark too", async () => {
  for (const [width, language, colorScheme] of [
    [1440, "en", "light"],
    [390, "zh", "dark"],
  ] as const) {
    const page = await open({ width, language });
    await page.emulateMedia({ colorScheme });
    await page.locator(".dw-energy-table tr.is-rest").first().waitFor({ timeout: 60_000 });
    expect(await looks()).toEqual(FINE);
    await page.close();
  }
});

test("[EG12] the load has its chart and its peaks; without meters of a medium the page says so", async () => {
  const page = await open({ width: 1440 }, "load.shift.electricity.line");
  await page.locator(".dw-energy-load .dw-chart").waitFor({ timeout: 60_000 });
  expect(await looks()).toEqual(FINE);
  await page.getByRole("tab", { name: "Use" }).click();
  await page.locator(".dw-energy-table").waitFor({ timeout: 60_000 });
  await page.close();
  const dry = await open({ width: 390 }, "use.shift.water.line");
  await dry.getByText("There is no meter of Water here").waitFor({ timeout: 60_000 });
  expect(await looks()).toEqual(FINE);
});
