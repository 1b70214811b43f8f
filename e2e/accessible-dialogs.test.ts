import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findingsOf, settled, show, turnTo } from "./accessible-page.ts";
import { composedViews } from "./composed-views.ts";
import { openFurnishedStudio } from "./accessible-site.ts";
import type { FurnishedSite, FurnishedStudio } from "./accessible-site.ts";

// Every dialog and menu of the studio: opened by its key or button, looked at in each colour, closed with Escape; the focus returns to what opened it.
const AMPLE_MS = 600_000;
const root = fileURLToPath(new URL("..", import.meta.url));
let studio: FurnishedStudio;
let furnished: FurnishedSite;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  studio = await openFurnishedStudio(async (opened, site) => {
    [page, furnished] = [opened, site];
    page.setDefaultTimeout(30_000);
    await answerInstead();
    // from the beginning: a request for a file that comes before it is listened for stays open, and no other one opens after it
    page.on("filechooser", (asked) => void asked.setFiles({ name: "brewery.tgz", mimeType: "application/gzip", buffer: Buffer.from("") }));
  });
  ({ browser } = studio);
}, AMPLE_MS);

afterAll(async () => {
  // what is still being answered is answered to nobody
  await page?.unrouteAll({ behavior: "ignoreErrors" });
  await studio?.close();
});

/** How a dialog is reached: the address, what is pressed there (a key, or a button by its name) and what opens. */
interface Way {
  readonly address: string;
  readonly key?: string;
  readonly button?: string | RegExp;
  readonly switch?: string;
  /** Of several with one name: that within. */
  readonly within?: string;
  /** Of a menu that was opened by the button: the item that opens a dialog. */
  readonly item?: RegExp;
  readonly opens: "dialog" | "menu";
  /** Default 1440. */
  readonly width?: number;
}

