import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataType, Variant } from "node-opcua";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, eventually, startBrowser, startServer, type Program } from "./running-site.ts";
import { HOLES, OVER_PRINTS } from "./page-faults.ts";
import { startVariedServer, type VariedPlant } from "./varied-plants.ts";

// Plants of other people in a real browser: one whose names mean nothing to anybody, and one with names of 60 letters. SHOTS=folder keeps pictures.
const shots = process.env["SHOTS"];
let folder: string;
let browser: Browser;
let kilns: Awaited<ReturnType<typeof startVariedServer>>;
const troubles: string[] = [];
const stops: (() => Promise<unknown>)[] = [];

const CHAMBERS = ["Kammer Nord", "Kammer Süd", "Kammer Ost"];

/** Three chambers, each with a wave, a count that rises and a word: W17, Z4 and M. */
const brickworks: VariedPlant = {
  name: "brickworks",
  nodesets: [],
  truth: { machines: [], roles: {} },
  build(space, own) {
    const hall = own.addFolder(space.rootFolder.objects, { browseName: "Brennhaus" });
    for (const [at, chamber] of CHAMBERS.entries()) {
      const inside = own.addFolder(hall, { browseName: chamber });
      const add = (name: string, dataType: DataType, value: () => number | string): void =>
        void own.addVariable({
          componentOf: inside,
          browseName: name,
          nodeId: `s=${chamber}/${name}`,
          dataType,
          minimumSamplingInterval: 100,
          value: { get: () => new Variant({ dataType, value: value() }) },
        });
      const seconds = (): number => Date.now() / 1_000;
      add("W17", DataType.Double, () => 900 + 20 * at + 15 * Math.sin(seconds() / 7 + at));
      add("Z4", DataType.UInt32, () => Math.floor(seconds()) % 1_000_000);
      add("M", DataType.String, () => ["kalt", "heiß", "leer"][Math.floor(seconds() / 20 + at) % 3]!);
    }
  },
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doppelwerk-own-plant-"));
  kilns = await startVariedServer([brickworks], join(folder, "pki"));
  kilns.show(brickworks);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  for (const stop of stops.toReversed()) await stop();
  await kilns?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function aServer(name: string): Promise<{ readonly url: string; readonly program: Program }> {
  const program = await startServer(join(folder, name));
  stops.push(() => program.stop());
  return { url: String(program.ready["url"]).replace(/\/$/, ""), program };
}

async function open(address: string, size = { width: 1440, height: 900 }, language = "en", theme = "light"): Promise<Page> {
  const page = await browser.newPage({ viewport: size });
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.addInitScript(
    (held) => localStorage.setItem("doppelwerk.preferences", held),
    JSON.stringify({ name: "Ada", theme, language }),
  );
  await page.goto(address);
  return page;
}

const shot = async (page: Page, name: string): Promise<void> => {
  if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) });
};

const PHONE = { width: 390, height: 844 };

