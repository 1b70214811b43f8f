import { expect, test } from "vitest";
import { layOutLine } from "../layout/plant-layout.ts";
import { SAMPLE_LINE } from "../layout/sample-line.ts";
import { footprintsOverlap } from "../stage/placement.ts";
import { layOutSite } from "./lay-out-site.ts";
import type { SiteArea, SiteLine, SiteThing } from "./site-sketch.ts";

const stage = layOutLine(SAMPLE_LINE);
const line = (id: string, positions: SiteLine["positions"] = []): SiteLine => ({ id, title: id, stage, positions });
const thing = (id: string, position?: SiteThing["position"]): SiteThing => ({ id, title: id, kind: "machine", position });
const area = (id: string, more: Partial<SiteArea> = {}): SiteArea => ({
  id,
  title: id,
  position: undefined,
  lines: [],
  things: [],
  ...more,
});

const footprint = (site: ReturnType<typeof layOutSite>, id: string) => site.stage.stations.find((station) => station.id === id)!.footprint;

test("[S1] what documents give a position stands there, and nothing is arranged; an area that is too small for what stands in it grows", () => {
  const site = layOutSite([
    area("hall", {
      position: { x: 40, y: 20, length: 100, width: 60 },
      lines: [
        line("A", [
          { x: 30, y: 20 },
          { x: 50, y: 24 },
        ]),
      ],
    }),
    area("energy", {
      position: { x: 120, y: 20, length: 20, width: 10 },
      things: [thing("compressor", { x: 118, y: 22, length: 2, width: 1 })],
    }),
    area("small", { position: { x: 200, y: 20, length: 2, width: 2 }, things: [thing("tank", { x: 205, y: 20 })] }),
  ]);
  expect(site.arranged).toEqual([]);
  expect(footprint(site, "hall")).toMatchObject({ centre: [40, -20], lengthM: 100, depthM: 60 });
  expect(footprint(site, "A").centre).toEqual([40, -22]);
  expect(footprint(site, "compressor")).toMatchObject({ centre: [118, -22], lengthM: 2, depthM: 1 });
  const small = footprint(site, "small");
  expect(small.centre[0] + small.lengthM / 2).toBeGreaterThan(205);
  // no scale, no turn: distances between stations are those of the line alone
  const [a, b] = ["S090", "S100"].map((id) => footprint(site, `A/${id}`).centre);
  const [ownA, ownB] = ["S090", "S100"].map((id) => stage.stations.find((station) => station.id === id)!.footprint.centre);
  expect([b![0] - a![0], b![1] - a![1]]).toEqual([expect.closeTo(ownB![0] - ownA![0], 9), expect.closeTo(ownB![1] - ownA![1], 9)]);
});

test("[S2] without positions everything is arranged, apart from each other, within its area, and marked as arranged", () => {
  const halls = Array.from({ length: 5 }, (_, hall) =>
    area(`hall${hall}`, { lines: [0, 1].map((at) => line(`L${hall}${at}`)), things: [0, 1, 2].map((at) => thing(`T${hall}${at}`)) }),
  );
  const site = layOutSite(halls);
  expect(site.arranged).toHaveLength(5 * (1 + 2 + 3));
  const prints = (pick: RegExp) => site.stage.stations.filter(({ id }) => pick.test(id)).map((each) => each.footprint);
  for (const group of [prints(/^hall\d$/), prints(/^[LT]\d+$/)])
    group.forEach((one, at) => group.slice(at + 1).forEach((other) => expect(footprintsOverlap(one, other)).toBe(false)));
  for (let hall = 0; hall < 5; hall++) {
    const { centre, lengthM, depthM } = footprint(site, `hall${hall}`);
    for (const inner of prints(new RegExp(`^[LT]${hall}`))) {
      expect(Math.abs(inner.centre[0] - centre[0]) + inner.lengthM / 2).toBeLessThanOrEqual(lengthM / 2 + 1e-6);
      expect(Math.abs(inner.centre[1] - centre[1]) + inner.depthM / 2).toBeLessThanOrEqual(depthM / 2 + 1e-6);
    }
  }
});

test("[S2] two lines of one position, and areas that would stand in each other, are moved apart and marked", () => {
  const at = [{ x: 10, y: 10 }];
  const site = layOutSite([area("hall", { lines: [line("A", at), line("B", at)] }), area("other", { lines: [line("C", at)] })]);
  expect(site.arranged.toSorted()).toEqual(["B", "C", "other"]);
  expect(footprintsOverlap(footprint(site, "A"), footprint(site, "B"))).toBe(false);
  expect(footprintsOverlap(footprint(site, "hall"), footprint(site, "other"))).toBe(false);
});

test("[S3] ids are unique, each line is a cluster with a block a station, walls have doors, and the same sketch gives the same stage", () => {
  const sketch = [
    area("hall", { lines: [line("A"), line("B")] }),
    area("store", { things: [thing("rack", { x: 1, y: 2, length: 1e9, width: -4 })] }),
  ];
  const { stage: laid } = layOutSite(sketch);
  expect(new Set(laid.parts.map(({ id }) => id)).size).toBe(laid.parts.length);
  expect(new Set(laid.stations.map(({ id }) => id)).size).toBe(laid.stations.length);
  expect(laid.clusters!.map(({ id, blocks }) => [id, blocks.length])).toEqual([
    ["A", SAMPLE_LINE.stations.length],
    ["B", SAMPLE_LINE.stations.length],
  ]);
  expect(laid.parts.filter(({ kind, id }) => kind === "wall" && id.startsWith("hall/"))).toHaveLength(8);
  expect(laid.parts.some(({ kind }) => kind === "aisle")).toBe(true);
  expect(JSON.stringify(layOutSite(sketch).stage)).toBe(JSON.stringify(laid));
  for (const { position } of laid.parts) expect(position.every(Number.isFinite)).toBe(true);
  expect(layOutSite([]).stage.parts).toEqual([]);
});