/** By file of the sources that has it. */
function ways(): Readonly<Record<string, readonly Way[]>> {
  const { branch, experiment, place, connection } = furnished;
  const station = "/board?subject=S090";
  return {
    "packages/studio/src/rail/rail-controls.tsx": [{ address: "/board", button: /^Playback speed: /, opens: "menu" }],
    "packages/studio/src/rail/rail-span.tsx": [{ address: "/board", button: /^Time span: /, opens: "dialog" }],
    "packages/studio/src/frame/world-switch.tsx": [{ address: "/board", button: /switch to another one$/, opens: "menu" }],
    "packages/studio/src/frame/palette.tsx": [{ address: "/board", key: "Control+k", opens: "dialog" }],
    "packages/studio/src/frame/nav.tsx": [{ address: "/board", button: "More", opens: "menu", width: 390 }],
    "packages/studio/src/frame/help.tsx": [
      { address: "/connect", button: "Keys and help", opens: "dialog" },
      { address: "/assets", key: "?", opens: "dialog" },
    ],
    "packages/studio/src/frame/top-bar.tsx": [
      { address: "/board", button: /^People here/, opens: "menu" },
      { address: "/board", button: "Theme", opens: "menu" },
    ],
    "packages/studio/src/settings/rename-world.tsx": [{ address: "/settings/worlds", button: "Rename", opens: "dialog" }],
    "packages/studio/src/settings/add-pack.tsx": [{ address: "/settings/worlds", button: "Add a pack (.tgz)", opens: "dialog" }],
    "packages/studio/src/settings/privacy/erase-dialog.tsx": [{ address: "/settings/you", button: "Erase", opens: "dialog" }],
    "packages/studio/src/settings/delete-world.tsx": [{ address: "/settings/worlds", button: "Delete", opens: "dialog" }],
    "features/andon/studio/rule-editor.tsx": [{ address: "/andon", button: "Add rule", opens: "dialog" }],
    "features/alarms/studio/plant/at-plant.tsx": [{ address: "/alarms", button: "At the plant", opens: "dialog" }],
    "features/alarms/studio/alarm-details.tsx": [{ address: "/alarms", button: /./, within: ".dw-occurrence .is-title", opens: "dialog" }],
    "features/alarm-management/studio/entry-editor.tsx": [
      { address: "/alarm-management/database", button: /./, within: ".dw-written td", opens: "dialog" },
    ],
    "features/alarms/studio/shelve-dialog.tsx": [{ address: "/alarms", button: "Shelve", opens: "dialog" }],
    "features/alarms/studio/rules/rule-editor.tsx": [{ address: "/alarms/rules", button: "Add a rule", opens: "dialog" }],
    "features/boards/studio/board-settings.tsx": [{ address: "/boards", button: "Make a board", opens: "dialog" }],
    "features/orders/studio/order-dialog.tsx": [{ address: "/orders", button: "Enter an order", opens: "dialog" }],
    "features/personnel/studio/task-dialog.tsx": [{ address: "/personnel/workload", button: "Enter a task", opens: "dialog" }],
    "features/personnel/studio/folders-view.tsx": [{ address: "/personnel/sources", button: "Follow a folder", opens: "dialog" }],
    "features/lists/studio/list-import.tsx": [{ address: "/settings/plant", button: "Import Alarm rules", opens: "dialog" }],
    "features/kpis/studio/indicators/input-editor.tsx": [{ address: "/kpis", button: "Add input", opens: "dialog" }],
    "features/kpis/studio/indicators/own-kpi-editor.tsx": [{ address: "/kpis", button: "Add KPI", opens: "dialog" }],
    "features/changes/studio/fork-dialog.tsx": [{ address: "/board", button: "Fork here", within: ".dw-rail", opens: "dialog" }],
    "features/changes/studio/propose-dialog.tsx": [{ address: `/board?branch=${branch}`, key: "p", opens: "dialog" }],
    "features/connect/studio/connection-rights.tsx": [
      { address: `/connect/${encodeURIComponent(connection)}`, switch: "Commands allowed", opens: "dialog" },
    ],
    "features/connect/studio/signal-declaration.tsx": [{ address: "/connect/states", button: "Describe", opens: "dialog" }],
    "features/history/studio/display-editor.tsx": [{ address: `${station}&tab=trend`, button: "Display range", opens: "dialog" }],
    "features/history/studio/trend-tools.tsx": [
      { address: "/trends", button: "Export", opens: "menu" },
      { address: "/trends", button: "Display", opens: "dialog", width: 390 },
    ],
    "features/footprint/studio/grid-dialog.tsx": [{ address: "/footprint/day.plant", button: "Grid", opens: "dialog" }],
    "features/energy/studio/page/baseline-dialog.tsx": [
      { address: "/energy/performance.day.electricity.line", button: "New baseline", opens: "dialog" },
    ],
    "features/station-terminal/studio/defect-dialog.tsx": [{ address: "/station/at%3AS090", button: "Defect", opens: "dialog" }],
    "features/station-terminal/studio/help-dialog.tsx": [{ address: "/station/at%3AS090", button: "Call for help", opens: "dialog" }],
    "features/station-terminal/studio/set-up/instruction-editor.tsx": [
      { address: "/station/instructions", button: "Add an instruction", opens: "dialog" },
    ],
    "features/station-terminal/studio/set-up/defect-list.tsx": [{ address: "/station/defects", button: "Add a code", opens: "dialog" }],
    "features/station-terminal/studio/set-up/life-list.tsx": [
      { address: "/station/life", button: "Add a tool, mould or gauge", opens: "dialog" },
    ],
    "features/losses/studio/tree/reason-editor.tsx": [{ address: "/settings/plant", button: "Add a group", opens: "dialog" }],
    "features/rounds/studio/round-form.tsx": [{ address: "/rounds", button: "Add a round", opens: "dialog" }],
    "features/stores/studio/part-form.tsx": [{ address: "/stores", button: "Add a part", opens: "dialog" }],
    "features/stores/studio/sources-view.tsx": [{ address: "/stores/tab%3Asources", button: "Add a stores program", opens: "dialog" }],
    "features/maintenance/studio/open-dialog.tsx": [{ address: "/maintenance", button: "New work order", opens: "dialog" }],
    "features/maintenance/studio/job-dialog.tsx": [{ address: "/maintenance/jobs", button: "New job plan", opens: "dialog" }],
    "features/maintenance/studio/plan-dialog.tsx": [{ address: "/maintenance/plans", button: "New plan", opens: "dialog" }],
    "features/maintenance/studio/instructions-dialog.tsx": [{ address: "/maintenance/plans", button: "Asset documents", opens: "dialog" }],
    "features/trends/studio/files-menu.tsx": [{ address: "/analysis", button: "Export", opens: "menu" }],
    "features/trends/studio/saved-menu.tsx": [
      { address: "/analysis", button: "Saved trends", opens: "menu" },
      { address: "/analysis", button: "Saved trends", item: /^Save this trend/, opens: "dialog" },
    ],
    "features/kpis/studio/target-editor.tsx": [{ address: "/settings/plant", button: "Edit", within: ".dw-targets", opens: "dialog" }],
    "features/places/studio/propose-dialog.tsx": [
      { address: `/board/${encodeURIComponent(place)}`, button: "Propose a change", opens: "dialog" },
    ],
    "features/places/studio/place-dialog.tsx": [{ address: "/board", key: "Shift+P", opens: "dialog" }],
    "features/simulate/studio/experiments/finding-card.tsx": [
      { address: `/decide/${encodeURIComponent(`experiments:${experiment}`)}?branch=${branch}`, button: "CSV", opens: "menu" },
    ],
    "features/notifications/studio/rule-editor.tsx": [{ address: "/settings/plant", button: "Add a notification rule", opens: "dialog" }],
    "features/notifications/studio/calendar-editor.tsx": [
      { address: "/settings/plant", button: "Add an on-call calendar", opens: "dialog" },
    ],
    "features/shifts/studio/calendar-editor.tsx": [{ address: "/settings/plant", button: "Edit", within: ".dw-calendar", opens: "dialog" }],
  };
}

