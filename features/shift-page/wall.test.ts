import { expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { viewsOfProduct } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";

const views = viewsOfProduct("shift-wall", bringPlantOfHours);
/** Smallest letters of what is read from afar, pixels. */
const SMALLEST = 28;

const sizes = `[...document.querySelectorAll(".dw-shift-wall section *")]
  .filter((each) => each.children.length === 0 && each.textContent.trim() !== "")
  .map((each) => parseFloat(getComputedStyle(each).fontSize))`;

test("[SP10] the wall has the running shift in large letters, without frame and controls; it fits, and turns by itself", async () => {
  for (const width of [1920, 1024, 390]) {
    const page = await views.open("/shift/wall", { width });
    await page.locator(".dw-shift-wall-figures").waitFor();
    expect([width, await views.layout(".dw-shift-wall"), await views.findings()]).toEqual([width, { beyond: 0, overlaps: [] }, []]);
    expect(Math.min(...(await page.evaluate<number[]>(sizes)))).toBeGreaterThanOrEqual(SMALLEST);
    expect(await page.locator(".dw-shift-wall :is(button, input, select, textarea)").count()).toBe(0);
    expect(await page.locator(".dw-nav-pages").count()).toBe(0);
    if (width === 1920) {
      // it turns by itself
      await page.getByRole("heading", { name: "Longest stops" }).waitFor({ timeout: 90_000 });
      await page.getByRole("heading", { name: /^Open for the next shift/ }).waitFor({ timeout: 90_000 });
    }
    await page.close();
  }
});
