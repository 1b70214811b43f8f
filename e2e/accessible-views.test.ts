import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findingsOf, show } from "./accessible-page.ts";
import type { Look } from "./accessible-page.ts";
import { composedViews } from "./composed-views.ts";
import { openFurnishedStudio } from "./accessible-site.ts";
import type { FurnishedSite, FurnishedStudio } from "./accessible-site.ts";
import { walk } from "./accessible-walk.ts";

// Every view of the product in every look, wide and narrow, on the small demo plant in a real browser.
const AMPLE_MS = 600_000;
const views = await composedViews();
let studio: FurnishedStudio;
let furnished: FurnishedSite;
let page: Page;

beforeAll(async () => {
  studio = await openFurnishedStudio();
  ({ furnished, page } = studio);
}, AMPLE_MS);

afterAll(() => studio?.close());

/** Slots whose views accessible-walk.ts enumerates, and where the views of the others stand. A new slot is added here, where it is decided how its views are walked. */
const SLOTS: Readonly<Record<string, string>> = {
  "alarms.block@1": "in the details of an alarm: accessible-dialogs.test.ts opens them",
  "changes.evidence@1": "on the page of a request",
  "connect.action@1": "on Connect",
  "connect.card@1": "on Connect",
  "connect.tab@1": "enumerated",
  "decide.resultPart@1": "with a run",
  "decide.room@1": "enumerated",
  "history.displays@1": "data",
  "history.trendLimits@1": "on Trends",
  "history.trendNotes@1": "on Trends",
  "history.trendSpans@1": "on Trends",
  "kpis.targets@1": "data",
  "shell.action@1": "keys and palette",
  "shell.audit@1": "instead of a page, by ?audit",
  "shell.banner@1": "on every page",
  "shell.crumbs@1": "on every page",
  "shell.dialog@1": "accessible-dialogs.test.ts enumerates them",
  "shell.finder@1": "in the palette",
  "shell.forecastNote@1": "on Board: the forecast of a line",
  "shell.help@1": "in the dialog of keys",
  "shell.home@1": "the world of a plant without a line: also under /assets/values",
  "shell.lane@1": "on the Rail",
  "shell.overlay@1": "on World",
  "shell.page@1": "enumerated",
  "shell.placeBoard@1": "on Board",
  "shell.section@1": "in the inspector",
  "shell.setting@1": "on Settings",
  "shell.settingsPart@1": "enumerated",
  "shell.shellMark@1": "beside assets",
  "shell.tab@1": "enumerated",
  "shell.tile@1": "on Board",
  "shell.valueNote@1": "beside values in Documents",
  "shiftPage.block@1": "on the page of the shift",
};

test("[ui U140] every view of the product stands in a slot that is walked", () => {
  expect([...new Set(views.map(({ at }) => at))].toSorted()).toEqual(Object.keys(SLOTS));
});

const LOOKS: readonly Look[] = ["light", "dark", "contrast"];

/** All rules where the structure may differ; in other colours only what depends on them. */
async function inEveryLook(address: string, width: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const look of LOOKS) {
    await show(page, look);
    found.push(
      ...(await findingsOf(page, look === "light" ? undefined : ["color-contrast"])).map((each) => `${address} ${width} ${look}: ${each}`),
    );
  }
  return found;
}

test.each([1440, 390])(
  "[ui U140] axe finds nothing in any view at %i pixels, light, dark and in high contrast",
  async (width) => {
    await page.setViewportSize({ width, height: 844 });
    expect(await walk(page, furnished, (address) => inEveryLook(address, width))).toEqual([]);
  },
  AMPLE_MS,
);
