import { verbatim } from "@doppelwerk/kit";
import { figureAuditShape, type FigureAudit } from "@doppelwerk/ports";
import { HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { auditedEnergy, type AuditedMeter, type EnergyFacts } from "./audited-energy.ts";
import { auditedForecast } from "./audited-forecast.ts";
import { auditedStop, auditedStops } from "./audited-stop.ts";
import { costOf } from "./cost.ts";
import { countOf, type ReadingCount } from "./energy.ts";
import type { Place } from "./place.ts";
import type { PlacePrices } from "./prices.ts";

const FROM = Date.UTC(2026, 10, 24, 5) * 1_000;
const AT = FROM + 4 * HOUR;
const place = (id: string, parent?: string): Place => ({
  id,
  shell: `urn:${id}`,
  idShort: id,
  title: { en: id, zh: id },
  kind: "area",
  parent,
});
/** A site with a feed; in it a hall with two machines, and compressed air. */
const within = [place("Site"), place("Hall", "Site"), place("M1", "Hall"), place("M2", "Hall"), place("Air", "Site")];
const meter = (of: string, first: number, last: number, units = last - first, kWh = 1): AuditedMeter =>
  metered(of, { units, first, last, beforeResets: units === last - first ? [] : [units - last + first], highest: last }, kWh);
const metered = (of: string, count: ReadingCount, kWh = 1): AuditedMeter => ({
  signal: `signal:${of}`,
  title: verbatim(`${of} energy`),
  shell: `urn:${of}`,
  kWh,
  count: { from: FROM, at: AT, ...count },
});
const feed = meter("Site", 10_000, 10_900);
const machines = [meter("M1", 500, 620), meter("M2", 40, 30, 90)];
const air = meter("Air", 7_200_000, 8_280_000, 1_080_000, 1 / 3_600);
const prices: PlacePrices = { currency: "EUR", prices: [{ from: 0, energyPerKWh: 0.2, scrapPerPart: 80 }] };

function facts(meters: readonly AuditedMeter[], more: Partial<EnergyFacts> = {}): EnergyFacts {
  const known = meters.flatMap(({ shell, kWh, count }) => (count === undefined ? [] : [{ shell, kWh: count.units * kWh }]));
  const scrap = new Map<string, number | undefined>([["urn:Hall", 3]]);
  const cost = { prices: new Map(within.map(({ id }) => [id, prices])), spans: [{ from: FROM, to: AT, meters: known }], scrap };
  return { within, meters, from: FROM, at: AT, prices: cost, cost: costOf(within, cost).get("Site"), scrap, isRead: true, ...more };
}

function checked(figures: readonly FigureAudit[]): ReadonlyMap<string, FigureAudit> {
  figureAuditShape.array().parse(figures);
  for (const { id, operator, terms, value } of figures) {
    const [first = 0, ...rest] = terms.map((term) => term.value ?? Number.NaN);
    if (operator === "sum")
      expect(
        rest.reduce((sum, each) => sum + each, first),
        id,
      ).toBeCloseTo(value!, 9);
    if (operator === "difference")
      expect(
        rest.reduce((left, each) => left - each, first),
        id,
      ).toBeCloseTo(value!, 9);
  }
  return new Map(figures.map((figure) => [figure.id, figure]));
}

test("[PT31] [level: audit] energy of a place is that of its own meter with its readings, what the meters in it do not count is not allocated, cost is at the price", () => {
  const figures = checked(auditedEnergy(facts([feed, ...machines, air])));
  // 10,900 − 10,000
  expect(figures.get("energy.all")).toMatchObject({ value: 900, unit: "kWh" });
  expect(figures.get("energy.all")!.items!.map(({ isCounted }) => isCounted)).toEqual([true, false, false, false]);
  // 900 − 120 − 90 − 300: the air counts in kJ, 1,080,000 kJ ÷ 3,600 = 300 kWh
  expect(figures.get("energy.unallocated")!.value).toBeCloseTo(390, 9);
  expect(figures.get("energy.signal:M1")).toMatchObject({ value: 120, terms: [{ value: 620 }, { value: 500 }] });
  // it fell from 100 to 0: 30 − 40 + 100
  expect(figures.get("energy.signal:M2")).toMatchObject({
    value: 90,
    operator: "sum",
    terms: [{ value: 30 }, { value: -40 }, { value: 100 }],
  });
  // 900 kWh × 0.2 EUR + 3 units × 80 EUR
  expect(figures.get("energy.cost")!.value).toBeCloseTo(180 + 240, 9);
  expect(figures.get("energy.costEnergy")!.terms.map(({ value }) => value)).toEqual([180]);
  expect(figures.get("energy.costScrap")!.terms.map(({ value }) => value)).toEqual([240]);
});

test("[PT31] a large meter that fell a little says so as a term, and what any meter counted is made of the readings that are shown", () => {
  // 2,329,925.05 − 2,329,921.31 is 3.74; what it fell from 2,329,925.82 is not taken away
  const fallen = metered("M1", countOf([2_329_921.31, 2_329_925.82, 2_329_924.67, 2_329_925.05])!);
  const [figure] = [checked(auditedEnergy(facts([fallen]))).get("energy.signal:M1")!];
  expect(figure.value).toBeCloseTo(4.51, 6);
  expect(figure.operator).toBe("sum");
  expect(figure.terms.map(({ value }) => Number(value!.toFixed(2)))).toEqual([2_329_925.05, -2_329_921.31, 0.77]);
  const seed = Date.now() % 100_000;
  let state = seed + 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 300; round++) {
    let reading = random() * 10 ** Math.floor(random() * 7);
    const readings = Array.from({ length: 33 }, () => {
      const chance = random();
      return (reading = chance < 0.05 ? random() : chance < 0.15 ? reading * 0.999 : reading + random());
    });
    const all = checked(auditedEnergy(facts([metered("M1", countOf(readings)!)])));
    expect(all.get("energy.signal:M1")!.terms.length, `seed ${seed}`).toBeGreaterThan(1);
  }
});

