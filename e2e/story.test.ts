import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Client, Snapshot } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import { eventually, startBrowser, startSite } from "./running-site.ts";
import type { RunningSite } from "./running-site.ts";

// The afternoon that must work, on the whole demo plant, in a real browser, by two people.
let site: RunningSite;
let browser: Browser;
let ada: Client;
let first: Page;
let second: Page;
let live: Snapshot;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ minimal: false }), startBrowser()]);
  ada = site.client("Ada (script)");
  live = await eventually(
    async () => {
      const [snapshot, shifts] = await Promise.all([ada.snapshot(), ada.shifts()]);
      return snapshot.stations.some(({ state }) => state === "working") && shifts.length >= 20 ? snapshot : undefined;
    },
    "the line is live and its past shifts are folded",
    120,
  );
  [first, second] = [await enter("Ada", "/board"), await enter("Bo", "/board")];
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

async function enter(name: string, path: string, context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await browser.newContext({ viewport: { width: 1440, height: 900 } }))).newPage();
  await page.goto(`${site.url}${path}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByLabel("Your name").waitFor({ state: "hidden" });
  return page;
}

/** Opens a view by its link in the window that is there. */
const go = (page: Page, path: string) => page.goto(`${site.url}${path}`);

test("[E18] the world is drawn, a station tells its state, and the people in the room see each other", async () => {
  expect((await ada.shifts()).length).toBeGreaterThanOrEqual(20);
  // Software rendering takes a second a frame: a small window, and only as long as needed.
  await first.setViewportSize({ width: 900, height: 600 });
  await go(first, "/world");
  const canvas = first.locator("canvas").first();
  await canvas.waitFor({ state: "attached" });
  // A blank picture compresses to almost nothing.
  await eventually(
    async () => ((await first.screenshot({ timeout: 60_000 })).length > 40_000 ? true : undefined),
    "the world is not blank",
    90,
  );
  await first.setViewportSize({ width: 1440, height: 900 });
  const constraint = (await ada.line()).constraint;
  await go(first, `/board?subject=${constraint}`);
  await first.getByRole("tab", { name: "Documents" }).click();
  await first.getByText("Serial number").first().waitFor();
  await first.getByRole("button", { name: "People here" }).click();
  await first.getByRole("menuitem", { name: /Bo/ }).waitFor();
  await first.keyboard.press("Escape");
});

test("[E19] a link to an instant shows that instant to anyone, in agreement with the server, and one click returns to live", async () => {
  const instant = Math.floor((live.instant - 2 * 3_600_000_000) / 1_000_000) * 1_000_000;
  const told = await ada.snapshot(instant);
  expect(told).toMatchObject({ instant, live: false });
  for (const page of [first, second]) {
    await go(page, `/board?t=${new Date(instant / 1_000).toISOString()}`);
    // Numbers and units are parted by narrow spaces.
    await page
      .getByText(/2\s*h.*ago/)
      .first()
      .waitFor();
  }
  expect(await ada.alarms(instant)).toEqual(told.alarms);
  const counted = told.stations.reduce(
    (sum, { places, buffer }) => sum + places.filter(({ serial }) => serial !== undefined).length + buffer.count,
    0,
  );
  expect(counted).toBeLessThanOrEqual(told.wip.value);
  await first.locator(".dw-pill-past").click();
  await first.locator(".dw-pill-past").waitFor({ state: "detached" });
  expect(first.url()).not.toContain("t=");
});

test("[E20] fork here, change, run, compare, propose; another person comments, approves and merges, the author cannot", async () => {
  await go(first, "/board");
  await first.getByRole("button", { name: "Fork here" }).first().click();
  await first.getByLabel("Name of the branch").fill("one place more");
  await first.getByRole("button", { name: "Fork", exact: true }).click();
  const branch = await eventually(async () => (await ada.branches()).find(({ name }) => name === "one place more"), "the branch is there");
  await go(first, `/decide?branch=${encodeURIComponent(branch.id)}`);
  const factor = (await ada.factors(branch.id)).find(({ key }) => key.endsWith("/NumberOfPlaces"))!;
  const session = ada.live({ branch: branch.id });
  await eventually(() => (session.state().kind === "online" ? true : undefined), "the session is online");
  await session.push(branch.id, "one place more", [
    { op: "update", id: factor.element, fields: { value: { from: String(factor.value), to: String(factor.value + 1) } } },
  ]);
  session.close();
  await first.getByLabel("Replications").fill("6");
  await first.getByRole("button", { name: "Run", exact: true }).click();
  const run = await eventually(async () => (await ada.runs(branch.id)).find(({ state }) => state === "done"), "the run is done");
  await first
    .getByText(/better|worse|no evidence/)
    .first()
    .waitFor();
  const request = await (async () => {
    const author = site.client("Cy");
    const opened = await author.propose({
      branch: branch.id,
      title: "One place more",
      text: "",
      runs: [run.id],
      planned: { owner: "Maintenance", effectiveFrom: "2026-12-01", action: "install" },
    });
    await expect(author.approve(opened.id)).rejects.toMatchObject({ code: "DW_SAME_PERSON" });
    return opened;
  })();
  await go(second, `/changes/${encodeURIComponent(request.id)}`);
  await second.getByText("One place more").first().waitFor();
  await second.getByRole("button", { name: "Approve", exact: true }).click();
  await eventually(async () => ((await ada.mergeRequest(request.id)).status === "approved" ? true : undefined), "Bo's approval is there");
  await second.getByRole("button", { name: "Merge", exact: true }).click();
  await eventually(async () => ((await ada.mergeRequest(request.id)).status === "merged" ? true : undefined), "the request is merged");
  expect((await ada.log({ limit: 5 })).find(({ kind }) => kind === "merge")).toMatchObject({ name: "Bo", branch: LIVE });
});

test("[E21] every view has no error in light and dark, English and Chinese, wide and narrow", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-screens-"));
  const page = second;
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  for (const [width, dark, chinese] of [
    [1440, false, false],
    [1440, true, true],
    [390, false, true],
    [390, true, false],
  ] as const) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    await page.evaluate(
      ([theme, language]) => {
        for (let i = 0; i < localStorage.length; i++) {
          const key = localStorage.key(i)!;
          const text = localStorage.getItem(key)!;
          if (/"language"/.test(text)) localStorage.setItem(key, JSON.stringify({ ...(JSON.parse(text) as object), theme, language }));
        }
      },
      [dark ? "dark" : "light", chinese ? "zh" : "en"] as const,
    );
    for (const view of ["board", "alarms", "decide", "changes"]) {
      await go(page, `/${view}`);
      await page
        .getByText(chinese ? /总装线/ : /Line 3/)
        .first()
        .waitFor({ state: "attached" });
      await page.waitForTimeout(600);
      await page.screenshot({ path: join(folder, `${view}-${width}-${dark ? "dark" : "light"}-${chinese ? "zh" : "en"}.png`) });
    }
  }
  process.stdout.write(`screens: ${folder}\n`);
  expect(errors).toEqual([]);
});
