import { expect, test } from "vitest";
import { viewsOfProduct } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";
import { bringHours } from "./hourly-plant.fixture.ts";

const views = viewsOfProduct("kpi-inputs-card", bringHours);

test("[KP30] inputs are listed on the page of KPIs and added by a form that names what is no formula; it fits, wide and narrow", async () => {
  for (const width of [1440, 390]) {
    const page = await views.open("/kpis", { width });
    await page.getByText("No inputs assigned").waitFor();
    await page.getByRole("button", { name: "Add input" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Element").selectOption({ label: "energy consumed (E)" });
    await dialog.getByLabel("Formula", { exact: true }).fill("PQ *");
    await dialog.getByText(/missing/).waitFor();
    expect(await dialog.getByRole("button", { name: "Propose" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Formula", { exact: true }).fill("PQ * 0");
    expect(await dialog.getByRole("button", { name: "Propose" }).isEnabled()).toBe(true);
    expect([width, await views.layout(".dw-indicators"), await views.findings()]).toEqual([width, { beyond: 0, overlaps: [] }, []]);
    await page.close();
  }
});
