import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { focusSeen, settled, turnTo } from "./accessible-page.ts";
import { openFurnishedStudio } from "./accessible-site.ts";
import type { FurnishedSite, FurnishedStudio } from "./accessible-site.ts";
import { pages, walk } from "./accessible-walk.ts";

// Every view by keys alone, and the headings and titles that say where one is.
const AMPLE_MS = 600_000;
let studio: FurnishedStudio;
let furnished: FurnishedSite;
let page: Page;

beforeAll(async () => {
  studio = await openFurnishedStudio();
  ({ furnished, page } = studio);
}, AMPLE_MS);

afterAll(() => studio?.close());

/** So many presses of Tab a view: past the bars of the frame and through the most of its content. */
const STOPS = 45;

test(
  "[ui U144] Tab goes through every view: each stop shows the focus, on the screen, with nothing over it, and none is a trap",
  async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    const found = await walk(page, furnished, async (address) => {
      const faults: string[] = [];
      await page.locator("#content").focus();
      let same = 0;
      let at = "";
      for (let stop = 0; stop < STOPS; stop += 1) {
        await page.keyboard.press("Tab");
        const seen = await focusSeen(page);
        if (seen === undefined) break;
        if (seen.fault !== undefined) faults.push(`${address}: ${seen.at} ${seen.fault}`);
        same = seen.isSame ? same + 1 : 0;
        at = seen.at;
      }
      return same > 0 ? [...faults, `${address}: Tab stays at ${at}`] : faults;
    });
    expect([...new Set(found)]).toEqual([]);
  },
  AMPLE_MS,
);

test("[ui U144] the first stop of the page is a link to its content, which Enter follows without changing the address", async () => {
  await page.goto(`${furnished.site.url}/board`);
  await settled(page);
  await page.keyboard.press("Tab");
  await page.getByRole("link", { name: "Skip to content" }).waitFor();
  const before = page.url();
  await page.keyboard.press("Enter");
  expect(await page.evaluate<string>("document.activeElement.id")).toBe("content");
  expect(page.url()).toBe(before);
});

test("[ui U145] each page has one heading of the first level, which its title begins with, and both follow the language", async () => {
  const titles: Record<string, string[]> = {};
  for (const language of ["en", "zh-CN"]) {
    for (const path of pages) {
      await turnTo(page, path);
      await settled(page);
      const headings = await page.getByRole("heading", { level: 1 }).allTextContents();
      expect(headings, path).toHaveLength(1);
      await expect.poll(() => page.title()).toMatch(new RegExp(`^${headings[0]!} · .*Doppelwerk$`));
      expect(await page.evaluate<string>("document.documentElement.lang")).toBe(language);
      (titles[path] ??= []).push(headings[0]!);
    }
    await page.locator("#content").focus();
    await page.keyboard.press("Shift+L");
    await page.locator(`html[lang=${language === "en" ? "zh-CN" : "en"}]`).waitFor({ state: "attached" });
  }
  expect(Object.values(titles).filter(([en, zh]) => en === zh)).toEqual([]);
});