test("[AH1] [AH2] [AH3] [AH4] [TW4] [U114] a server whose names mean nothing: values by folder, assets with their like, a line in three steps", async () => {
  const { url } = await aServer("kilns");
  const ann = clientOf(url, "ann");
  await ann.connect({ url: kilns.url, name: "Brennhaus" });
  const page = await open(`${url}/connect`);
  // nothing is recognised, which is not "nothing new"
  await page.locator(".dw-card").filter({ hasText: kilns.url }).getByRole("button", { name: "Propose a twin" }).click();
  await page.getByText("None of the plant's 9 values was recognised").waitFor();
  expect(await page.getByText("Nothing new").count()).toBe(0);
  await shot(page, "nothing-recognised");
  await page.getByRole("button", { name: "Create an asset from these" }).click();

  // values by the folders of the server, with what they are now
  const tree = page.getByRole("tree", { name: "Values of the plant" });
  await tree.getByRole("treeitem").filter({ hasText: "Kammer Süd" }).waitFor();
  await page.getByRole("complementary", { name: "Inspector" }).getByRole("heading", { level: 2 }).waitFor();
  expect(await page.getByRole("complementary", { name: "Inspector" }).getByRole("heading", { level: 2 }).textContent()).not.toBe("");
  await tree.getByRole("button", { name: "Kammer Nord" }).click();
  await expect.poll(() => tree.getByRole("treeitem").filter({ hasText: "W17" }).textContent()).toMatch(/\d{3}/);
  await tree.getByRole("checkbox", { name: "Kammer Nord" }).check();
  await expect.poll(() => page.locator(".dw-home-course").count()).toBe(3);
  await shot(page, "home");
  const phone = await open(`${url}/world`, PHONE, "zh", "dark");
  await phone.getByRole("tree", { name: "设备变量" }).getByRole("treeitem").first().waitFor();
  await phone.getByRole("checkbox", { name: "Kammer Ost" }).check();
  await shot(phone, "home-phone");
  expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  await phone.close();

  // an asset with its like, shown before anything is written
  await page.getByRole("button", { name: "Create an asset from these" }).click();
  await page.getByText("2 more groups have this structure").waitFor();
  expect((await ann.world()).empty).toBe(false);
  await page.getByRole("combobox", { name: "Meaning: M" }).click();
  await page.getByRole("option", { name: "machine state" }).click();
  await shot(page, "make-asset");
  await page.getByRole("button", { name: "Create 3 assets" }).click();
  await page.getByRole("button", { name: "3 assets", exact: true }).waitFor();
  await shot(page, "assets-made");

  // and a line of them in three steps
  await page.getByRole("button", { name: "Create a line" }).click();
  await page.getByRole("button", { name: "Later: Kammer Nord" }).click();
  await shot(page, "line-order");
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("combobox", { name: "Kammer Süd" }).click();
  await page.getByRole("option", { name: "Z4" }).click();
  await shot(page, "line-counts");
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await page.getByRole("textbox", { name: "Takt in seconds" }).fill("45");
  await shot(page, "line-takt");
  await page.getByRole("button", { name: "Create the line" }).click();
  const line = await eventually(async () => ann.line().catch(() => undefined), "the line is there");
  expect(line.taktS).toBe(45);
  expect(line.stations.map(({ id }) => id)).toEqual(["Kammer_Ost", "Kammer_Nord", "Kammer_Sued"]);
  expect(line.stations[2]!.signals["Good"]).toBeDefined();
  // the world is now the line's
  await page.getByRole("toolbar", { name: "World" }).waitFor();
  await tree.waitFor({ state: "detached" });
  await shot(page, "line-made");
  await page.close();
  expect(troubles).toEqual([]);
});

const LONG = [
  "Einpressen der Lagerschalen in das Gehäuse und Prüfung der Einpresskraft",
  "汽车变速箱壳体轴承座精密压装与压装力在线检测及数据追溯综合工位（二号车间三线）第十二道工序带自动上下料和视觉复检",
  "Final_inspection_of_the_assembled_gearbox_housing_incl_leak_test_and_marking",
];

/** Work of three steps with long names, in the order of the steps. */
function longLog(): string {
  const at = (hours: number): string => new Date(Date.UTC(2026, 0, 12) + hours * 3_600_000).toISOString();
  const rows = Array.from({ length: 12 }, (_, order) =>
    LONG.map((activity, step) => [order, activity, at(10 * order + 3 * step), at(10 * order + 3 * step + 2)].join(",")),
  );
  return ["order,operation,start,end", ...rows.flat()].join("\n");
}

