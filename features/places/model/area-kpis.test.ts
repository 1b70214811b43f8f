import { testDocuments } from "@doppelwerk/kit/testing";
import type { SignalRecord } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { placesEnvironment, shellOf } from "../site.fixture.ts";
import { assetTime, isInStorage, kpiSignals, stockOf } from "./area-kpis.ts";
import { materialSignals, storedMaterials } from "./materials.ts";
import { readPlaces } from "./place-tree.ts";

const { places } = readPlaces(
  testDocuments(
    placesEnvironment([
      { id: "Works", level: "Site", holds: ["Store", "Air", "Line1"] },
      { id: "Store", level: "StorageZone", holds: ["A1", "A2"] },
      { id: "Air", level: "UtilityNetwork", holds: ["Compressor"] },
      { id: "Line1", level: "ProductionLine", holds: ["Press"] },
      ...["A1", "A2", "Compressor", "Press"].map((id) => ({ id })),
    ]),
  ).reader,
);
const signal = (shell: string, role: string, more: Partial<SignalRecord> = {}) => ({
  shell: shellOf(shell),
  signal: {
    id: `signal:${shell}.${role}`,
    kind: "signal" as const,
    name: role,
    role,
    shell: shellOf(shell),
    valueType: "integer" as const,
    ...more,
  },
});
const totaliser = { counter: { type: "totaliser" as const } };
const SIGNALS = [
  signal("Store", "OnHand_MOTOR", { unit: "1" }),
  signal("Store", "Picked_MOTOR", { unit: "1", ...totaliser }),
  signal("A1", "Quantity", { unit: "1" }),
  signal("A2", "Quantity", { unit: "1" }),
  signal("A2", "Material", { valueType: "string" }),
  signal("Compressor", "State", { valueType: "enumeration" }),
  signal("Compressor", "Energy", { unit: "kWh", ...totaliser }),
  signal("Compressor", "LoadHours", { unit: "h", valueType: "double", ...totaliser }),
  signal("Press", "State", { valueType: "enumeration" }),
  signal("Press", "Strokes", { ...totaliser }),
];
const ids = (signals: readonly SignalRecord[]) => signals.map(({ id }) => id.replace("signal:", ""));

test("[PT25] what belongs to a line is not counted again, energy has its own figure, and stock is that of the locations", () => {
  const { counters, states, stock } = kpiSignals(places, new Set([shellOf("Line1")]), SIGNALS);
  expect([ids(counters), ids(states), ids(stock)]).toEqual([
    ["Store.Picked_MOTOR", "Compressor.LoadHours"],
    ["Compressor.State"],
    ["A1.Quantity", "A2.Quantity"],
  ]);
  // a zone whose locations say nothing has its own quantities
  const bare = kpiSignals(
    places,
    new Set(),
    SIGNALS.filter(({ shell }) => shell === shellOf("Store")),
  );
  expect(ids(bare.stock)).toEqual(["Store.OnHand_MOTOR"]);
});

test("[PT25] stock of which one location is not known is not known", () => {
  expect(stockOf([12, 0, 30])).toEqual({ locations: 3, quantity: 42, occupied: 2 });
  expect(stockOf([12, undefined, 30])).toEqual({ locations: 3 });
});

test("[PT25] stock is told by material, with its name, quantity and locations; a location that does not say its material is named, an empty one is left out", () => {
  const at = (id: string) => ({ id: `shell:${id}`, title: { en: id, zh: id } });
  const names = new Map([["MOTOR", { en: "Drive motor", zh: "驱动电机" }]]);
  const stored = [
    { material: "PUMP", quantity: 60, place: at("A3") },
    { material: "MOTOR", quantity: 240, place: at("A1") },
    { material: "MOTOR", quantity: 120, place: at("A2") },
    { material: "MOTOR", quantity: 0, place: at("A4") },
    { material: undefined, quantity: 7, place: at("A5") },
  ];
  expect(storedMaterials(stored, names)).toEqual([
    {
      material: "MOTOR",
      title: { en: "Drive motor", zh: "驱动电机" },
      quantity: 360,
      locations: [
        { place: "shell:A1", title: { en: "A1", zh: "A1" }, quantity: 240 },
        { place: "shell:A2", title: { en: "A2", zh: "A2" }, quantity: 120 },
      ],
    },
    { material: "PUMP", quantity: 60, locations: [{ place: "shell:A3", title: { en: "A3", zh: "A3" }, quantity: 60 }] },
    { quantity: 7, locations: [{ place: "shell:A5", title: { en: "A5", zh: "A5" }, quantity: 7 }] },
  ]);
  // of which one location is not known the sum is not known
  const [motors] = storedMaterials([...stored.slice(1, 3), { material: "MOTOR", quantity: undefined, place: at("A9") }], names);
  expect([motors!.quantity, motors!.locations.length]).toEqual([undefined, 3]);
  expect([...materialSignals(SIGNALS)].map(([shell, { id }]) => [shell, id])).toEqual([[shellOf("A2"), "signal:A2.Material"]]);
});

test("[PT25] availability is the share of the known time in which an asset was not failed, where a word of it means failed", () => {
  const words = new Map(["Off", "Standby", "Idle", "Load", "Fault"].map((word, at) => [String(at), word]));
  const held = new Map([
    ["3", 5_400],
    ["2", 600],
    ["4", 2_000],
  ]);
  expect(assetTime(held, words, 1_000)).toEqual({
    states: [
      { word: "Load", seconds: 5_400 },
      { word: "Fault", state: "failed", seconds: 2_000 },
      { word: "Idle", state: "idle", seconds: 600 },
    ],
    unknownS: 1_000,
    availability: 0.75,
  });
  expect(assetTime(new Map([["3", 60]]), words, 0).availability).toBe(1);
  // no word of it means failed, or nothing is known
  expect(assetTime(new Map([["1", 60]]), new Map(), 0).availability).toBeUndefined();
  expect(assetTime(new Map(), words, 3_600)).toEqual({ states: [], unknownS: 3_600 });
});

test("[PT25] a storage location by itself has its stock, as the zone above it says that it is one", () => {
  const location = {
    id: "A01",
    shell: "urn:A01",
    idShort: "A01",
    title: { en: "A01", zh: "A01" },
    kind: "workUnit",
    parent: "Store",
  } as const;
  const quantity = { ...SIGNALS[0]!.signal, id: "signal:q", valueType: "double", role: "Quantity", counter: undefined, unit: "1" } as const;
  const placed = [{ signal: quantity as never, shell: "urn:A01" }];
  const stockIn = (isStorage: boolean) => kpiSignals([location], new Set(), placed, isStorage).stock.map(({ id }) => id);
  expect(stockIn(isInStorage([{ kind: "site" }, { kind: "storageZone" }]))).toEqual(["signal:q"]);
  expect(stockIn(isInStorage([{ kind: "site" }, { kind: "area" }]))).toEqual([]);
});
