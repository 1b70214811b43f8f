import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSiteApp, SYSTEM, type HostedWorld } from "@doppelwerk/server/site";
import { importChanges, LIVE } from "@doppelwerk/world";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { eventually, startBrowser } from "../../e2e/running-site.ts";
import { smallPlant } from "../../packs/discrete-line/src/small-plant.fixture.ts";
import { buildStudio } from "../../scripts/build.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const NAME = {
  en: "Final assembly line of the second hall for front loaders with steam function",
  zh: "二号厂房带蒸汽功能的滚筒洗衣机总装生产线",
};

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-kpi-views-"));
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
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await closeApp?.();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => page?.close());

async function open(width: number, language: "en" | "zh" = "en", prepare?: (page: Page) => Promise<unknown>): Promise<void> {
  page = await browser.newPage({ viewport: { width, height: 844 }, reducedMotion: "reduce" });
  await page.addInitScript(
    (own) => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret-of-ada", name: "Ada", language: own })),
    language,
  );
  await prepare?.(page);
  await page.goto(`${origin}/settings`);
}

/** Serious findings of axe in the card of the targets, or in the form that is open. */
async function findings(): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate<readonly string[]>(`(async () => {
    const own = document.querySelector("[role=dialog]") ?? document.querySelector(".dw-targets");
    const { violations } = await axe.run(own);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200)));
  })()`);
}

/** How far the page reaches beyond its window, pixels; and controls of the card, or of the form, that lie on one another. Text: it runs in the page. */
const LAYOUT = `(() => {
  const own = document.querySelector("[role=dialog]") ?? document.querySelector(".dw-targets");
  const shown = [...own.querySelectorAll("button, input")]
    .map((element) => ({ text: element.ariaLabel || element.textContent, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 2 && box.height > 2);
  const isOn = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const overlaps = shown.flatMap(({ text, box }, at) =>
    shown.slice(at + 1).filter((other) => isOn(box, other.box)).map((other) => text + " on " + other.text),
  );
  return { beyond: document.documentElement.scrollWidth - innerWidth, overlaps };
})()`;
const layout = () => page.evaluate<{ readonly beyond: number; readonly overlaps: readonly string[] }>(LAYOUT);
const FINE = [{ beyond: 0, overlaps: [] }, []];

test("[KP14] [level: views] without a line the card says so, wide and narrow; while it is read and where it cannot be, it says that too", async () => {
  for (const width of [1440, 390]) {
    await open(width);
    await page.getByText("There is no line yet").waitFor();
    expect([await layout(), await findings()]).toEqual(FINE);
    await page.close();
  }
  let fails = true;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await open(390, "en", (fresh) =>
    fresh.route("**/kpi-targets?**", async (route) => {
      await held;
      if (!fails) return route.continue();
      return route.fulfill({ status: 503, json: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } });
    }),
  );
  await page.locator(".dw-targets").getByRole("status").waitFor();
  release();
  await page.getByText("the disk is full").waitFor();
  expect([await layout(), await findings()]).toEqual(FINE);
  fails = false;
  await page.locator(".dw-targets").getByRole("button", { name: "Try again" }).click();
  await page.getByText("There is no line yet").waitFor();
});

test("[KP14] a line of a long name with a target of every KPI fits in both languages; the keyboard opens the form, fills it and closes it", async () => {
  const view = site.view(SYSTEM);
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
    await open(width, language);
    await page.emulateMedia({ colorScheme });
    await page.locator(".dw-targets").getByText(NAME[language], { exact: false }).waitFor();
    expect([width, language, await layout(), await findings()]).toEqual([width, language, ...FINE]);
    if (width === 390 && language === "en") break;
    await page.close();
  }
  await eventually(async () => {
    await page.keyboard.press("Tab");
    return page.evaluate<boolean>(
      'document.activeElement?.closest(".dw-targets") !== null && document.activeElement?.tagName === "BUTTON"',
    );
  }, "the keyboard reaches Edit");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByLabel("Target of OEE").waitFor();
  expect([await layout(), await findings()]).toEqual(FINE);
  await page.getByLabel("Target of Good units a shift").focus();
  await page.keyboard.type("400");
  await page.getByText("Both numbers, or none").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("380");
  await page.getByText("Both numbers, or none").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