/** Dialogs that features register, and their files. */
const REGISTERED: Readonly<Record<string, string>> = {
  "changes.forkDialog": "features/changes/studio/fork-dialog.tsx",
  "changes.proposeDialog": "features/changes/studio/propose-dialog.tsx",
  "places.tree": "features/places/studio/place-dialog.tsx",
};

/** What is looked at elsewhere. */
const UNOPENED: Readonly<Record<string, string>> = {
  "packages/studio/src/settings/sets-card.tsx":
    "of servers with accounts: access-card.test.tsx, classes-card.test.tsx and places-card.test.tsx open it",
  "packages/studio/src/settings/privacy/breach-dialog.tsx": "of a breach, which this site has none of: the form of a dialog like others",
  "packages/studio/src/settings/privacy/open-breach-dialog.tsx":
    "of a breach, which this site has none of: the form of a dialog like others",
  "packages/studio/src/settings/outside-settings.tsx": "a form of a dialog like others: outside-part.test.tsx opens it",
  "packages/studio/src/settings/classes-card.tsx": "for administrators of servers with accounts: classes-card.test.tsx opens it",
  "packages/studio/src/settings/privacy/person-part.tsx": "of servers with accounts: privacy-card.test.tsx opens it",
  "packages/studio/src/settings/places-card.tsx": "for administrators of servers with accounts: places-card.test.tsx opens it",
  "packages/studio/src/settings/access-card.tsx": "for administrators of servers with accounts: access-card.test.tsx opens it",
  "features/trends/studio/modes/compare-mode.tsx": "a menu of shifts, which this site may have none of: modes.test.tsx opens it",
  "features/trends/studio/modes/limit-row.tsx":
    "a menu of signals that have values, which this site may have none of: modes.test.tsx opens it",
  "features/boards/studio/board-dialogs.tsx": "of a board, which this site has none of: boards.test.ts opens it",
  "features/boards/studio/board-head.tsx": "of a board, which this site has none of: boards.test.ts opens it",
  "features/boards/studio/board-mail.tsx": "of a board, which this site has none of: boards.test.ts opens it",
  "features/boards/studio/board-versions.tsx": "of a board, which this site has none of: boards.test.ts opens it",
  "features/boards/studio/tile-frame.tsx": "of a board, which this site has none of: boards.test.ts opens it",
  "features/boards/studio/tile-settings.tsx": "of a board, which this site has none of: boards.test.ts opens it",
  "features/personnel/studio/qualification-dialog.tsx": "of a worker, which this site has none of: a form of a dialog like others",
  "features/orders/studio/history-dialog.tsx": "of an order, which this site has none of: a table in a dialog like others",
  "features/losses/studio/reason-dialog.tsx": "of a stop, which this site may have none of: stops.test.tsx opens it",
  "features/losses/studio/split-dialog.tsx": "of a stop, which this site may have none of: stops.test.tsx opens it",
  "features/stores/studio/part-dialog.tsx": "of a part, which this site has none of: e2e/rounds.test.ts opens it",
  "features/maintenance/studio/judged-plan.tsx": "of a plan, which this site has none of: the form of a dialog like others",
  "features/maintenance/studio/order-details.tsx": "of a work order, which this site has none of: maintenance.test.ts opens it",
  "features/station-terminal/studio/stop-panel.tsx": "of a stop, which this site may have none of: station-screen.test.tsx opens it",
  "features/station-terminal/studio/life-panel.tsx": "of a tool that is due, which this site has none of: a dialog like others",
  "features/tracking/studio/hold-list.tsx": "of a thing, which this site may have none of",
  "features/losses/studio/history-dialog.tsx": "of a stop, which this site may have none of: stops.test.tsx opens it",
  "features/losses/studio/stop-row.tsx": "of a stop, which this site may have none of: stops.test.tsx opens it",
  "packages/studio/src/presence/presence-dialog.tsx": "of servers with accounts: presence-dialog.test.tsx opens it",
  "packages/studio/src/terminal/sign-in-dialog.tsx": "of shared terminals: terminal-bar.test.tsx opens it",
  "packages/studio/src/frame/name-dialog.tsx": "opened by who has no name: below",
  "packages/studio/src/inspector/sheet.tsx": "accessible-views.test.ts has it open on narrow screens",
};

