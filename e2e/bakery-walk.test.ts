import { afterAll, beforeAll, expect, test } from "vitest";
import { makeLine, startBakerySite, type BakerySite } from "./bakery-site.fixture.ts";
import { eventually } from "./running-site.ts";
import { buildStudio } from "../scripts/build.ts";

// Somebody's OPC UA server, an empty data folder and a browser: from the address to a line.
let site: BakerySite;

beforeAll(async () => {
  buildStudio();
  site = await startBakerySite();
});
afterAll(() => site?.stop());

const linesOf = async () =>
  (await site.get<{ readonly lines: readonly { readonly id: string; readonly stations: readonly { readonly id: string }[] }[] }>("/lines"))
    .lines;

test("[AH1] [AH2] [AH4] [AH5] an OPC UA server of other people becomes a line in the studio alone, and its other values stay reachable beside it", async () => {
  const page = await site.open("/connect");
  await page.getByLabel("Address").fill(site.bakery.url);
  await page.getByLabel("Name", { exact: true }).fill("Panificadora");
  await page.getByRole("main").getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("button", { name: "Show values" }).click();
  const tree = page.getByRole("tree", { name: "Values of the plant" });
  // its name is that of the plant, as there is no line yet
  expect(await site.get<object>("/world")).toMatchObject({ title: { en: "Panificadora" }, line: false });
  await tree.getByRole("treeitem").first().waitFor();

  // the first machine of the first line, five folders down, with its like
  await page.getByRole("textbox", { name: "Search names" }).fill("01 Amasadora Producción");
  await tree.getByRole("checkbox", { name: "Producción" }).check();
  await site.shot(page, "values");
  await page.getByRole("button", { name: "Create an asset from these" }).click();
  await page.getByText("5 more groups have this structure").waitFor();
  await expect.poll(() => page.getByRole("combobox", { name: "Meaning: Piezas_OK" }).inputValue()).toBe("count of good units");
  expect(await page.getByRole("combobox", { name: "Meaning: Piezas_NOK" }).inputValue()).toBe("count of rejected units");
  expect(await page.getByRole("combobox", { name: "Meaning: Estado" }).inputValue()).toBe("machine state");
  await page.getByRole("button", { name: "Create 6 assets" }).click();
  await page.getByRole("button", { name: "Create a line" }).click();
  expect(await page.locator(".dw-home-order label").allTextContents()).toEqual([
    "01 Amasadora",
    "02 Divisora",
    "03 Fermentadora",
    "04 Horno túnel",
    "05 Enfriador",
    "06 Envasadora",
  ]);
  await makeLine(page, { name: "Línea 1 Barra", takt: "2", constraint: "04 Horno túnel" });

  const [line] = await eventually(async () => ((await linesOf()).length === 1 ? linesOf() : undefined), "the line is there");
  expect(line!.stations.map(({ id }) => id)).toEqual(["Amasadora", "Divisora", "Fermentadora", "Horno_tunel", "Enfriador", "Envasadora"]);
  const [calendar] = await site.get<readonly { readonly fields: { readonly shifts: readonly object[] } }[]>("/shift-calendars");
  expect(calendar!.fields.shifts).toHaveLength(3);
  // from the line on: what its raw states mean, once for all stations
  await page.getByRole("button", { name: "Map the states" }).click();
  await page.locator(".dw-states-station").first().waitFor();
  // a number of an enumeration stands with the plant's name for it, and the name proposes what it means
  const running = page.locator(".dw-states-words tr", { hasText: "Marcha" });
  await running.getByRole("button", { name: /^Proposed: / }).waitFor();
  await site.shot(page, "states");

  // the values of the plant are still reached, and the line is not offered its own stations again
  await page.goto(`${site.origin}/assets/values`);
  await page.getByRole("heading", { name: "One line" }).waitFor();
  await tree.getByRole("treeitem").first().waitFor();
  expect(await page.getByRole("button", { name: "Create another line" }).isDisabled()).toBe(true);
  await site.shot(page, "beside-line");
  await page.close();
  expect(site.troubles).toEqual([]);
});
