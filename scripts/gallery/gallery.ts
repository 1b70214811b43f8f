import { mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { message, textOf } from "@doppelwerk/messages";
import type { Browser, Page } from "playwright-core";
import { eventually, startBrowser, startSite } from "../../e2e/running-site.ts";
import { buildStudio } from "../build.ts";
import { contactSheet, type Picture } from "./contact-sheet.ts";
import { lookAt } from "./look-at.ts";
import { FACTORS, registeredViews, screensOf, SHOTS, type Screen, type Shot } from "./screens.ts";
import { prepareWorlds, type GalleryWorlds } from "./worlds.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "pictures");
const HEIGHTS: Readonly<Record<string, number>> = { "1440": 900, "1024": 768, "390": 844 };
/** After the last request the screen settles: charts are drawn, software rendering ends. */
const SETTLE_MS = 2_500;
const RENDER_MS = 7_000;

/** What `npm run pictures -- --gallery` was given. */
export interface GalleryOptions {
  /** None: all. */
  readonly views: readonly string[];
  /** A running product; absent: one is started. */
  readonly on?: string | undefined;
  /** Only pictures with these values, `state=flood`. */
  readonly only: readonly (readonly [string, string])[];
}

/** Reads `VIEW… [--on URL] [--only FACTOR=VALUE]…`; a wrong word is refused with what there is. */
export function readGalleryOptions(words: readonly string[], known: readonly string[]): GalleryOptions {
  const views: string[] = [];
  const only: (readonly [string, string])[] = [];
  let on: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--on") on = words[++at]?.replace(/\/$/, "");
    else if (word === "--only") only.push(choiceOf(words[++at] ?? ""));
    else if (known.includes(word)) views.push(word);
    else throw new Error(`there is no view ${word}; there are ${known.join(", ")}`);
  }
  if (words.includes("--on") && !/^https?:/.test(on ?? "")) throw new Error("--on needs the address of a running product");
  return { views, only, on };
}

function choiceOf(text: string): readonly [string, string] {
  const [name = "", value = ""] = text.split("=");
  const values: readonly string[] = (FACTORS as Readonly<Record<string, readonly string[]>>)[name] ?? [];
  if (!values.includes(value)) {
    const all = Object.entries(FACTORS).map(([factor, each]) => `${factor}=${each.join("|")}`);
    throw new Error(`--only needs one of ${all.join(", ")}`);
  }
  return [name, value];
}

/** Takes the pictures; true when nothing was found wrong with them. */
export async function takeGallery(words: readonly string[]): Promise<boolean> {
  const screens = screensOf(await registeredViews(root));
  const options = readGalleryOptions(
    words,
    screens.map(({ name }) => name),
  );
  buildStudio();
  const site = options.on === undefined ? await startSite({ minimal: false, whole: true }) : undefined;
  const browser = await startBrowser();
  try {
    const url = options.on ?? site!.url;
    if (site !== undefined) {
      const ada = site.client("Ada Fischer");
      await eventually(async () => (await ada.world()).backfill.done || undefined, "the archive of the plant is read", 300);
    }
    const worlds = await prepareWorlds(url);
    const chosen = options.views.length === 0 ? screens : options.views.map((view) => screens.find(({ name }) => name === view)!);
    const shots = SHOTS.filter((shot) => options.only.every(([name, value]) => shot[name as keyof Shot] === value));
    const pictures: Picture[] = [];
    for (const screen of chosen) for (const shot of shots) pictures.push(await take(browser, url, screen, shot, worlds));
    return report(pictures);
  } finally {
    await browser.close();
    await site?.stop();
  }
}

/** Writes the sheet, with what earlier calls took of other views, and prints what was found. */
function report(pictures: readonly Picture[]): boolean {
  const list = join(folder, "pictures.json");
  const files = new Set(pictures.map(({ file }) => file));
  const earlier = existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as readonly Picture[]) : [];
  const all = [...earlier.filter(({ file }) => !files.has(file)), ...pictures].toSorted((a, b) => a.file.localeCompare(b.file));
  writeFileSync(list, JSON.stringify(all));
  writeFileSync(join(folder, "index.html"), contactSheet(all));
  const found = pictures.filter(({ findings }) => findings.length > 0);
  for (const { file, findings } of found) for (const finding of findings) process.stdout.write(`${file}: ${finding}\n`);
  process.stdout.write(`${pictures.length} pictures, ${found.length} with findings: ${join(folder, "index.html")}\n`);
  return found.length === 0;
}

async function take(browser: Browser, url: string, screen: Screen, shot: Shot, worlds: GalleryWorlds): Promise<Picture> {
  const context = await browser.newContext({
    viewport: { width: Number(shot.size), height: HEIGHTS[shot.size]! },
    deviceScaleFactor: 1,
    reducedMotion: "reduce",
    hasTouch: shot.size === "390",
    contrast: shot.theme === "contrast" ? "more" : "no-preference",
    colorScheme: shot.theme === "light" ? "light" : "dark",
  });
  const preferences = { personId: "e2e-secret-of-Bo Lindqvist", name: "Bo Lindqvist", theme: shot.theme, language: shot.language };
  await context.addInitScript((text) => localStorage.setItem("doppelwerk.preferences", text), JSON.stringify(preferences));
  const page = await context.newPage();
  const findings: string[] = [];
  page.on("pageerror", (error) => findings.push(`error of the page: ${error.message}`));
  await disturb(page, shot.state);
  const subjects = shot.state === "empty" || shot.state === "flood" ? worlds[shot.state] : worlds.normal;
  await page.goto(`${url}${screen.address(subjects)}`);
  await page.locator("main").first().waitFor({ timeout: 60_000 });
  if (shot.state !== "loading")
    await page.waitForLoadState("networkidle", { timeout: 10_000 }).catch(() => {
      // a page of live values may never be idle: then it is taken as it stands
    });
  await page.waitForTimeout((await page.locator("main canvas").count()) > 0 && shot.state !== "loading" ? RENDER_MS : SETTLE_MS);
  mkdirSync(join(folder, screen.name), { recursive: true });
  const file = `${screen.name}/${Object.values(shot).join("-")}.png`;
  await page.screenshot({ path: join(folder, file) });
  findings.push(...(await lookAt(page, { language: shot.language, written: worlds.written })));
  await context.close();
  process.stderr.write(`doppelwerk: ${file}${findings.length === 0 ? "" : `, ${findings.length} findings`}\n`);
  return { view: screen.name, shot, file, findings };
}

/** What the frame asks before a view is drawn: it is there also while a view loads or fails. */
const OF_FRAME = /\/api\/doppelwerk\/v1(?:\/worlds\/[^/]+)?\/(?:world|worlds|packs|features|session)$/;
const reason = message("storage.historyCannotWritten", { directory: "history/live" });
const REFUSAL = { error: { code: "DW_UNAVAILABLE", message: textOf(reason), reason } };

/** Loading and error are made where the page meets the network: answers are held back, or are refusals. */
async function disturb(page: Page, state: Shot["state"]): Promise<void> {
  if (state !== "loading" && state !== "error") return;
  if (state === "loading") await page.routeWebSocket(/\/ws/, () => undefined);
  await page.route(/\/api\//, (route) => {
    if (OF_FRAME.test(new URL(route.request().url()).pathname)) return route.continue();
    if (state === "error") return route.fulfill({ status: 503, contentType: "application/json", body: JSON.stringify(REFUSAL) });
    return new Promise<void>(() => undefined);
  });
}
