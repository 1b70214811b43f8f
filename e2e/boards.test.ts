import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { freePort, startBrowser, startServer, type Program } from "./running-site.ts";

// Boards in browsers: several people lay out one, a network that is gone for a while, a wall that nobody stands at.
const file = fileURLToPath(new URL("../packs/discrete-line/fixtures/three-lines.aas.json", import.meta.url));
const WAIT = { timeout: 60_000 };
let folder: string;
let port: string;
let server: Program;
let browser: Browser;

const start = (): Promise<Program> => startServer(join(folder, "data"), ["--import", file, "--port", port]);
beforeAll(async () => {
  buildStudio();
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-boards-page-"));
  port = String(await freePort());
  [server, browser] = await Promise.all([start(), startBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const origin = (): string => String(server.ready["url"]).replace(/\/$/, "");

interface Board {
  readonly id: string;
  readonly tiles: readonly { readonly id: string; readonly kind: string; readonly settings: unknown; readonly place: readonly object[] }[];
}

async function ask<Answer>(method: "GET" | "POST", path: string, body?: object): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${origin()}/api/doppelwerk/v1${path}`, { method, ...(body && { headers, body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

const make = (title: string, template: string): Promise<Board> =>
  ask("POST", "/boards", { title, template, sharing: { with: "everybody" }, editors: "readers" });
const stored = (id: string): Promise<Board> => ask("GET", `/boards/${encodeURIComponent(id)}`);

/** A window of a person of their own. */
async function windowOf(name: string, address: string, width = 1440): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: "en" });
  await context.addInitScript((own) => {
    localStorage.setItem(
      "doppelwerk.preferences",
      JSON.stringify({ personId: `person-${own}`, name: own, language: "en", theme: "light" }),
    );
  }, name);
  const page = await context.newPage();
  await page.goto(`${origin()}${address}`);
  return page;
}

const addressOf = ({ id }: Board): string => `/boards/${encodeURIComponent(id)}`;
const tileOf = (page: Page, name: string) => page.locator(`.dw-tile[aria-label="${name}"]`);
const layOut = (page: Page) => page.getByRole("button", { name: "Lay out", exact: true }).click();

test("[BD13] two people lay out one board at the same time, and both see what both did", async () => {
  const board = await make("Together", "maintenance");
  const [ada, bo] = await Promise.all([windowOf("Ada", addressOf(board)), windowOf("Bo", addressOf(board))]);
  for (const page of [ada, bo]) await layOut(page);
  await tileOf(ada, "Notes").focus();
  await tileOf(bo, "Availability").focus();
  await Promise.all([ada.keyboard.press("Delete"), bo.keyboard.press("Shift+ArrowLeft")]);
  await Promise.all([ada.keyboard.press("Escape"), bo.getByRole("button", { name: "Add a tile" }).click()]);
  await bo.getByRole("dialog").getByRole("button", { name: /^Text/ }).click();
  await bo.getByRole("dialog").getByLabel("Text").fill("# Together");
  await bo.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
  for (const page of [ada, bo]) {
    await page.getByText("Together", { exact: true }).last().waitFor();
    await expect.poll(() => tileOf(page, "Notes").count(), WAIT).toBe(0);
  }
  await expect.poll(async () => (await stored(board.id)).tiles.length, WAIT).toBe(board.tiles.length);
  for (const page of [ada, bo]) await page.context().close();
});

test("[BD14] what is done while there is no network shows at once, survives a window that is loaded again, and is stored when there is one", async () => {
  const board = await make("Offline", "maintenance");
  const page = await windowOf("Ada", addressOf(board));
  await layOut(page);
  await page.route("**/acts*", (route) => route.abort());
  await tileOf(page, "Notes").focus();
  await page.keyboard.press("Delete");
  await page.getByText(/No connection: 1 change waits here/).waitFor();
  expect((await stored(board.id)).tiles).toHaveLength(board.tiles.length);
  await page.reload();
  await page.getByText(/No connection: 1 change waits here/).waitFor();
  await expect.poll(() => tileOf(page, "Notes").count(), WAIT).toBe(0);
  await page.unroute("**/acts*");
  await expect.poll(async () => (await stored(board.id)).tiles.length, WAIT).toBe(board.tiles.length - 1);
  await expect.poll(() => page.getByText(/waits here/).count(), WAIT).toBe(0);
  await page.context().close();
});

test("[BD15] the keyboard moves, resizes and takes off tiles, and a tile that was taken off is put back", async () => {
  const board = await make("Keys", "wall");
  const page = await windowOf("Ada", addressOf(board));
  await layOut(page);
  await tileOf(page, "OEE").focus();
  await page.keyboard.press("Shift+ArrowLeft");
  const placeOf = async (kpi: string) => {
    const { tiles } = await stored(board.id);
    return tiles.find(({ settings }) => (settings as { readonly kpi?: string }).kpi === kpi)!.place as { key: number; size: number }[];
  };
  await expect.poll(async () => (await placeOf("oee"))[1]!.key < (await placeOf("good"))[1]!.key, WAIT).toBe(true);
  const width = (await placeOf("oee"))[1]!.size;
  await tileOf(page, "OEE").focus();
  await page.keyboard.press("Alt+ArrowRight");
  await expect.poll(async () => (await placeOf("oee"))[1]!.size > width, WAIT).toBe(true);
  await tileOf(page, "OEE").focus();
  await page.keyboard.press("Delete");
  await expect.poll(() => tileOf(page, "OEE").count(), WAIT).toBe(0);
  await page.getByRole("button", { name: "Put it back" }).click();
  await tileOf(page, "OEE").waitFor();
  await page.context().close();
});

test("[BD16] [studio U224] a wall shows boards in turns without the frame, says since when there is no data, and goes on by itself after the server is back", async () => {
  const [one, other] = [await make("First", "wall"), await make("Second", "wall")];
  for (const { id } of [one, other])
    await ask("POST", `/boards/${encodeURIComponent(id)}/acts`, { acts: [{ act: "board", fields: { wallS: 5 } }] });
  const page = await windowOf("Wall", `/boards/${encodeURIComponent(`wall:${one.id},${other.id}`)}`);
  await page.getByRole("heading", { name: "First" }).waitFor();
  await page.getByRole("heading", { name: "Second" }).waitFor(WAIT);
  expect(await page.locator(".dw-nav, .dw-rail, .dw-top").count()).toBe(0);
  await server.stop("SIGKILL");
  await page
    .getByText(/^no data since \d/)
    .first()
    .waitFor(WAIT);
  server = await start();
  await expect.poll(() => page.getByText(/^no data since \d/).count(), { timeout: 120_000 }).toBe(0);
  await page.getByRole("heading", { name: /First|Second/ }).waitFor(WAIT);
  await page.getByRole("link", { name: "Leave the wall" }).press("Enter");
  await page.getByRole("button", { name: "Lay out" }).waitFor(WAIT);
  await page.context().close();
});

test("[BD17] on a phone a board is one column in reading order, nothing is wider than the window, and one tile that fails leaves the others", async () => {
  const board = await make("Phone", "shiftLead");
  const gone = {
    act: "put",
    tile: "boardTile:gone",
    fields: { kind: "gone.kind", settings: {}, moment: { of: "page" } },
    place: [{ key: -1, size: 1 }],
  };
  await ask("POST", `/boards/${encodeURIComponent(board.id)}/acts`, { acts: [gone] });
  const page = await windowOf("Ada", addressOf(board), 390);
  await page.getByText("No feature that is on brings tiles of the kind gone.kind").waitFor(WAIT);
  await tileOf(page, "OEE").waitFor();
  const boxes = await page.locator(".dw-tile").evaluateAll((all) =>
    all.map((each) => {
      const { top, right } = each.getBoundingClientRect();
      return { top, right };
    }),
  );
  expect(boxes).toHaveLength(board.tiles.length + 1);
  expect(Math.max(...boxes.map(({ right }) => right))).toBeLessThanOrEqual(390);
  const tops = boxes.map(({ top }) => top);
  expect(new Set(tops).size).toBe(tops.length);
  expect(await page.locator("html").evaluate((root) => root.scrollWidth)).toBeLessThanOrEqual(390);
  await page.context().close();
});
