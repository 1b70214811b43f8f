import { SYSTEM } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { viewsOfProduct, type OpenView } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";
import { eventually } from "../../e2e/running-site.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";

const NAME = {
  en: "Final assembly line of the second hall for front loaders with steam function",
  zh: "二号厂房带蒸汽功能的滚筒洗衣机总装生产线",
};

const views = viewsOfProduct("kpi-views");
const open = (view: OpenView) => views.open("/settings/plant", view);
const looks = async () => [await views.layout(".dw-targets"), await views.findings(".dw-targets")];
const FINE = [{ beyond: 0, overlaps: [] }, []];

test("[KP14] [level: views] without a line the card says so, wide and narrow; while it is read and where it cannot be, it says that too", async () => {
  for (const width of [1440, 390]) {
    const page = await open({ width });
    await page.getByText("There is no line yet").waitFor();
    expect(await looks()).toEqual(FINE);
    await page.close();
  }
  let fails = true;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const page = await open({
    width: 390,
    prepare: (fresh) =>
      fresh.route("**/kpi-targets?**", async (route) => {
        await held;
        if (!fails) return route.continue();
        return route.fulfill({ status: 503, json: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } });
      }),
  });
  await page.locator(".dw-targets").getByRole("status").waitFor();
  release();
  await page.getByText("the disk is full").waitFor();
  expect(await looks()).toEqual(FINE);
  fails = false;
  await page.locator(".dw-targets").getByRole("button", { name: "Try again" }).click();
  await page.getByText("There is no line yet").waitFor();
});

test("[KP14] a line of a long name with a target of every KPI fits in both languages; the keyboard opens the form, fills it and closes it", async () => {
  const view = views.site.view(SYSTEM);
  const plant = smallPlant();
  const named = plant.assetAdministrationShells!.map((shell) =>
    shell.idShort === "Line1" ? { ...shell, displayName: Object.entries(NAME).map(([language, text]) => ({ language, text })) } : shell,
  );
  const changes = importChanges(view.reader(LIVE), { ...plant, assetAdministrationShells: named } as typeof plant, "file").changes;
  await view.apply({ branch: LIVE, reason: "a line", changes });
  for (const [width, language, colorScheme] of [
    [1440, "en", "dark"],
    [390, "zh", "light"],
    [390, "en", "light"],
  ] as const) {
    const page = await open({ width, language });
    await page.emulateMedia({ colorScheme });
    await page.locator(".dw-targets").getByText(NAME[language], { exact: false }).waitFor();
    expect([width, language, ...(await looks())]).toEqual([width, language, ...FINE]);
    if (width === 390 && language === "en") break;
    await page.close();
  }
  const { page } = views;
  await eventually(async () => {
    await page.keyboard.press("Tab");
    return page.evaluate<boolean>(
      'document.activeElement?.closest(".dw-targets") !== null && document.activeElement?.tagName === "BUTTON"',
    );
  }, "the keyboard reaches Edit");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByLabel("Target of OEE").waitFor();
  expect(await looks()).toEqual(FINE);
  await page.getByLabel("Target of Good units per shift").focus();
  await page.keyboard.type("400");
  await page.getByText("Fill in both numbers, or neither").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("380");
  await page.getByText("Fill in both numbers, or neither").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
