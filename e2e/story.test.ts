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
// Software rendering on a busy machine is slow; time decides nothing here.
const AMPLE_MS = 300_000;
let site: RunningSite;
let browser: Browser;
let ada: Client;
let first: Page;
let second: Page;
let studioLive: Snapshot;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ minimal: false }), startBrowser()]);
  ada = site.client("Ada (script)");
  await eventually(async () => (await ada.world()).backfill.done, "the recorded past is read");
  studioLive = await eventually(async () => {
    const [snapshot, shifts] = await Promise.all([ada.snapshot(), ada.shifts()]);
    return snapshot.stations.some(({ state }) => state === "working") && shifts.length >= 20 ? snapshot : undefined;
  }, "the line is live and its past shifts are folded");
  [first, second] = [await enter("Ada", "/board"), await enter("Bo", "/board")];
}, 2 * AMPLE_MS);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

async function enter(name: string, path: string, context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" }))).newPage();
  await page.goto(`${site.url}${path}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByLabel("Your name").waitFor({ state: "hidden" });
  return page;
}

/** Opens a view by its link in the window that is there. */
const go = (page: Page, path: string) => page.goto(`${site.url}${path}`);

/** Opens a view in the page that is loaded, as Back and Forward do. */
const turnTo = (page: Page, path: string): Promise<unknown> =>
  page.evaluate(`history.pushState(undefined, "", ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent("popstate"));`);

test(
  "[E18] the world is drawn within its budget, a station is clicked in it, and people see each other point and select",
  async () => {
    expect((await ada.shifts()).length).toBeGreaterThanOrEqual(20);
    // Software rendering takes a second a frame: small windows, and only as long as needed.
    for (const page of [first, second]) {
      await page.setViewportSize({ width: 760, height: 460 });
      await go(page, "/world?inspector=closed");
    }
    const world = first.locator(".dw-world-host");
    await eventually(async () => Number(await world.getAttribute("data-draw-calls")) > 50, "the line is drawn");
    expect(Number(await world.getAttribute("data-draw-calls"))).toBeLessThanOrEqual(260);
    expect(Number(await world.getAttribute("data-triangles"))).toBeLessThanOrEqual(500_000);
    // A blank picture compresses to almost nothing; one that is being drawn comes when it is finished.
    await expect.poll(async () => (await world.locator("canvas").screenshot()).length, { timeout: 60_000 }).toBeGreaterThan(40_000);

    // Machines stand all over the middle of the picture; where one is depends on the camera.
    const canvas = (await world.locator("canvas").boundingBox())!;
    const clicked = await eventually(async () => {
      for (const down of [0.5, 0.42, 0.58, 0.35, 0.65])
        for (let across = 0.2; across < 0.8; across += 0.05) {
          await first.mouse.click(canvas.x + canvas.width * across, canvas.y + canvas.height * down);
          // the next click would select something else, or be the second of two
          await first.waitForURL((to) => to.searchParams.has("subject"), { timeout: 700 }).catch(() => {});
          const subject = new URL(first.url()).searchParams.get("subject");
          if (subject !== null) return subject;
        }
      return undefined;
    }, "a click on a machine selects it");
    await first.getByRole("heading", { name: new RegExp(clicked) }).waitFor();

    const far = (await second.locator(".dw-world-host").boundingBox())!;
    await second.mouse.move(far.x + far.width / 2, far.y + far.height * 0.75);
    await second.mouse.move(far.x + far.width / 2 + 20, far.y + far.height * 0.75);
    await first.locator("[data-viewer=pointers]").getByText("Bo").waitFor();
    await go(first, `/board?subject=S090&tab=documents`);
    await go(second, "/board?subject=S080");
    for (const page of [first, second]) await page.setViewportSize({ width: 1440, height: 900 });
    await first.getByText("Serial number").first().waitFor();
    await first.getByRole("button", { name: "People here" }).click();
    await first.getByRole("menuitem", { name: /Bo.*S080/s }).waitFor();
    await first.keyboard.press("Escape");
  },
  AMPLE_MS,
);

/** The instant that the Rail says it shows, seconds. */
const railSeconds = async (page: Page): Promise<number> =>
  Number(await page.getByRole("slider", { name: "Time rail" }).getAttribute("aria-valuenow"));

/** Anybody's script: the story imports no feature, since it stays when one is deleted. */
const ask = async <Answer>(path: string): Promise<Answer> => (await (await fetch(`${site.url}/api/doppelwerk/v1${path}`)).json()) as Answer;
const alarmsAt = (instant: number) => ask<Snapshot["alarms"]>(`/alarms?t=${instant}`);

/** The shipped alarms of stations return so long after their state did. */
const OFF_DELAY_US = 5_000_000;

/** P11: at instants all over the past, list, states and beacons say one thing, and nothing waits for people who were not there yet. */
async function agreeOverThePast(until: number): Promise<void> {
  const { historyFrom } = await ada.world();
  for (let step = 1; step < 16; step++) {
    const instant = Math.round(historyFrom! + ((until - historyFrom!) * step) / 16);
    const [{ stations, alarms }, before, list] = await Promise.all([
      ada.snapshot(instant),
      ada.snapshot(instant - OFF_DELAY_US),
      alarmsAt(instant),
    ]);
    expect(list).toEqual(alarms);
    for (const { title, state, station: id, since, value } of list) {
      const shown = [...stations, ...before.stations].filter((candidate) => candidate.id === id);
      const what = `${new Date(instant / 1_000).toISOString()} ${title.en}`;
      expect(["unacknowledged", "suppressedByDesign"], what).toContain(state);
      expect(since, what).toBeLessThanOrEqual(instant);
      if (state === "unacknowledged" && title.en.endsWith("has failed"))
        expect(
          shown.flatMap((station) => [station.state, ...station.places.map((place) => place.state)]),
          what,
        ).toContain(value);
    }
  }
}

test(
  "[E19] the Rail is dragged and stepped into the past, everything agrees, a link shows the same to anyone, Esc returns to live",
  async () => {
    await go(first, "/board");
    const rail = first.getByRole("slider", { name: "Time rail" });
    const box = (await rail.boundingBox())!;
    const live = await railSeconds(first);
    await first.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.45);
    await first.mouse.down();
    await first.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.45, { steps: 6 });
    await first.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.45, { steps: 6 });
    await first.mouse.up();
    await first.locator(".dw-pill-past").waitFor();
    const dragged = await railSeconds(first);
    // the Rail shows 16 h
    expect(live - dragged).toBeGreaterThan(3_600);
    await rail.focus();
    await first.keyboard.press("ArrowLeft");
    await eventually(async () => (await railSeconds(first)) < dragged, "an arrow steps back");
    await first.keyboard.press("Escape");
    await first.locator(".dw-pill-past").waitFor({ state: "detached" });
    expect(first.url()).not.toContain("t=");

    // Two hours ago: the line worked, so there is something to agree on.
    const instant = Math.floor((studioLive.instant - 2 * 3_600_000_000) / 1_000_000) * 1_000_000;
    const told = await ada.snapshot(instant);
    expect(told).toMatchObject({ instant, live: false });
    await go(first, `/board?t=${new Date(instant / 1_000).toISOString()}&subject=S090&tab=trend`);
    const link = first.url();
    await go(second, link.slice(site.url.length));
    for (const page of [first, second]) {
      expect(await railSeconds(page)).toBe(instant / 1_000_000);
      // Numbers and units are parted by narrow spaces.
      await page
        .getByText(/2\s*h.*ago/)
        .first()
        .waitFor();
      await page.getByRole("tab", { name: "Trend", selected: true }).waitFor();
    }
    await first.getByRole("tab", { name: "Now" }).click();
    const station = told.stations.find(({ id }) => id === "S090")!;
    await first.getByText(`${station.buffer.count} / ${station.buffer.capacity}`, { exact: true }).first().waitFor();
    // A place's value that was sent before the instant stands, though nothing came since the page was opened.
    await eventually(async () => (await first.locator(".dw-side .dw-value b").count()) > 3, "the values of that instant are shown");
    expect(await alarmsAt(instant)).toEqual(told.alarms);
    await agreeOverThePast(instant);
    const counted = told.stations.reduce(
      (sum, { places, buffer }) => sum + places.filter(({ serial }) => serial !== undefined).length + buffer.count,
      0,
    );
    expect(counted).toBeLessThanOrEqual(told.wip.value ?? -1);

    // Minutes to weeks of one signal.
    await first.getByRole("tab", { name: "Trend" }).click();
    for (const span of ["10 min", "1 d", "14 d"]) {
      const answer = first.waitForResponse((response) => response.url().includes("/trend?"));
      await first.getByRole("tabpanel", { name: "Trend" }).getByText(span, { exact: true }).click();
      const { mean, width } = (await (await answer).json()) as { readonly mean: readonly (number | null)[]; readonly width: number };
      if (span === "14 d") expect(mean.filter((value) => value !== null && width > 60e6).length).toBeGreaterThan(20);
    }
    await first.locator(".dw-trend canvas").waitFor();

    // The time machine: to the alarm before, played at sixty times, held, and shown to someone else by its link.
    await first.getByRole("button", { name: "Previous alarm" }).click();
    const alarmAt = await eventually(async () => {
      const seconds = await railSeconds(first);
      return seconds < Math.floor(instant / 1_000_000) ? seconds : undefined;
    }, "the Rail steps to an alarm");
    const raised = await ask<{ state: string }[]>(`/alarm-history?from=${(alarmAt - 2) * 1_000_000}&to=${(alarmAt + 2) * 1_000_000}`);
    expect(raised.some(({ state }) => state === "unacknowledged")).toBe(true);
    await first.getByRole("button", { name: /^Playback speed/ }).click();
    await first.getByRole("menuitem", { name: "60×", exact: true }).click();
    await first.getByRole("button", { name: "Play", exact: true }).click();
    await eventually(async () => (await railSeconds(first)) > alarmAt + 60 && first.url().includes("speed=60"), "it plays");
    await first.getByRole("button", { name: "Pause", exact: true }).click();
    await eventually(() => !first.url().includes("speed="), "it is held");
    await first.getByRole("button", { name: "Copy the link to this moment" }).click();
    const shared = await first
      .getByText(/https?:\/\/\S+[?&]t=/)
      .first()
      .textContent();
    await go(second, new URL(shared!.match(/https?:\S+/)![0]).href.slice(site.url.length));
    await eventually(async () => (await railSeconds(second)) === (await railSeconds(first)), "the link shows the same instant");

    // Several signals on one time with percentiles, a day before under them, as a table and as a file.
    const { processValues } = (await ada.line()).stations.find(({ id }) => id === "S090")!;
    const chosen = `s=${processValues.slice(0, 2).join(",")}&b=percentiles&v=1d&t=1`;
    await go(first, `/trends/${encodeURIComponent(chosen)}?t=${new Date(instant / 1_000).toISOString()}`);
    await first.locator(".dw-trends .dw-trend canvas").nth(1).waitFor();
    await first.locator(".dw-trend-table tbody tr").nth(20).waitFor();
    await first.getByRole("combobox", { name: "Signals" }).fill("S090 state");
    await first
      .getByRole("option", { name: /S090 state/ })
      .first()
      .click();
    await first.locator(".dw-state-totals").getByText("Working").waitFor();
    await first.getByRole("button", { name: "Export" }).click();
    const saved = first.waitForEvent("download");
    await first.getByRole("menuitem", { name: "Side by side, Parquet" }).click();
    expect((await saved).suggestedFilename()).toMatch(/^table_.*\.parquet$/);
    await go(first, `/board?t=${new Date(instant / 1_000).toISOString()}`);
    await first.locator(".dw-pill-past").click();
    await first.locator(".dw-pill-past").waitFor({ state: "detached" });
  },
  AMPLE_MS,
);

test(
  "[E20] two people edit a branch, each undoes his own; run, watch, propose; the author cannot approve, the other merges",
  async () => {
    await go(first, "/board");
    await first.getByRole("button", { name: "Fork here" }).first().click();
    await first.getByLabel("Name of the branch").fill("one place more");
    await first.getByRole("button", { name: "Fork", exact: true }).click();
    const branch = await eventually(
      async () => (await ada.branches()).find(({ name }) => name === "one place more"),
      "the branch is there",
    );
    for (const page of [first, second]) await go(page, `/decide?branch=${encodeURIComponent(branch.id)}&inspector=closed`);
    const places = { of: (page: Page) => page.getByLabel("S090 Places", { exact: true }) };
    const buffer = { of: (page: Page) => page.getByLabel("S090 Buffer before", { exact: true }) };
    const write = async (field: typeof places, page: Page, value: string): Promise<void> => {
      await field.of(page).fill(value);
      await field.of(page).press("Enter");
    };
    const shows = (field: typeof places, page: Page, value: string) =>
      eventually(async () => (await field.of(page).inputValue()) === value, `${value} is shown`);
    await write(places, first, "7");
    await shows(places, second, "7");
    await write(buffer, second, "9");
    await shows(buffer, first, "9");
    // Undo takes back one's own last edit, not the last of all.
    await first.locator("body").click({ position: { x: 400, y: 4 } });
    await first.keyboard.press("Control+z");
    for (const page of [first, second]) await shows(places, page, "6");
    await shows(buffer, first, "9");
    await second.locator("body").click({ position: { x: 400, y: 4 } });
    await second.keyboard.press("Control+z");
    await shows(buffer, first, "8");
    await write(places, first, "7");
    await shows(places, second, "7");

    await first.getByText("Forecast", { exact: true }).first().click();
    await first.getByLabel("Replications").fill("6");
    await first.getByRole("button", { name: "Run", exact: true }).click();
    await eventually(async () => (await ada.runs(branch.id)).find(({ state }) => state === "done"), "the run is done");
    await first
      .getByText(/better|worse|no evidence|too small/)
      .first()
      .waitFor();
    // At the end of all forecasts, above the lanes of the Rail, the forks are told beside live.
    const rail = (await first.getByRole("slider", { name: "Time rail" }).boundingBox())!;
    await eventually(async () => {
      for (const fromEnd of [30, 20]) await first.mouse.move(rail.x + rail.width - fromEnd, rail.y + 18);
      return (await first.locator(".dw-rail-forks", { hasText: "one place more" }).count()) > 0;
    }, "the Rail tells the fork beside live");
    await first.mouse.move(400, 4);
    await first.setViewportSize({ width: 900, height: 560 });
    await first.getByRole("button", { name: "Watch side by side" }).click();
    await first.getByText(/the same events as on the server/).waitFor();
    expect(await first.locator(".dw-watch-host canvas").count()).toBe(2);
    const axis = first.getByRole("slider", { name: "Time of the run" });
    await axis.focus();
    await first.keyboard.press("End");
    await eventually(
      async () => Number(await axis.getAttribute("aria-valuenow")) === Number(await axis.getAttribute("aria-valuemax")),
      "scrubbed",
    );
    await first.getByRole("button", { name: "Decide", exact: true }).last().click();
    await first.setViewportSize({ width: 1440, height: 900 });

    await first.getByRole("button", { name: "Propose" }).click();
    await first.getByLabel("Title").fill("One place more");
    await first.getByLabel(/Responsible/).fill("Maintenance");
    await first.getByLabel(/Action to take/).fill("Install a seventh place");
    await first.getByRole("dialog").getByRole("button", { name: "Propose" }).click();
    const request = await eventually(
      async () => (await ada.mergeRequests()).find(({ title }) => title === "One place more"),
      "the request is there",
    );
    await first.getByText(/You cannot approve this/).waitFor();
    expect(await first.getByRole("button", { name: "Approve", exact: true }).isDisabled()).toBe(true);

    await go(second, `/changes/${encodeURIComponent(request.id)}`);
    await second.getByLabel("Comment", { exact: true }).first().fill("Agreed.");
    await second.getByRole("button", { name: "Comment", exact: true }).click();
    await first.getByText("Agreed.").waitFor();
    await second.getByRole("button", { name: "Approve", exact: true }).click();
    await eventually(async () => ((await ada.mergeRequest(request.id)).status === "approved" ? true : undefined), "Bo's approval is there");
    await second.getByRole("button", { name: "Merge", exact: true }).click();
    await eventually(async () => ((await ada.mergeRequest(request.id)).status === "merged" ? true : undefined), "the request is merged");
    expect((await ada.log({ limit: 5 })).find(({ kind }) => kind === "merge")).toMatchObject({ name: "Bo", branch: LIVE });
    // Only planned yet, and no shift has closed since: the page says so and promises nothing.
    await second.getByRole("heading", { name: "Forecast and actual" }).waitFor();
    await second.getByText("No shift has ended yet.").first().waitFor();
    await second.getByText("not yet confirmed at the plant").waitFor();
    expect((await ada.mergeRequest(request.id)).realised).toMatchObject({ shifts: [], asItWas: { judged: 0, verdict: "none yet" } });
  },
  AMPLE_MS,
);

/** In the page: everything a finger is to hit on the screen that is lower than 40 px or narrower than 24, in words. */
const tooSmall = `[...document.querySelectorAll("button, a[href]:not(.dw-skip), input:not([type=radio]):not([type=checkbox]), [role=tab], select")].flatMap((element) => {
  const { width, height, right, left, top, bottom } = element.getBoundingClientRect();
  const seen = width > 0 && height > 0 && right > 0 && left < innerWidth && top < innerHeight && bottom > 0;
  const own = element.parentElement?.closest("button, label") == null;
  return seen && own && (height < 39.5 || width < 23.5)
    ? [(element.getAttribute("aria-label") ?? element.textContent) + " " + Math.round(width) + "x" + Math.round(height)]
    : [];
})`;

test(
  "[E21] every view has no error in light, dark and high contrast, English and Chinese, wide and narrow, and fingers hit what they aim at",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "doppelwerk-screens-"));
    const page = second;
    // what nobody looks at any more takes no processor time
    await first.goto("about:blank");
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    for (const [width, theme, chinese] of [
      [1440, "contrast", false],
      [1440, "dark", true],
      [390, "light", true],
      [390, "dark", false],
    ] as const) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await page.evaluate(
        ([look, language]) => {
          const key = "doppelwerk.preferences";
          localStorage.setItem(key, JSON.stringify({ ...(JSON.parse(localStorage.getItem(key)!) as object), theme: look, language }));
        },
        [theme, chinese ? "zh" : "en"] as const,
      );
      const views = ["board", "alarms", "trends", "decide", "changes", ...(width === 390 ? ["assets", "connect", "settings"] : [])];
      // one load a look: what it is made with is read when the page is loaded
      const railLoaded = page.waitForResponse((response) => response.url().includes("/rail?"));
      await go(page, `/${views[0]}`);
      await railLoaded;
      for (const view of views) {
        await turnTo(page, `/${view}`);
        await page
          .getByText(chinese ? /总装线/ : /Line 3/)
          .first()
          .waitFor({ state: "attached" });
        await page.locator("main .dw-waiting").waitFor({ state: "detached" });
        await page.waitForTimeout(350);
        await page.screenshot({ path: join(folder, `${view}-${width}-${theme}-${chinese ? "zh" : "en"}.png`) });
        expect(
          await page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
          `${view} ${width} is not wider than the screen`,
        ).toBe(true);
        if (width === 390) expect(await page.evaluate<string[]>(tooSmall), `${view} ${theme}`).toEqual([]);
      }
    }
    process.stdout.write(`screens: ${folder}\n`);
    expect(errors).toEqual([]);
  },
  AMPLE_MS,
);
