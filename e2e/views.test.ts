import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { clientOf, startBrowser, startServer } from "./running-site.ts";
import type { Program } from "./running-site.ts";

// Views of the built studio in a real browser, on a server without a plant.
const KILO = 1000;
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "packages/studio/dist");

interface Chunk {
  readonly file: string;
  readonly name?: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
}

let folder: string;
let server: Program;
let browser: Browser;
let chunks: Readonly<Record<string, Chunk>>;

beforeAll(async () => {
  buildStudio();
  chunks = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8")) as typeof chunks;
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-views-"));
  [server, browser] = await Promise.all([startServer(folder), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A window of somebody who has a name; what the browser complains of is kept. */
async function open(path: string, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(() =>
    localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "e2e-views", name: "Ada Fischer", language: "en" })),
  );
  await prepare?.(page);
  await page.goto(`${String(server.ready["url"])}${path}`);
  return page;
}

const fileOf = (source: string): string => chunks[source]!.file;

/** A file and everything it imports at once. */
function reachedBy(key: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of chunks[key]!.imports ?? []) reachedBy(next, seen);
  return seen;
}

test("[ui V4] the first screen needs at most 280 kB of JavaScript, and each feature at most 0.25 kB in the index of views", () => {
  const entry = Object.keys(chunks).find((key) => chunks[key]!.isEntry === true)!;
  const gzip = (file: string): number => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
  const total = [...reachedBy(entry)].reduce((sum, key) => sum + gzip(chunks[key]!.file), 0);
  const index = Object.values(chunks).find(({ name }) => name === "views")!;
  // a feature of many pages has a list a folder
  const lists = globSync(["packages/studio/src/*/views.ts", "features/*/studio/*/views.ts", "features/*/studio/views.ts"], { cwd: root });
  expect(total).toBeGreaterThan(100 * KILO);
  expect(total).toBeLessThanOrEqual(280 * KILO);
  expect(lists.length).toBeGreaterThan(5);
  expect(gzip(index.file) / lists.length).toBeLessThanOrEqual(0.25 * KILO);
});

test("[ui V12] the first load is at most 6 files of JavaScript, what a view adds at most 20, and what the board of a place adds 6", () => {
  const isScript = (key: string): boolean => chunks[key]!.file.endsWith(".js");
  const entry = Object.keys(chunks).find((key) => chunks[key]!.isEntry === true)!;
  const first = reachedBy(entry);
  expect([...first].filter(isScript).length).toBeLessThanOrEqual(6);
  const added = (key: string): number => [...reachedBy(key)].filter((file) => isScript(file) && !first.has(file)).length;
  const views = Object.keys(chunks).filter((key) => chunks[key]!.isDynamicEntry === true && isScript(key));
  expect(views.length).toBeGreaterThan(30);
  expect(views.filter((key) => added(key) > 20)).toEqual([]);
  expect(added("../../features/places/studio/place-board.tsx")).toBeLessThanOrEqual(6);
});

test("[ui V12] small views are two files, and what is not drawn in 3D loads no renderer for it", () => {
  const small = Object.values(chunks).filter(({ name = "" }) => name.startsWith("_small-views_"));
  expect(small.map(({ name }) => name).toSorted()).toEqual(["_small-views_small-charts-views", "_small-views_small-views"]);
  for (const { file } of small) expect(statSync(join(dist, `${file}.br`)).size, file).toBeLessThan(20 * KILO);
  expect(Object.keys(chunks).filter((key) => /features\/.*\/(?:alarm-count|past-banner|stored-displays)\./.test(key))).toEqual([]);
  const isRenderer = (key: string): boolean => /\/(?:three\.module|viewer)-/.test(chunks[key]!.file);
  expect(Object.keys(chunks).some(isRenderer)).toBe(true);
  const flat = Object.keys(chunks).filter((key) =>
    /\/(?:place-board|alarms|indicators-page|trends-view|assets|decide|changes|connect|settings)\.tsx$/.test(key),
  );
  expect(flat.length).toBe(9);
  for (const key of flat) expect([...reachedBy(key)].filter(isRenderer), key).toEqual([]);
});

test("[ui V12] what a page shares with others is asked for beside it, not after it came", async () => {
  const shared = [...reachedBy("../../features/places/studio/place-board.tsx")].flatMap((key) =>
    /^_?(?:parts|forms|small-parts)-/.test(key) ? [chunks[key]!.file] : [],
  );
  expect(shared.length).toBe(3);
  const asked = new Set<string>();
  const board = fileOf("../../features/places/studio/place-board.tsx");
  const page = await open("/board", async (fresh) => {
    fresh.on("request", (request) => asked.add(new URL(request.url()).pathname.slice(1)));
    // it never comes
    await fresh.route(`**/${board}`, () => new Promise(() => undefined));
  });
  await expect.poll(() => shared.filter((file) => !asked.has(file)), { timeout: 60_000 }).toEqual([]);
  await expect.poll(() => asked.has(board), { timeout: 60_000 }).toBe(true);
  await page.close();
});

test("[ui V3] a view that throws while it is drawn is named and can be tried again, the views beside it go on", async () => {
  const broken = fileOf("../../packages/studio/src/settings/look-card.tsx");
  const page = await open("/settings", (fresh) =>
    fresh.route(`**/${broken}`, (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: `export default () => { if (!globalThis.isRepaired) throw new Error("the look is broken"); return "repaired"; };`,
      }),
    ),
  );
  const failure = page.getByRole("alert");
  await failure.getByText("Look and language: the look is broken").waitFor();
  await page.getByLabel("Your name").waitFor();
  await page.getByRole("button", { name: "World" }).first().waitFor();
  await page.evaluate(() => Object.assign(globalThis, { isRepaired: true }));
  await failure.getByRole("button").click();
  await page.getByText("repaired").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  await page.close();
});

