import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { LINES, startBottlingPlant, type BottlingPlant } from "./bottling-plant.ts";
import { eventually, runCommand, startBrowser, startServer, type Program } from "./running-site.ts";

// Three lines of somebody else's making behind one OPC UA server, and a server that knows them by an engineering file alone.

const HOUR = 3_600_000_000;
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-foreign-lines-"));
let plant: BottlingPlant;
let server: Program;
let browser: Browser;
const origin = (): string => String(server.ready["url"]).replace(/\/$/, "");

beforeAll(async () => {
  buildStudio();
  plant = await startBottlingPlant(join(folder, "pki"));
  writeFileSync(join(folder, "two.json"), JSON.stringify(plant.environment(LINES.slice(0, 2))));
  writeFileSync(join(folder, "three.json"), JSON.stringify(plant.environment()));
  const started = startServer(join(folder, "data"), ["--import", join(folder, "two.json")]);
  [server, browser] = await Promise.all([started, startBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await plant?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = async (path: string) => (await fetch(`${origin()}/api/doppelwerk/v1${path}`)).json() as Promise<unknown>;

interface Picture {
  readonly stations: readonly { readonly id: string; readonly state: string }[];
}
const picture = (line: string) => get(`/snapshot?line=${line}`) as Promise<Partial<Picture>>;
/** Good parts that left a line in this shift. */
const made = async (line: string): Promise<number | undefined> => {
  const now = Date.now() * 1_000;
  return ((await get(`/kpis?line=${line}&from=${now - HOUR}&to=${now}`)) as { readonly good?: number }).good;
};
const linesOf = async () =>
  ((await get("/lines")) as { lines: readonly { id: string; path: readonly { en: string }[]; stations: readonly { id: string }[] }[] })
    .lines;

test("[LN41] [LN43] lines whose machines are called the same, with states as an enumeration and without a count of all parts, are known by their file and counted", async () => {
  const lines = await eventually(async () => {
    const known = await linesOf();
    return known.length === 2 ? known : undefined;
  }, "two lines");
  expect(lines.map(({ id, path }) => [id, ...path.map(({ en }) => en)])).toEqual([
    ["Glas", "Quellbrunn AG", "Werk Mosbach", "Halle A", "Linie 1 Glas"],
    ["PET", "Quellbrunn AG", "Werk Mosbach", "Halle A", "Linie 2 PET"],
  ]);
  for (const line of ["Glas", "PET"]) await eventually(async () => ((await made(line)) ?? 0) > 3 || undefined, `parts of ${line}`);
  // No counter of the filler counts all parts. What lay behind it at the start leaves the line too, so there may be fewer than left.
  const kpis = await eventually(async () => {
    const now = Date.now() * 1_000;
    const read = (await get(`/kpis?line=PET&from=${now - HOUR}&to=${now}`)) as { produced: number; constraint: string };
    return read.produced > 3 ? read : undefined;
  }, "parts at the constraint");
  expect(kpis.constraint).toBe("PET.Fueller");
  plant.breakDown("PET", "Fueller", true);
  const stateOf = async (line: string, id: string) => (await picture(line)).stations?.find((station) => station.id === id)?.state;
  await eventually(async () => (await stateOf("PET", "PET.Fueller")) !== "working" || undefined, "the filler has stopped");
  expect(await stateOf("Glas", "Fueller")).not.toBe(await stateOf("PET", "PET.Fueller"));
  plant.breakDown("PET", "Fueller", false);
});

/** The board of the site, with a row for each line. */
async function openBoard(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(
    (preferences) => localStorage.setItem("doppelwerk.preferences", preferences),
    JSON.stringify({ personId: "e2e-foreign-lines", name: "Ada Fischer", language: "en" }),
  );
  await page.goto(`${origin()}/board`);
  await page.getByRole("table").getByText("Linie 2 PET").first().waitFor();
  return page;
}

test("[LN43] a third line is added while the plant runs, and after kill -9 all three go on where they were", async () => {
  const before = { Glas: await made("Glas"), PET: await made("PET") };
  const board = await openBoard();
  expect(await board.getByRole("table").getByText("Linie 3 Dose").count()).toBe(0);
  const imported = await runCommand(["import", join(folder, "three.json"), "--server", origin()]);
  expect(imported.code, imported.stderr).toBe(0);
  // whoever has the board of the site open sees it there
  await board.getByRole("table").getByText("Linie 3 Dose").first().waitFor();
  await board.close();
  await eventually(async () => ((await made("Dose")) ?? 0) > 1 || undefined, "parts of the third line");
  expect(await made("Glas")).toBeGreaterThanOrEqual(before.Glas!);
  expect(await made("PET")).toBeGreaterThanOrEqual(before.PET!);
  expect((await linesOf()).map(({ id, stations }) => [id, stations.length])).toEqual([
    ["Glas", 6],
    ["PET", 4],
    ["Dose", 5],
  ]);
  const kept = { Glas: await made("Glas"), PET: await made("PET"), Dose: await made("Dose") };
  await server.stop("SIGKILL");
  server = await startServer(join(folder, "data"));
  for (const [line, good] of Object.entries(kept))
    await eventually(async () => ((await made(line)) ?? -1) >= good! || undefined, `${line} goes on after ${good}`);
});
