import { vi, expect, test } from "vitest";
import { plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { viewsOfProduct, type OpenView } from "../../apps/doppelwerk/src/views-of-product.fixture.ts";
import { BENCH, fieldsOf, setUpBench } from "./bench.fixture.ts";
import type { AlarmRuleFields } from "./contract.ts";

/** More than ten within ten minutes are a flood (ISA-18.2, clause 16). */
const ALARMS = 24;
const NAMES = {
  en: (n: number) => `Hydraulic pressure of the second pressing stage beyond limit ${n}`,
  zh: (n: number) => `第二压制工位液压系统压力超过允许上限，请检查油泵和溢流阀 ${n}`,
};
const FOLDED = { en: /\d+ alarms follow/, zh: /引起的 \d+ 条报警/ };
const numbers = Array.from({ length: ALARMS }, (_, n) => n);

const views = viewsOfProduct("alarm-views", (site) => {
  const ruleOf = (n: number) =>
    fieldsOf(`p${n}`, {
      title: { en: NAMES.en(n), zh: NAMES.zh(n) },
      station: "S10",
      priority: ((n % 4) + 1) as AlarmRuleFields["priority"],
    });
  return setUpBench(site, Object.fromEntries(numbers.map((n) => [`p${n}`, ruleOf(n)])));
});

const bring = (value: number) =>
  plantsOf(views.site).bring(
    BENCH,
    numbers.map((n) => ({ address: `p${n}`, value, time: views.site.now() })),
  );
const open = (view: OpenView) => views.open("/alarms", view);
const looks = async () => [await views.layout(".dw-alarms"), await views.findings()];
/** A key is pressed again until it is there. */
const WAIT = { timeout: 60_000, interval: 50 };
const FINE = [{ beyond: 0, overlaps: [] }, []];

test("[AL20] [level: views] with no alarm the page says so, wide and narrow, and axe finds nothing serious", async () => {
  for (const width of [1440, 390]) {
    await open({ width });
    await views.page.getByText("No active alarms").first().waitFor();
    expect(await looks()).toEqual(FINE);
    await views.page.close();
  }
});

test("[AL20] a history that is under way says so, one that cannot be read says why and is read again", async () => {
  let fails = true;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const page = await open({
    width: 390,
    prepare: (fresh) =>
      fresh.route("**/alarm-occurrences?**", async (route) => {
        await held;
        if (!fails) return route.continue();
        return route.fulfill({ status: 503, json: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } });
      }),
  });
  await page.getByLabel("List", { exact: true }).selectOption("journal");
  await page
    .getByRole("status")
    .filter({ hasText: /loading/i })
    .first()
    .waitFor();
  release();
  await page.getByText("the disk is full").waitFor();
  expect(await looks()).toEqual(FINE);
  fails = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("the disk is full").waitFor({ state: "detached" });
});

test("[AL20] a flood of alarms with long names fits in both languages, wide and narrow, light and dark; the keyboard acknowledges", async () => {
  await bring(60);
  for (const [width, language, colorScheme] of [
    [1440, "en", "dark"],
    [390, "zh", "light"],
    [390, "en", "light"],
  ] as const) {
    const page = await open({ width, language });
    await page.emulateMedia({ colorScheme });
    // the first out, and what follows it folded under it
    await page.getByText(NAMES[language](0)).first().waitFor();
    await page.getByRole("button", { name: FOLDED[language] }).click();
    await page.getByText(NAMES[language](4)).first().waitFor();
    // the colour of the priority, beside its shape and number
    const fills = '[1, 2].map((n) => getComputedStyle(document.querySelector(".dw-occurrence .dw-p" + n)).fill)';
    expect(new Set(await page.evaluate<readonly string[]>(fills)).size).toBe(2);
    // what is in a row stays in it, and a finger hits the title
    const cut = `[...document.querySelectorAll(".dw-occurrence > .is-title > span")].filter((each) => each.scrollHeight > each.clientHeight + 1).length`;
    const low = `[...document.querySelectorAll(".dw-alarm-opens")].filter((each) => each.offsetHeight < ${width < 700 ? 40 : 17}).length`;
    expect([await page.evaluate(cut), await page.evaluate(low)]).toEqual([0, 0]);
    expect([width, language, ...(await looks())]).toEqual([width, language, ...FINE]);
    if (width === 390 && language === "en") break;
    await views.page.close();
  }
  const { page } = views;
  await page.locator(".dw-flood").waitFor();
  await vi.waitUntil(async () => {
    await page.keyboard.press("Tab");
    return page.evaluate<boolean>('document.activeElement?.ariaLabel === "Acknowledge"');
  }, WAIT);
  const before = await page.getByRole("button", { name: "Acknowledge", exact: true }).count();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.getByRole("button", { name: "Acknowledge", exact: true }).count()).toBeLessThan(before);
  await bring(40);
});