test("[PT31] without a meter of its own the meters right below count, and a meter without readings is named and not counted", () => {
  const silent = { ...machines[1]!, count: undefined } as unknown as AuditedMeter;
  const figures = checked(auditedEnergy(facts([machines[0]!, silent, air])));
  expect(figures.get("energy.all")!.value).toBeCloseTo(120 + 300, 9);
  expect(figures.get("energy.all")!.items!.map(({ isCounted, why }) => [isCounted, why?.code])).toEqual([
    [true, undefined],
    [false, "places.audit.meterUnknown"],
    [true, undefined],
  ]);
  expect(figures.has("energy.unallocated")).toBe(false);
});

test("[PT31] a meter that began within the span is shown from when it did, and energy and cost say that they are lower bounds", () => {
  const since = FROM + 2 * HOUR;
  const late: AuditedMeter = { ...air, count: { ...air.count!, from: since } };
  const silent: AuditedMeter = { signal: "signal:M2", title: air.title, shell: "urn:M2", kWh: 1 };
  const known = facts([machines[0]!, silent, late]);
  const prices = { ...known.prices!, incomplete: new Set(["urn:Air", "urn:M2"]) };
  const figures = checked(auditedEnergy({ ...known, prices, cost: costOf(within, prices).get("Site") }));
  expect(figures.get("energy.all")!.items!.map((item) => item.from)).toEqual([FROM, FROM, since]);
  expect(figures.get("energy.all")!.notes).toEqual([
    { code: "places.audit.metersUnknown", params: { count: 1 } },
    { code: "places.audit.metersLate", params: { count: 1 } },
  ]);
  expect(figures.get("energy.signal:Air")).toMatchObject({ from: since, to: AT, value: 300 });
  // 120 kWh and 300 kWh at 0.2, 3 units at 80
  expect(figures.get("energy.cost")).toMatchObject({ value: 324, notes: [{ code: "places.audit.costAtLeast" }] });
  // what the feed counted before the air began may be of the air: at most 900 - 300; of a feed that began later nothing is left to say
  const rest = checked(auditedEnergy(facts([feed, late]))).get("energy.unallocated")!;
  expect([rest.value, rest.notes]).toEqual([600, [{ code: "places.audit.unallocatedAtMost", params: {} }]]);
  const lateFeed: AuditedMeter = { ...feed, count: { ...feed.count!, from: since } };
  expect(checked(auditedEnergy(facts([lateFeed, air]))).has("energy.unallocated")).toBe(false);
});