test("[ui V3] a view that cannot be loaded is named, and is loaded when it is tried again", async () => {
  const missing = fileOf("../../packages/studio/src/settings/you-card.tsx");
  let isAway = true;
  const page = await open("/settings", (fresh) => fresh.route(`**/${missing}*`, (route) => (isAway ? route.abort() : route.continue())));
  const failure = page.getByRole("alert");
  await failure.getByText(/^Your account: /).waitFor();
  isAway = false;
  await failure.getByRole("button").click();
  await page.getByLabel("Your name").waitFor();
  await page.close();
});

test("[ui V5] a page loads no code of another page", async () => {
  const pages = Object.values(chunks).filter(({ isDynamicEntry, file }) => isDynamicEntry === true && file.endsWith(".js"));
  // cards of the settings are parts of this page; the breadcrumb and lanes of the Rail are drawn on every page
  const names = [
    "settings",
    "part-of-cards",
    "you-card",
    "your-data-card",
    "privacy-card",
    "accounts-card",
    "providers-card",
    "machines-card",
    "access-card",
    "access-check",
    "classes-card",
    "places-card",
    "access-preview",
    "transparency-card",
    "controls-card",
    "protection-card",
    "verify-entry",
    "look-card",
    "server-card",
    "history-card",
    "targets-card",
    "lists-card",
    "reasons-card",
    "calendar-card",
    "jobs-card",
    "merged-banner",
    "waiting-banner",
    "sign-in-banner",
    "own-card",
    "rules-card",
    "calendars-card",
    "list-card",
    "channels-card",
    "banner",
    "worlds-card",
    "packs-card",
    "terminals-card",
    "place-crumbs",
    "palette",
    "rail-lane",
  ];
  // small views come together, none of them a page
  const isOwn = ({ name = "" }: { readonly name?: string }): boolean => names.includes(name) || name.startsWith("_small-views_");
  const own = pages.filter(isOwn).map(({ file }) => file);
  const asked = new Set<string>();
  const page = await open("/settings", async (fresh) => {
    fresh.on("request", (request) => asked.add(new URL(request.url()).pathname.slice(1)));
  });
  const parts = page.getByRole("navigation", { name: "Parts of the settings" }).getByRole("link");
  await parts.first().waitFor();
  for (const part of await parts.all()) {
    await part.click();
    await page.waitForLoadState("networkidle");
  }
  await page.getByText("Version").waitFor();
  expect(pages.length).toBeGreaterThan(30);
  expect(asked).toContain(fileOf("../../packages/studio/src/settings/settings.tsx"));
  // words and what renders them belong to every page
  const words = pages.filter(({ name = "" }) => /^(?:words|messages)-(?:en|zh)$/.test(name)).map(({ file }) => file);
  expect(pages.map(({ file }) => file).filter((file) => asked.has(file) && !own.includes(file) && !words.includes(file))).toEqual([]);
  expect(words.filter((file) => asked.has(file) && /zh/.test(file))).toEqual([]);
  await page.close();
});

test("[studio U155] names of 60 characters leave each control of the top bar whole, live and in the past, from 390 px on", async () => {
  const long = "More places at the leak test beside the compressed air mainx";
  const url = String(server.ready["url"]);
  await clientOf(url, "Ada Fischer").createWorld({ name: "long", title: long });
  const { id } = await clientOf(url, "Ada Fischer", WebSocket, "long").fork(long);
  for (const moment of ["", "&t=2026-01-05T10:00:00Z"]) {
    const page = await open(`/settings?world=long&branch=${encodeURIComponent(id)}${moment}`);
    await page.locator(".dw-pill-branch").waitFor();
    if (moment !== "") await page.locator(".dw-pill-past").waitFor();
    for (const width of [390, 520, 701, 768, 1024, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      const boxes = await page
        .locator(".dw-top button:visible")
        .evaluateAll((controls) => controls.map((control) => ({ name: control.className, ...control.getBoundingClientRect().toJSON() })));
      const beyond = boxes.filter(({ left, right }) => left < 0 || right > width);
      expect(beyond, `${width} px ${moment}`).toEqual([]);
    }
    await page.close();
  }
});

test("[studio U155] the mark of a demonstration is whole at 390 px, in both languages, live and on a branch", async () => {
  const { id } = await clientOf(String(server.ready["url"]), "Ada Fischer").fork("seventh leak-test place");
  for (const [language, mark] of [
    ["en", "DEMO"],
    ["zh", "演示"],
  ])
    for (const address of ["/settings", `/settings?branch=${encodeURIComponent(id)}`]) {
      const page = await open(address, async (opened) => {
        await opened.setViewportSize({ width: 390, height: 844 });
        await opened.addInitScript(
          (text) => localStorage.setItem("doppelwerk.preferences", text),
          JSON.stringify({ personId: "e2e-views", name: "Ada Fischer", language }),
        );
        await opened.route("**/api/doppelwerk/v1/world", async (route) => {
          const answer = await route.fetch();
          await route.fulfill({ json: { ...((await answer.json()) as object), demo: true } });
        });
      });
      const shown = page.locator(".dw-top").getByText(mark!, { exact: true });
      await shown.waitFor();
      const isWhole = await shown.evaluate((element) => {
        const own = element.getBoundingClientRect();
        const part = element.parentElement!.getBoundingClientRect();
        return own.left >= part.left && own.right <= part.right + 1 && own.top >= part.top && own.bottom <= part.bottom + 1;
      });
      expect([address, language, isWhole]).toEqual([address, language, true]);
      await page.close();
    }
});