test("[U116] [U117] names of 60 letters in English, German and Chinese lie over nothing, and no sentence has a hole where the log says nothing", async () => {
  const { url } = await aServer("long");
  const ann = clientOf(url, "ann");
  const { id } = await ann.proposeTwin({
    eventLog: longLog(),
    name: "Getriebegehäuse-Endmontage und Prüffeld im neuen Hallenschiff Süd-West 变速箱",
  });
  const report = await eventually(async () => {
    const now = await ann.proposal(id);
    if (now.state === "failed") throw new Error(now.why);
    return now.state === "done" ? now : undefined;
  }, "the proposal is done");
  await clientOf(url, "bob").approve(report.request!);
  await ann.merge(report.request!);
  const { stations } = await eventually(async () => ann.line().catch(() => undefined), "the line is there");
  expect(stations).toHaveLength(3);
  const wide = { width: 1440, height: 900 };
  for (const [size, language, theme, view, at] of [
    [wide, "en", "light", "world", undefined],
    [wide, "en", "light", "world", 0],
    [wide, "zh", "dark", "world", 1],
    [wide, "zh", "dark", "board", undefined],
    [PHONE, "zh", "dark", "world", 1],
    [PHONE, "zh", "dark", "board", undefined],
    [PHONE, "en", "light", "board", 2],
  ] as const) {
    const isPhone = size === PHONE;
    const station = at === undefined ? undefined : stations[at]!.id;
    const query = station === undefined ? "" : `?subject=${encodeURIComponent(station)}`;
    const page = await open(`${url}/${view}${query}`, size, language, theme);
    const what = `${view} ${station ?? "line"} ${language} ${String(size.width)}`;
    const asked = (question: string, of: string) => page.evaluate(`(${question})(document.querySelector("${of}"))`);
    const part = isPhone && station === undefined ? "main" : ".dw-side, .dw-sheet";
    await page.locator(part).first().waitFor();
    if (view === "board") await page.locator(".dw-station-row").first().waitFor();
    await expect.poll(() => page.locator(".dw-waiting").count()).toBe(0);
    await shot(page, `long-${view}-${station === undefined ? "line" : String(at)}-${language}-${String(size.width)}`);
    expect(await asked(OVER_PRINTS, part), `over-printed: ${what}`).toEqual([]);
    for (const each of [part, "main"]) expect(await asked(HOLES, each), `holes: ${what}`).toEqual([]);
    if (view === "board" && !isPhone) expect(await asked(OVER_PRINTS, "main"), `over-printed: ${what}`).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth"), what).toBeLessThanOrEqual(size.width);
    await page.close();
  }
  expect(troubles).toEqual([]);
});

test("[U34] a walk shows how to move and how to end it, by Escape, by its button and by its key", async () => {
  const { url } = await aServer("walk");
  const ann = clientOf(url, "ann");
  const { id } = await ann.proposeTwin({ eventLog: longLog(), name: "Walk" });
  const report = await eventually(async () => {
    const now = await ann.proposal(id);
    return now.state === "done" ? now : undefined;
  }, "the proposal is done");
  await clientOf(url, "bob").approve(report.request!);
  await ann.merge(report.request!);
  const page = await open(`${url}/world`);
  await page.getByRole("toolbar", { name: "World" }).waitFor();
  const hint = page.getByRole("status").filter({ hasText: "Walking" });
  const walk = page.getByRole("toolbar", { name: "World" }).getByRole("button", { name: "Walk" });
  const canvas = page.locator(".dw-world-host canvas");
  const hasFocus = (element: typeof canvas): Promise<boolean> => element.evaluate((each) => each.matches(":focus"));
  await walk.click();
  await hint.waitFor();
  await shot(page, "walk");
  await hint.getByRole("button", { name: "Stop walking" }).click();
  await hint.waitFor({ state: "detached" });
  // by keys alone: the picture has the focus while one walks, the button afterwards
  for (const end of ["Escape", "g"]) {
    expect(await hasFocus(walk)).toBe(true);
    await page.keyboard.press("Enter");
    await hint.waitFor();
    expect(await hasFocus(canvas)).toBe(true);
    await page.keyboard.press(end);
    await hint.waitFor({ state: "detached" });
  }
  await canvas.focus();
  await page.keyboard.press("g");
  await hint.waitFor();
  await page.keyboard.press("g");
  await hint.waitFor({ state: "detached" });
  await page.close();
  expect(troubles).toEqual([]);
});
