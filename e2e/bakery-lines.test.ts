import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { makeLine, startBakerySite, type BakerySite } from "./bakery-site.fixture.ts";
import { eventually } from "./running-site.ts";

// The plant of strangers after its first line (bakery-walk.test.ts makes that one in the studio): meanings of states, figures, a second line, kill -9.
const FIRST = "Linea_1_Barra";
const SECOND = "Linea_2_Molde";
let site: BakerySite;

beforeAll(async () => {
  buildStudio();
  site = await startBakerySite();
});
afterAll(() => site?.stop());

const get = <Answer>(path: string): Promise<Answer> => site.get(path);

interface Value {
  readonly signal: string;
  readonly path: readonly string[];
}
interface Proposal {
  readonly name: string;
  readonly columns: readonly string[];
  readonly roles: readonly (string | null)[];
  readonly like: readonly { readonly name: string; readonly signals: readonly (string | null)[] }[];
}
const valuesAt = async (...folders: readonly string[]): Promise<readonly string[]> => {
  const { values } = await get<{ readonly values: readonly Value[] }>("/plant-values");
  return values.filter(({ path }) => folders.every((name) => path.includes(name))).map(({ signal }) => signal);
};

/** What bakery-walk.test.ts does in the studio; answers the signal that counts good parts at the constraint. */
async function makeFirstLine(): Promise<string> {
  await site.post("/connections", { name: "Panificadora", url: site.bakery.url });
  const signals = await valuesAt("01 Amasadora", "Producción");
  const { name, columns, roles, like } = await site.post<Proposal>("/assets/like", { signals });
  const machines = [{ name, signals }, ...like].map((each) => ({ name: each.name, signals: each.signals }));
  const made = await site.post<{ readonly assets: readonly { readonly shell: string; readonly name: string }[] }>("/assets", {
    columns: columns.map((column, at) => ({ name: column, ...(roles[at] && { role: roles[at] }) })),
    assets: machines,
  });
  const counter = columns.indexOf("Piezas_OK");
  const stations = made.assets
    .map((asset, at) => ({ ...asset, good: machines[at]!.signals[counter]! }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const constraint = stations.find((station) => station.name === "04 Horno túnel")!;
  await site.post("/lines", {
    name: "Línea 1 Barra",
    stations: stations.map(({ shell, good }) => ({ shell, good })),
    taktS: 2,
    constraint: constraint.shell,
    shifts: [
      { name: "Early", start: "06:00", end: "14:00", days: "Mon Tue Wed Thu Fri Sat Sun" },
      { name: "Late", start: "14:00", end: "22:00", days: "Mon Tue Wed Thu Fri Sat Sun" },
      { name: "Night", start: "22:00", end: "06:00", days: "Mon Tue Wed Thu Fri Sat Sun" },
    ],
  });
  return constraint.good;
}

const linesOf = async () =>
  (await get<{ readonly lines: readonly { readonly id: string; readonly stations: readonly { readonly id: string }[] }[] }>("/lines"))
    .lines;
interface Figures {
  readonly good: number;
  readonly oee?: number;
  readonly constraint: string;
}
const figuresOf = (line: string, spanS = 3_600): Promise<Figures> => {
  const now = Date.now() * 1_000;
  return get(`/kpis?line=${line}&from=${now - spanS * 1e6}&to=${now}`);
};
const statesOf = async (line: string): Promise<readonly string[]> =>
  (await get<{ readonly stations: readonly { readonly state: string }[] }>(`/snapshot?line=${line}`)).stations.map(({ state }) => state);
/** Raw states that were given a meaning at a station, by the newest version of its mapping. */
const meaningsOf = async (station: string): Promise<object> =>
  (await get<{ readonly versions: readonly { readonly words: object }[] }>(`/states/${station}`)).versions.at(-1)!.words;
const placeNames = async (): Promise<readonly string[]> =>
  (await get<{ readonly places: readonly { readonly name: string; readonly kind: string }[] }>("/places")).places
    .filter(({ kind }) => kind === "productionLine")
    .map(({ name }) => name)
    .sort();

/** What stands recorded of a counter since an instant (µs): its values in their order, and the qualities they have. */
async function recordOf(signal: string, from: number): Promise<{ readonly counts: readonly number[]; readonly qualities: Set<string> }> {
  const answer = await fetch(`${site.origin}/api/doppelwerk/v1/export/samples?signals=${signal}&from=${from}&to=${Date.now() * 1_000}`);
  const [head, ...rows] = (await answer.text()).trim().split(/\r?\n/);
  const columns = head!.split(",");
  const cell = (row: string, column: string): string => row.split(",")[columns.indexOf(column)]!;
  return { counts: rows.map((row) => Number(cell(row, "value"))), qualities: new Set(rows.map((row) => cell(row, "quality"))) };
}

/** Gives a raw state of the first station with it a meaning, at all stations of the line. */
async function giveMeaning(page: Page, word: string, meaning: string, others: number): Promise<void> {
  const meanings = page.locator(".dw-states-one form").getByRole("group", { name: `Meaning of ${word}`, exact: true });
  // its name at the plant (Marcha) says what it means
  await meanings.getByRole("button", { name: `Proposed: ${meaning}`, exact: true }).click();
  await page.getByLabel(`also at the other ${others} stations of this line`).check();
  await page.getByRole("button", { name: "Save 1 change" }).click();
  await page.getByText(/ now uses version \d+/).waitFor();
}

test("[AH4] [AH5] [connect CN7] [connect ST1] [connect ST3] a plant of other people goes on after its first line: states, figures, a second line beside it, values that appear later, all there after a kill -9", async () => {
  const counter = await makeFirstLine();

  // 1. what its raw states mean, once for all stations
  const page = await site.open("/connect/states");
  await page.locator(".dw-states-station", { hasText: "Horno_tunel" }).click();
  await giveMeaning(page, "1", "Working", 5);
  await site.shot(page, "states");
  await eventually(async () => (await statesOf(FIRST)).filter((state) => state === "working").length > 1, "stations work");

  // 2. output and OEE of the line are counted, and shown
  const figures = await eventually(async () => {
    const now = await figuresOf(FIRST);
    return now.good > 0 && now.oee !== undefined && now.oee > 0 ? now : undefined;
  }, "good parts and OEE of the first line");
  expect(figures.constraint).toBe("Horno_tunel");
  // also of a span of which nothing is folded yet
  await eventually(async () => (await figuresOf(FIRST, 0.5)).good >= figures.good, "figures of the last half second");
  await page.goto(`${site.origin}/board`);
  await page.getByText("OEE at the constraint, Horno_tunel").waitFor();
  await eventually(
    async () => Number((await page.locator(".dw-board-output .dw-figure b").textContent()) ?? "") > 0,
    "output on the board",
  );
  await site.shot(page, "board");

  // 3. a second line of data blocks in a flat folder, while the first one goes on
  const before = Date.now() * 1_000;
  await page.goto(`${site.origin}/assets/values`);
  const tree = page.getByRole("tree", { name: "Values of the plant" });
  await page.getByRole("textbox", { name: "Search names" }).fill("DB12");
  await tree.getByRole("checkbox", { name: "DataBlocksGlobal" }).check();
  await page.getByRole("button", { name: "Create an asset from these" }).click();
  await page.getByText("3 more groups have this structure").waitFor();
  await page.getByRole("button", { name: "Create 4 assets" }).click();
  await page.getByRole("button", { name: "Create another line" }).click();
  // those of the first line are not in it
  expect(await page.locator(".dw-home-order input:checked").count()).toBe(4);
  await site.shot(page, "order");
  await makeLine(page, { name: "Línea 2 Molde", takt: "1.4", constraint: "DB12" });
  const lines = await eventually(async () => ((await linesOf()).length === 2 ? linesOf() : undefined), "two lines");
  expect(lines.map(({ id, stations }) => [id, ...stations.map((station) => station.id)])).toEqual([
    [FIRST, "Amasadora", "Divisora", "Fermentadora", "Horno_tunel", "Enfriador", "Envasadora"],
    [SECOND, "DB11", "DB12", "DB13", "DB14"],
  ]);
  await eventually(async () => (await figuresOf(SECOND)).good > 0, "good parts of the second line");
  expect((await statesOf(FIRST)).filter((state) => state === "working").length).toBeGreaterThan(1);
  // every tray of the first line was counted one by one, across the wrap of its 16 bits
  const { counts, qualities } = await eventually(async () => {
    const recorded = await recordOf(counter, before);
    return recorded.counts.length > 3 ? recorded : undefined;
  }, "counts of the first line");
  expect(qualities).toEqual(new Set(["good"]));
  for (const [at, count] of counts.entries()) if (at > 0) expect([0, 1]).toContain((count - counts[at - 1]! + 65_536) % 65_536);

  // 4. both are in the tree of places and on the board
  expect(await placeNames()).toEqual(["Línea 1 Barra", "Línea 2 Molde"]);
  await page.goto(`${site.origin}/board`);
  await page.getByRole("combobox", { name: "Line", exact: true }).selectOption({ label: "Línea 2 Molde" });
  await page.getByText("OEE at the constraint, DB12").waitFor();
  await page.keyboard.press("Shift+P");
  const places = page.getByRole("dialog").getByRole("tree");
  for (const name of ["Línea 1 Barra", "Línea 2 Molde"]) await places.getByRole("treeitem", { name }).first().waitFor();
  await site.shot(page, "places");

  // 5. the plant puts a third line into operation: its values are found by looking again, and taken
  const connected = site.bakery.variables();
  site.bakery.commission();
  const added = site.bakery.variables() - connected;
  await page.goto(`${site.origin}/connect`);
  await page.getByRole("button", { name: "Look for new values" }).click();
  const take = page.getByRole("button", { name: /^Connect \d+ values$/ });
  await take.waitFor();
  await site.shot(page, "untaken");
  await take.click();
  await page.getByText(/new values of Panificadora/).waitFor();
  const third = await valuesAt("Línea 3 Bollería");
  expect(third.length).toBeGreaterThanOrEqual(added);
  await eventually(async () => (await recordOf(third[0]!, before)).counts.length > 0, "values of the third line");
  await page.getByRole("button", { name: "Look for new values" }).click();
  await page.getByText("All values of the plant are connected.").waitFor();
  await page.close();

  // 6. killed and started again: nothing is lost of either
  const kept = await Promise.all([linesOf(), placeNames(), figuresOf(FIRST), figuresOf(SECOND)]);
  await site.kill();
  const killed = Date.now() * 1_000;
  await wait(5_000);
  await site.startAgain();
  expect(await linesOf()).toEqual(kept[0]);
  expect(await placeNames()).toEqual(kept[1]);
  for (const [line, { good }] of [
    [FIRST, kept[2]],
    [SECOND, kept[3]],
  ] as const)
    await eventually(async () => (await figuresOf(line)).good > good, `${line} goes on after ${good}`);
  for (const station of ["Amasadora", "Envasadora"])
    expect(await meaningsOf(station)).toEqual({ "1": { state: "working", cause: "internal" } });
  await eventually(async () => (await statesOf(FIRST)).filter((state) => state === "working").length > 1, "stations work again");
  expect((await get<{ readonly assets: readonly unknown[] }>("/plant-values")).assets).toHaveLength(10);
  // of the time in which nobody listened nothing is known
  await eventually(async () => (await recordOf(counter, killed - 3e6)).qualities.has("bad"), "the outage in the record of a counter");

  // 7. on a phone, in Chinese
  const phone = await site.open("/assets/values", { size: { width: 390, height: 844 }, language: "zh", theme: "dark" });
  await phone.getByRole("tree", { name: "设备变量" }).getByRole("treeitem").first().waitFor();
  await site.shot(phone, "phone");
  expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  await phone.close();
  expect(site.troubles).toEqual([]);
});
