import type { LineInfo } from "@doppelwerk/client";
import { layOutLine, layOutSite, SAMPLE_LINE } from "@doppelwerk/scene";
import { expect, test } from "vitest";
import type { Place } from "../contract.ts";
import { linesWithin } from "./lines-within.ts";
import { idOf, places, summaryOf, TROUBLED } from "./recorded.fixture.ts";
import { rowOfPlace } from "./row-of-place.ts";
import { siteAreas } from "./site-areas.ts";
import { sceneStations, siteFrame } from "./site-frame.ts";

const stations = [{ id: "S090" }, { id: "S100" }];
const info = { stations, stage: layOutLine(SAMPLE_LINE) } as unknown as LineInfo;
const lines = new Map([
  [idOf("Line1"), info],
  [idOf("Line4"), info],
]);

test("[PT21] the scene of a site has a hall with its lines, and areas with what stands in them, where the documents say", () => {
  const { areas, placeOf } = siteAreas(places, idOf("Site"), lines, "en");
  expect(areas.map(({ title, lines: own, things }) => [title, own.map((line) => line.title), things.map((thing) => thing.title)])).toEqual([
    ["Hall 2", ["Line 1", "Line 4"], []],
    ["Utilities", [], ["Compressed air", "Power feed"]],
    ["Warehouse", [], []],
  ]);
  expect(areas[0]!.lines[0]!.positions.length).toBeGreaterThan(2);
  expect(areas[1]!.things[0]!.position).toMatchObject({ x: 44, y: 8 });
  expect(placeOf.get(`${idOf("Line4")}/S090`)).toBe(idOf("Line4"));
  expect(siteAreas(places, idOf("Site"), lines, "zh").areas.map(({ title }) => title)).toEqual(["2 号厂房", "公用工程", "仓库"]);
  // a hall alone, the whole enterprise, a line that cannot be loaded
  expect(siteAreas(places, idOf("Hall2"), lines, "en").areas.map(({ title }) => title)).toEqual(["Hall 2"]);
  expect(siteAreas(places, idOf("Enterprise"), lines, "en").areas).toEqual(areas);
  const without = siteAreas(places, idOf("Hall2"), new Map(), "en").areas;
  expect(without.map(({ title, things }) => [title, things.length > 0])).toEqual([
    ["Line 1", true],
    ["Line 4", false],
  ]);
});

test("[PT21] stations are labelled in the language of the reader, one without a name keeps the label of its stage", () => {
  const own = layOutLine(SAMPLE_LINE);
  const [first, second] = own.stations;
  const named = { stage: own, stations: [{ id: first!.id, name: { en: "Bearing press", zh: "轴承压装" } }] } as unknown as LineInfo;
  const stageIn = (language: "en" | "zh") =>
    siteAreas(places, idOf("Site"), new Map([[idOf("Line1"), named]]), language).areas[0]!.lines[0]!.stage;
  expect(stageIn("zh").stations.find(({ id }) => id === first!.id)!.label).toBe("轴承压装");
  expect(stageIn("en").stations.find(({ id }) => id === first!.id)!.label).toBe("Bearing press");
  expect(stageIn("zh").stations.find(({ id }) => id === second!.id)!.label).toBe(second!.label);
});

test("[PT21] of ten thousand places one scene holds a part, and nothing is in it twice", () => {
  const root: Place = { id: "p:root", name: "Park", kind: "site", parent: null, title: { en: "Park", zh: "园区" }, shell: "s" };
  const many = Array.from({ length: 10_000 }, (_, at): Place => ({
    ...root,
    id: `p:${at}`,
    kind: at % 100 === 0 ? "area" : "workUnit",
    parent: "p:root",
  }));
  const { areas } = siteAreas([root, ...many], "p:root", new Map(), "en");
  const { stage } = layOutSite(areas);
  expect([areas.length <= 61, stage.stations.length <= 600]).toEqual([true, true]);
  expect(new Set(stage.stations.map(({ id }) => id)).size).toBe(stage.stations.length);
});

test("[PT22] states are drawn from their signals, one that is not known as unknown; what needs attention is framed and says why", () => {
  const summary = summaryOf("Site", TROUBLED);
  const drawn = sceneStations([{ place: idOf("Line4"), stations: ["S090", "S100"] }]);
  const frames = siteFrame({
    summary: { ...summary, stations: [{ signal: drawn[0]!.signal, state: "working" }] },
    stations: drawn,
    grounds: [idOf("Hall2"), idOf("Line1"), idOf("Line4"), idOf("Energy")],
    wordOf: (cause) => cause.kind,
  });
  expect([frames.get(drawn[0]!.id)!.state, frames.get(drawn[1]!.id)!.state]).toEqual(["running", "unknown"]);
  expect(frames.get(idOf("Energy"))).toMatchObject({ frame: 1, value: "alarm" });
  expect(frames.get(idOf("Line4"))).toMatchObject({ frame: 1 });
  expect(frames.get(idOf("Line1"))).not.toHaveProperty("frame");
});

test("[PT21] what is chosen in the scene is the row that it counts in", () => {
  expect(rowOfPlace(places, idOf("Site"), idOf("Line4"))).toBe(idOf("Hall2"));
  expect(rowOfPlace(places, idOf("Site"), idOf("Hall2"))).toBe(idOf("Hall2"));
  expect(rowOfPlace(places, idOf("Hall2"), idOf("Energy"))).toBeUndefined();
  const named = places.map((place) => (place.id === idOf("Line4") ? { ...place, line: "line:4" } : place));
  expect(linesWithin(named, idOf("Hall2"))).toEqual([{ place: idOf("Line4"), line: "line:4" }]);
  expect(linesWithin(named, idOf("Energy"))).toEqual([]);
});
