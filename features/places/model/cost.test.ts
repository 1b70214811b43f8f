import { testDocuments } from "@doppelwerk/kit/testing";
import type { Environment, Submodel } from "@doppelwerk/aas";
import { DAY, HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { placesEnvironment, property, shellOf, sitePlaces } from "../site.fixture.ts";
import { costOf, type CostFacts } from "./cost.ts";
import { readPlaces } from "./place-tree.ts";
import { changesWithin, priceAt, readPrices, type PlacePrices } from "./prices.ts";

const { places } = readPlaces(testDocuments(sitePlaces()).reader);
const idOf = (idShort: string) => places.find((place) => place.idShort === idShort)!.id;
const T = Date.UTC(2026, 10, 24, 6) * 1_000;

/** Each place has the prices of the nearest place above that is named. */
function held(named: Readonly<Record<string, PlacePrices>>): ReadonlyMap<string, PlacePrices> {
  const of = new Map<string, PlacePrices>();
  for (const { id, idShort, parent } of places) {
    const prices = named[idShort] ?? of.get(parent ?? "");
    if (prices !== undefined) of.set(id, prices);
  }
  return of;
}
const at = (currency: string, energyPerKWh: number | undefined, scrapPerPart?: number): PlacePrices => ({
  currency,
  prices: [{ from: T - DAY, ...(energyPerKWh !== undefined && { energyPerKWh }), ...(scrapPerPart !== undefined && { scrapPerPart }) }],
});
const METERS = [
  { shell: shellOf("S90"), kWh: 10 },
  { shell: shellOf("Line4"), kWh: 20 },
  { shell: shellOf("Air"), kWh: 5 },
];
const facts = (more: Partial<CostFacts> = {}): CostFacts => ({
  prices: held({ Site: at("EUR", 0.2, 50) }),
  spans: [{ from: T, to: T + HOUR, meters: METERS }],
  scrap: new Map([
    [shellOf("Line1"), 3],
    [shellOf("Line4"), 1],
  ]),
  ...more,
});
const costs = (more?: Partial<CostFacts>) => {
  const cost = costOf(places, facts(more));
  return (...names: readonly string[]) => names.map((name) => cost.get(idOf(name)));
};

test("[PT26] [level: audit] energy and scrap of lines add up to the hall, and those of all areas to the site, as worked out by hand", () => {
  // 10 kWh and 3 parts; 20 kWh and 1 part; 5 kWh; at 0.20 a kWh and 50 a part
  expect(costs()("Line1", "Line4", "Hall2", "Energy", "Store", "Site")).toEqual([
    { currency: "EUR", amount: 152, energy: 2, scrap: 150 },
    { currency: "EUR", amount: 54, energy: 4, scrap: 50 },
    { currency: "EUR", amount: 206, energy: 6, scrap: 200 },
    { currency: "EUR", amount: 1, energy: 1 },
    undefined,
    { currency: "EUR", amount: 207, energy: 7, scrap: 200 },
  ]);
  // the meter of the hall counts what stands in it too: 50 kWh and not 80, the lines as they are
  const metered = [{ from: T, to: T + HOUR, meters: [...METERS, { shell: shellOf("Hall2"), kWh: 50 }] }];
  expect(costs({ spans: metered })("Line4", "Hall2", "Site")).toMatchObject([{ energy: 4 }, { energy: 10 }, { energy: 11 }]);
  // a place of its own price
  expect(costs({ prices: held({ Site: at("EUR", 0.2, 50), Energy: at("EUR", 0.3) }) })("Energy", "Site")).toMatchObject([
    { energy: 1.5 },
    { energy: 7.5, amount: 207.5 },
  ]);
});

test("[PT26] a part without a price, in another currency or not known leaves the cost of what holds it unknown, and of nothing else", () => {
  const shown = (more: Partial<CostFacts>) => costs(more)("Line1", "Line4", "Hall2", "Energy", "Site").map((cost) => cost?.amount);
  expect(shown({ prices: new Map() })).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(shown({ prices: held({ Hall2: at("EUR", 0.2, 50) }) })).toEqual([152, 54, 206, undefined, undefined]);
  expect(shown({ prices: held({ Site: at("EUR", 0.2, 50), Energy: at("CNY", 1.4) }) })).toEqual([152, 54, 206, 7, undefined]);
  expect(
    shown({
      scrap: new Map([
        [shellOf("Line1"), 3],
        [shellOf("Line4"), undefined],
      ]),
    }),
  ).toEqual([152, undefined, undefined, 1, undefined]);
  // what nobody prices is left out: energy alone, scrap alone
  expect(shown({ prices: held({ Site: at("EUR", 0.2) }) })).toEqual([2, 4, 6, 1, 7]);
  expect(shown({ prices: held({ Site: at("EUR", undefined, 50) }) })).toEqual([150, 50, 200, undefined, 200]);
});

test("[PT26] where energy of a part is not known its cost is a lower bound, and no cost at all where that would be nothing", () => {
  // Line 1 rejected nothing, and the meter of its station is not known; the site has 20 + 5 kWh at 0.20 and one part at 50
  const scrap = new Map([
    [shellOf("Line1"), 0],
    [shellOf("Line4"), 1],
  ]);
  const spans = [{ from: T, to: T + HOUR, meters: METERS.slice(1) }];
  const incomplete = new Set([shellOf("S90")]);
  expect(costs({ scrap, spans, incomplete })("Line1", "Line4", "Hall2", "Site")).toEqual([
    undefined,
    { currency: "EUR", amount: 54, energy: 4, scrap: 50 },
    { currency: "EUR", amount: 54, energy: 4, scrap: 50, atLeast: true },
    { currency: "EUR", amount: 55, energy: 5, scrap: 50, atLeast: true },
  ]);
  // one without any meter does not have its energy for nothing; where only scrap is priced nothing is paid
  expect(costs({ scrap, spans })("Line1")).toEqual([undefined]);
  expect(costs({ scrap, spans, prices: held({ Site: at("EUR", undefined, 50) }), incomplete })("Line1")).toEqual([
    { currency: "EUR", amount: 0, scrap: 0 },
  ]);
  // in a hall with a meter that is known the unknown one costs nothing more; below zero there is no lower bound
  const metered = [{ from: T, to: T + HOUR, meters: [{ shell: shellOf("Hall2"), kWh: 50 }] }];
  expect(costs({ scrap, spans: metered, incomplete })("Hall2")).toEqual([{ currency: "EUR", amount: 60, energy: 10, scrap: 50 }]);
  expect(costs({ scrap, spans, incomplete, prices: held({ Site: at("EUR", -0.1, 50) }) })("Line4", "Hall2", "Site")).toEqual([
    { currency: "EUR", amount: 48, energy: -2, scrap: 50 },
    undefined,
    undefined,
  ]);
});

test("[PT26] each span is paid at the price that held in it; before the first price nothing is known", () => {
  const prices: PlacePrices = {
    currency: "EUR",
    prices: [
      { from: T - DAY, energyPerKWh: 0.2 },
      { from: T + HOUR, energyPerKWh: 0.5 },
    ],
  };
  expect(changesWithin([prices, prices], T, T + 2 * HOUR)).toEqual([T + HOUR]);
  expect([priceAt(prices, T)?.energyPerKWh, priceAt(prices, T + HOUR)?.energyPerKWh, priceAt(prices, T - 2 * DAY)]).toEqual([
    0.2,
    0.5,
    undefined,
  ]);
  const meters = (kWh: number) => [{ shell: shellOf("Air"), kWh }];
  const spans = [
    { from: T, to: T + HOUR, meters: meters(10) },
    { from: T + HOUR, to: T + 2 * HOUR, meters: meters(4) },
  ];
  expect(costs({ prices: held({ Site: prices }), spans, scrap: new Map() })("Air", "Site")).toEqual([
    { currency: "EUR", amount: 4, energy: 4 },
    { currency: "EUR", amount: 4, energy: 4 },
  ]);
  const late = { ...prices, prices: prices.prices.slice(1) };
  expect(costs({ prices: held({ Site: late }), spans, scrap: new Map() })("Air")).toEqual([undefined]);
});

const row = (fields: Readonly<Record<string, string>>) => ({
  modelType: "SubmodelElementCollection",
  value: Object.entries(fields).map(([name, value]) => property(name, value)),
});
function priced(shells: Readonly<Record<string, readonly [currency: string, ...rows: object[]]>>): Environment {
  const environment = placesEnvironment(
    [
      { id: "Works", level: "Site", holds: ["Hall"] },
      { id: "Hall", level: "Area", holds: ["Press"] },
      { id: "Press", level: "WorkUnit" },
    ].map((sketch) => ({ ...sketch, submodels: sketch.id in shells ? [`urn:prices:${sketch.id}`] : [] })),
  );
  const submodels = Object.entries(shells).map(
    ([id, [currency, ...value]]) =>
      ({
        modelType: "Submodel",
        idShort: "Prices",
        id: `urn:prices:${id}`,
        submodelElements: [
          property("Currency", currency),
          { modelType: "SubmodelElementList", idShort: "Prices", typeValueListElement: "SubmodelElementCollection", value },
        ],
      }) as unknown as Submodel,
  );
  return { ...environment, submodels: [...environment.submodels!, ...submodels] };
}
function read(environment: Environment) {
  const { reader } = testDocuments(environment);
  const tree = readPlaces(reader).places;
  const { of, findings } = readPrices(reader, tree, (day) => (Date.parse(`${day}T00:00:00Z`) - 8 * 3_600_000) * 1_000);
  return { of: (name: string) => of.get(tree.find(({ idShort }) => idShort === name)!.id), findings };
}

test("[PT26] prices are read from documents with the day they hold from, on the clock of the plant, and hold for what stands below", () => {
  const { of, findings } = read(
    priced({
      Works: [
        "EUR",
        row({ ValidFrom: "2026-01-01", EnergyPerKWh: "0.21", ScrapPerPart: "38" }),
        row({ ValidFrom: "2025-01-01", EnergyPerKWh: "0.24" }),
      ],
    }),
  );
  expect(findings).toEqual([]);
  const [midnight2025, midnight2026] = [Date.UTC(2024, 11, 31, 16) * 1_000, Date.UTC(2025, 11, 31, 16) * 1_000];
  expect(of("Press")).toEqual({
    currency: "EUR",
    prices: [
      { from: midnight2025, energyPerKWh: 0.24 },
      { from: midnight2026, energyPerKWh: 0.21, scrapPerPart: 38 },
    ],
  });
  expect(of("Works")).toEqual(of("Hall"));
  // without a day it holds from the beginning
  expect(read(priced({ Hall: ["CNY", row({ EnergyPerKWh: "1.4" })] })).of("Press")?.prices[0]?.from).toBe(Number.NEGATIVE_INFINITY);
  expect(read(priced({ Hall: ["CNY", row({ EnergyPerKWh: "1.4" })] })).of("Works")).toBeUndefined();
});

test.each([
  ["a currency that is none", ["Euro", row({ EnergyPerKWh: "0.2" })]],
  ["no number", ["EUR", row({ EnergyPerKWh: "cheap" })]],
  ["no day", ["EUR", row({ ValidFrom: "2026-13-45", EnergyPerKWh: "0.2" })]],
  ["a day in words", ["EUR", row({ ValidFrom: "January", EnergyPerKWh: "0.2" })]],
  ["no price", ["EUR", row({ ValidFrom: "2026-01-01" })]],
] as const)("[PT26] [level: faults] what cannot be read is no price, and a finding that names the place: %s", (_, prices) => {
  const { of, findings } = read(priced({ Works: prices as unknown as [string, ...object[]] }));
  expect(of("Works")).toBeUndefined();
  expect(findings).toMatchObject([{ code: "places.priceUnread", params: { place: "Works" } }]);
});