test("[ui U142] every dialog and menu of the sources is opened here, or it is said why not", () => {
  const sources = globSync(["packages/studio/src/**/*.tsx", "features/*/studio/**/*.tsx"], {
    cwd: root,
    exclude: (name) => /\.(?:test|fixture)\.tsx$/.test(name),
  });
  const holding = sources.filter((file) =>
    /<(?:(?:Form|Set)?Dialog|Menu|Drawer(?:\.Root)?|Spotlight|Popover|HoverCard)\b/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(holding.toSorted()).toEqual([...Object.keys(ways()), ...Object.keys(UNOPENED)].toSorted());
  // what is a dialog returns the focus: the one of the library does not where it is taken out of the page
  expect(sources.filter((file) => /<Modal\b/.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});

test("[ui U142] every dialog that features register is opened here", async () => {
  const registered = (await composedViews()).filter(({ at }) => at === "shell.dialog@1").map(({ id }) => id);
  expect(registered.toSorted()).toEqual(Object.keys(REGISTERED));
  expect(Object.values(REGISTERED).filter((file) => !(file in ways()))).toEqual([]);
});

/** What the small plant and its site do not have comes from the browser, in the form in which the server answers: an alarm of a device, and a pack that was sent. */
async function answerInstead(): Promise<void> {
  await page.route("**/doppelwerk/v1/snapshot*", async (route) => {
    const answer = await route.fetch();
    const snapshot = (await answer.json()) as { readonly alarms: readonly object[] };
    const atPlant = { connection: furnished.connection, condition: "ns=2;s=Condition" };
    return route.fulfill({ response: answer, json: { ...snapshot, alarms: snapshot.alarms.map((alarm) => ({ ...alarm, atPlant })) } });
  });
  await page.route("**/pack-uploads", (route) =>
    route.fulfill({
      status: 200,
      json: {
        id: "upload",
        name: "brewery",
        version: "1.2.0",
        description: "Batches of a brewery.",
        permissions: ["read"],
        features: ["brewery"],
        views: 2,
        files: 14,
        signature: { state: "unsigned" },
        replaces: "1.3.0",
        replacesNewer: true,
      },
    }),
  );
}

async function opened(way: Way): Promise<void> {
  await turnTo(page, "/settings");
  await turnTo(page, way.address);
  await settled(page);
  if (way.key !== undefined) {
    await page.keyboard.press(way.key);
  } else {
    const button = page
      .locator(way.within ?? "body")
      .getByRole(way.switch === undefined ? "button" : "switch", {
        name: (way.switch ?? way.button)!,
        exact: typeof way.button === "string",
      })
      .first();
    await button.focus();
    await page.evaluate(`document.querySelectorAll("[data-opener]").forEach((each) => each.removeAttribute("data-opener"));
      document.activeElement.setAttribute("data-opener", "")`);
    await page.keyboard.press(way.switch === undefined ? "Enter" : "Space");
    if (way.item !== undefined) await page.getByRole("menuitem", { name: way.item }).click();
  }
}

/** The focus is back at the marked button, at once or as soon as what was closed is gone. */
async function focusReturned(): Promise<boolean> {
  for (let tries = 0; tries < 40; tries += 1) {
    if (await page.evaluate<boolean>('document.activeElement?.hasAttribute("data-opener") === true')) return true;
    await page.waitForTimeout(100);
  }
  return false;
}

/** A menu stands beside the landmarks, where the library puts it; it belongs to its button, which names it. */
const MENU_STANDS = " region: ";

async function colours(what: string, kind: Way["opens"]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const look of ["light", "dark", "contrast"] as const) {
    await show(page, look);
    found.push(...(await findingsOf(page, look === "light" ? undefined : ["color-contrast"])).map((each) => `${what} ${look}: ${each}`));
  }
  await show(page, "light");
  return kind === "menu" ? found.filter((each) => !each.includes(MENU_STANDS)) : found;
}

test(
  "[ui U142] axe finds nothing in any dialog or menu in any look; each closes with Escape, and the focus is back where it was",
  async () => {
    const found: string[] = [];
    for (const [file, list] of Object.entries(ways())) {
      for (const way of list) {
        await page.setViewportSize({ width: way.width ?? 1440, height: 900 });
        const what = way.item === undefined ? file : `${file} ${way.item.source}`;
        const shown = page.getByRole(way.opens).last();
        try {
          await opened(way);
          await shown.waitFor();
        } catch (error) {
          found.push(`${what}: nothing opened: ${(error as Error).message.split("\n")[0]}`);
          continue;
        }
        await settled(page);
        found.push(...(await colours(what, way.opens)));
        if (!(await page.evaluate<boolean>(`document.activeElement.closest("[role=dialog], [role=menu]") !== null`)))
          found.push(`${what}: the focus is not in it`);
        await page.keyboard.press("Escape");
        const closed = shown.waitFor({ state: "hidden" }).then(
          () => true,
          () => false,
        );
        if (!(await closed)) found.push(`${what}: Escape does not close it`);
        else if (way.key === undefined && !(await focusReturned()))
          found.push(`${what}: the focus is at ${await page.evaluate<string>("document.activeElement.outerHTML.slice(0, 120)")}`);
      }
    }
    expect(found).toEqual([]);
  },
  AMPLE_MS,
);

test("[ui U142] the first dialog, which asks for a name, has nothing that axe finds", async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  const fresh = await context.newPage();
  await fresh.goto(`${furnished.site.url}/board`);
  await fresh.getByLabel("Your name").waitFor();
  expect(await findingsOf(fresh)).toEqual([]);
  await context.close();
});
