import { expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { viewsOfProduct } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";

const views = viewsOfProduct("footprint-views", bringPlantOfHours);

test("[CF7] without meters the page says why there is no footprint, wide and narrow; the dialog of the grid opens, and says what it refuses", async () => {
  for (const [width, language] of [
    [1440, "en"],
    [390, "zh"],
  ] as const) {
    const page = await views.open("/footprint/day.plant", { width, language });
    await page.locator(".dw-footprint .dw-empty").waitFor({ timeout: 60_000 });
    expect([await views.layout(".dw-footprint"), await views.findings(".dw-footprint")]).toEqual([{ beyond: 0, overlaps: [] }, []]);
    if (language === "en") {
      await page.getByRole("button", { name: "Grid", exact: true }).click();
      await page.getByRole("textbox", { name: "Grid" }).fill("a b");
      await page.getByRole("button", { name: "Store", exact: true }).click();
      await page
        .getByRole("dialog")
        .getByRole("alert")
        .or(page.getByRole("dialog").locator("[id$=-error]"))
        .first()
        .waitFor({ timeout: 60_000 });
      expect(await views.findings()).toEqual([]);
    }
    await page.close();
  }
});
