import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { beyondWidth, findingsOf, settled, turnTo } from "./accessible-page.ts";
import { openFurnishedStudio } from "./accessible-site.ts";
import type { FurnishedSite, FurnishedStudio } from "./accessible-site.ts";
import { walk } from "./accessible-walk.ts";

// Every view as people set their system up: enlarged, in another language, without motion, in colours of their own.
const AMPLE_MS = 600_000;
let studio: FurnishedStudio;
let furnished: FurnishedSite;
let page: Page;

beforeAll(async () => {
  studio = await openFurnishedStudio();
  ({ furnished, page } = studio);
}, AMPLE_MS);

afterAll(() => studio?.close());

test(
  "[ui U143] at 200 % and at 400 % of its size every view fits the width of the window: only tables, charts and pictures scroll sideways",
  async () => {
    const found: string[] = [];
    for (const [width, height] of [
      [720, 450],
      [320, 256],
    ] as const) {
      await page.setViewportSize({ width, height });
      found.push(
        ...(await walk(page, furnished, async (address) => (await beyondWidth(page)).map((each) => `${address} ${width}: ${each}`))),
      );
    }
    expect(found).toEqual([]);
  },
  AMPLE_MS,
);

test(
  "[ui U140] in Chinese axe finds nothing in any view either",
  async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.keyboard.press("Shift+L");
    await page.locator("html[lang=zh-CN]").waitFor({ state: "attached" });
    expect(await walk(page, furnished, async (address) => (await findingsOf(page)).map((each) => `${address} zh: ${each}`))).toEqual([]);
  },
  AMPLE_MS,
);

test("[ui U146] where motion is reduced nothing moves: no animation, and no transition longer than 100 ms, in any view", async () => {
  const moving = `[...document.querySelectorAll("*")].flatMap((element) => ["", "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(element, part || undefined);
    const longest = Math.max(...style.transitionDuration.split(",").map((text) => parseFloat(text) * (text.includes("ms") ? 1 : 1000)));
    return style.animationName !== "none" || longest > 100 ? [element.tagName + "." + element.className + part] : [];
  }))`;
  expect(
    await walk(page, furnished, async (address) => (await page.evaluate<readonly string[]>(moving)).map((each) => `${address}: ${each}`)),
  ).toEqual([]);
});

test("[ui U147] where the system forces its colours, the theme keeps to its ground and states keep their marks", async () => {
  await turnTo(page, "/board");
  await settled(page);
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  await page.locator("html[data-theme=contrast]").waitFor({ state: "attached" });
  await page.emulateMedia({ forcedColors: "active", colorScheme: "light" });
  await page.locator("html[data-theme=light]").waitFor({ state: "attached" });
  const chips = await page.evaluate<readonly string[]>(
    `[...document.querySelectorAll(".dw-chip")].map((chip) => getComputedStyle(chip).forcedColorAdjust)`,
  );
  expect([...new Set(chips)].filter((each) => each !== "none")).toEqual([]);
  await page.emulateMedia({ forcedColors: "none" });
});
