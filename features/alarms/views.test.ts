import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openProduct, plantsOf } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { startBrowser, eventually } from "../../e2e/running-site.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import { buildStudio } from "../../scripts/build.ts";

/** More than ten within ten minutes are a flood (ISA-18.2, clause 16). */
const ALARMS = 24;
const NAMES = {
  en: (n: number) => `Hydraulic pressure of the second pressing stage beyond limit ${n}`,
  zh: (n: number) => `第二压制工位液压系统压力超过允许上限，请检查油泵和溢流阀 ${n}`,
};
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-alarm-views-"));
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
  const text = (en: string) => ({ en, zh: en });
  const numbers = Array.from({ length: ALARMS }, (_, n) => n);
  const bench = { id: "connection:bench", kind: "connection", name: "bench", protocol: "entered", url: "entered:bench", enabled: true };
  await view.apply({
    branch: LIVE,
    reason: "a line with many alarm rules",
    changes: [
      ...importChanges(view.reader(LIVE), smallPlant(), "file").changes,
      { op: "create", record: { ...bench, settings: {} } },
      ...numbers.flatMap((n) => [
        {
          op: "create" as const,
          record: { id: `signal:p${n}`, kind: "signal", name: `p${n}`, valueType: "double", connection: bench.id, address: `p${n}` },
        },
        {
          op: "create" as const,
          record: {
            id: `alarmRule:p${n}`,
            kind: "alarmRule",
            title: { en: NAMES.en(n), zh: NAMES.zh(n) },
            station: "S10",
            condition: { kind: "high", signal: `signal:p${n}`, limit: 50, deadband: 0 },
            priority: (n % 4) + 1,
            onDelayS: 0,
            offDelayS: 0,
            cause: text("cause"),
            consequence: text("consequence"),
            response: text("response"),
            timeToRespondS: 600,
            latching: false,
            suppressedIn: [],
            enabled: true,
          },
        },
      ]),
    ],
  });
  await eventually(
    async () => (await plantsOf(site).list()).some(({ id, state }) => id === bench.id && state === "connected"),
    "the connection stands",
  );
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(() => page?.close());

const bring = (value: number) =>
  plantsOf(site).bring(
    "connection:bench",
    Array.from({ length: ALARMS }, (_, n) => ({ address: `p${n}`, value, time: site.now() })),
  );

async function open(width: number, language: "en" | "zh" = "en", prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  page = await browser.newPage({ viewport: { width, height: 844 }, reducedMotion: "reduce" });
  await page.addInitScript(
    (own) => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret-of-ada", name: "Ada", language: own })),
    language,
  );
  await prepare?.(page);
  await page.goto(`${origin}/alarms`);
  return page;
}

/** Serious findings of axe in the page as it stands. */
async function findings(): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}

/** How far the page reaches beyond its window, pixels; and the controls that lie on one another. Text: it runs in the page. */
const LAYOUT = `(() => {
  const shown = [...document.querySelectorAll(".dw-alarms button, .dw-alarms input")]
    .map((element) => ({ text: element.textContent || element.ariaLabel, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 2 && box.height > 2 && box.bottom < innerHeight);
  const isOn = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const overlaps = shown.flatMap(({ text, box }, at) =>
    shown.slice(at + 1).filter((other) => isOn(box, other.box)).map((other) => text + " on " + other.text),
  );
  return { beyond: document.documentElement.scrollWidth - innerWidth, overlaps };
})()`;
const layout = () => page.evaluate<{ readonly beyond: number; readonly overlaps: readonly string[] }>(LAYOUT);

test("[AL20] [level: views] with no alarm the page says so, wide and narrow, and axe finds nothing serious", async () => {
  for (const width of [1440, 390]) {
    await open(width);
    await page.getByText("No alarm is active").first().waitFor();
    expect([await layout(), await findings()]).toEqual([{ beyond: 0, overlaps: [] }, []]);
    await page.close();
  }
});

test("[AL20] a history that is under way says so, one that cannot be read says why and is read again", async () => {
  let fails = true;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await open(390, "en", (fresh) =>
    fresh.route("**/alarm-transitions?**", async (route) => {
      await held;
      if (!fails) return route.continue();
      return route.fulfill({ status: 503, json: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } });
    }),
  );
  await page.getByText("History", { exact: true }).click();
  await page
    .getByRole("status")
    .filter({ hasText: /loading/i })
    .first()
    .waitFor();
  release();
  await page.getByText("the disk is full").waitFor();
  expect([await layout(), await findings()]).toEqual([{ beyond: 0, overlaps: [] }, []]);
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
    await open(width, language);
    await page.emulateMedia({ colorScheme });
    await page
      .getByText(NAMES[language](ALARMS - 1))
      .first()
      .waitFor();
    expect(await page.getByText(NAMES[language](0), { exact: false }).count()).toBeGreaterThan(0);
    expect([width, language, await layout(), await findings()]).toEqual([width, language, { beyond: 0, overlaps: [] }, []]);
    if (width === 390 && language === "en") break;
    await page.close();
  }
  await page.getByText(/flood/i).first().waitFor();
  await eventually(async () => {
    await page.keyboard.press("Tab");
    return page.evaluate<boolean>('document.activeElement?.ariaLabel === "Acknowledge"');
  }, "the keyboard reaches the first Acknowledge");
  const before = await page.getByRole("button", { name: "Acknowledge", exact: true }).count();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.getByRole("button", { name: "Acknowledge", exact: true }).count()).toBeLessThan(before);
  await bring(40);
});