test("[PT31] cost that is not known says why: no prices, no price for a meter, or the past is still read; without meters and prices there is no figure", () => {
  const why = (more: Partial<EnergyFacts>) =>
    auditedEnergy(facts([feed], more))
      .find(({ id }) => id === "energy.cost")!
      .notes.map(({ code }) => code);
  expect(why({ prices: undefined, cost: undefined })).toEqual(["places.audit.noPrices"]);
  const none = { ...facts([feed]).prices!, prices: new Map<string, PlacePrices>() };
  expect(why({ prices: none, cost: undefined })).toEqual(["places.audit.costUnknown", "places.audit.noPrice"]);
  expect(why({ cost: undefined, isRead: false })).toEqual(["places.audit.reading"]);
  expect(auditedEnergy(facts([], { prices: undefined, cost: undefined }))).toEqual([]);
});

test("[PT32] the forecast of a shift is what was made and what its replications add, with run, seed, model and plan", () => {
  const shift = { from: FROM, to: FROM + 8 * HOUR };
  const forecast = {
    made: 210,
    forecast: {
      at: FROM + HOUR,
      seed: 7,
      added: [170, 190, 201, 210],
      median: 195.5,
      low: 170,
      high: 210,
      model: { hash: "0123456789abcdef", code: "1.2.3" },
    },
  };
  // 27,000 s planned, 14,400 of them until now, takt 61 s: 442.6 and 236.07
  const planned = { untilS: 14_400, wholeS: 27_000, taktS: 61 };
  const figures = checked(auditedForecast({ shift, at: AT, planned, forecast }));
  const shown = ["due", "plan", "median", "low", "high"].map((name) => figures.get(`forecast.${name}`)!.value);
  // 210 + 195.5 = 405.5 → 406; 210 + 170 = 380; 210 + 210 = 420
  expect(shown).toEqual([236, 442, 406, 380, 420]);
  expect(figures.get("forecast.low")!.facts).toEqual([
    { code: "places.audit.replications", params: { replications: 4, seed: 7 } },
    { code: "places.audit.model", params: { hash: "0123456789ab", version: "1.2.3" } },
    { code: "places.audit.added", params: { values: "170, 190, 201, 210" } },
  ]);
  const why = { code: "simulate.shiftForecast.noShift", params: {} };
  expect(auditedForecast({ shift, at: AT, planned: undefined, forecast: undefined, why })).toMatchObject([{ notes: [why] }]);
  const none = auditedForecast({ shift, at: AT, planned: undefined, forecast: undefined });
  expect(none).toMatchObject([{ id: "forecast.median", notes: [{ code: "places.audit.noForecast" }] }]);
  expect(none[0]).not.toHaveProperty("value");
});

test("[PT34] [level: audit] the units that a stop has cost are its planned seconds ÷ takt, of a place the sum over its lines", () => {
  const line = (title: string, seconds?: number) => ({
    title: { en: title, zh: title },
    state: "starved",
    station: "S90",
    ...(seconds !== undefined && { stop: { from: FROM, seconds, taktS: 50, units: seconds / 50 } }),
  });
  // 360 s ÷ 50 s
  const own = checked(auditedStop(line("A", 360), AT)).get("stop.units");
  expect(own).toMatchObject({ value: 7.2, operator: "quotient", terms: [{ value: 360 }, { value: 50 }], stations: ["S90"] });
  const all = checked(auditedStops({ lines: [line("A", 360), line("B", 90), line("C")] as never }, AT)).get("place.stopUnits");
  expect([all!.value, all!.terms.map(({ value }) => value)]).toEqual([9, [7.2, 1.8]]);
  expect([auditedStop(line("C"), AT), auditedStops({ lines: [line("C")] as never }, AT)]).toEqual([[], []]);
});
