import { expect, test } from "vitest";
import { bringPlantOfHours } from "../../apps/doppelwerk/src/hourly-plant.fixture.ts";
import { viewsOfProduct } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";

const views = viewsOfProduct("andon-rules-card", bringPlantOfHours);

test("[AN21] rules are listed on the page Andon and added by a form for calls and KPIs with steps; it fits, wide and narrow", async () => {
  for (const width of [1440, 390]) {
    const page = await views.open("/andon", { width });
    await page.getByText("No rules yet").waitFor();
    await page.getByRole("button", { name: "Add rule" }).click();
    const dialog = page.getByRole("dialog");
    const propose = dialog.getByRole("button", { name: "Propose" });
    expect(await propose.isDisabled()).toBe(true);
    await dialog.getByLabel("Name").fill("OEE is low");
    await dialog.getByLabel("Raised by").selectOption({ label: "A KPI beyond a limit" });
    await dialog.getByLabel("KPI", { exact: true }).selectOption("oee");
    await dialog.getByRole("button", { name: "Add step" }).click();
    expect(await dialog.getByLabel("After minutes").count()).toBe(2);
    expect(await propose.isEnabled()).toBe(true);
    // a step is later than the one before
    await dialog.getByLabel("After minutes").nth(1).fill("0");
    expect(await propose.isDisabled()).toBe(true);
    await dialog.getByRole("button", { name: "Remove step 2" }).click();
    expect(await propose.isEnabled()).toBe(true);
    expect([width, (await views.layout(".dw-andon")).beyond, await views.findings()]).toEqual([width, 0, []]);
    await page.close();
  }
});
