import { verbatim } from "@doppelwerk/kit";
import { figureAuditShape, type FigureAudit } from "@doppelwerk/ports";
import { HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { auditedEnergy, type AuditedMeter, type EnergyFacts } from "./audited-energy.ts";
import { auditedForecast } from "./audited-forecast.ts";
import { costOf } from "./cost.ts";
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
const meter = (of: string, first: number, last: number, units = last - first, kWh = 1): AuditedMeter => ({
  signal: `signal:${of}`,
  title: verbatim(`${of} energy`),
  shell: `urn:${of}`,
  kWh,
  count: { from: FROM, at: AT, units, first, last },
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
  // it fell from 100 to 0: 60 before the reset, 30 after it, and 30 − 40 = −10 between first and last
  expect(figures.get("energy.signal:M2")).toMatchObject({ value: 90, operator: "sum", terms: [{ value: -10 }, { value: 100 }] });
  // 900 kWh × 0.2 EUR + 3 units × 80 EUR
  expect(figures.get("energy.cost")!.value).toBeCloseTo(180 + 240, 9);
  expect(figures.get("energy.costEnergy")!.terms.map(({ value }) => value)).toEqual([180]);
  expect(figures.get("energy.costScrap")!.terms.map(({ value }) => value)).toEqual([240]);
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
  const fan = (at: number, p025: number, p50: number, p975: number) => ({ at, p025, p25: p50, p50, p75: p50, p975 });
  const forecast = {
    run: { id: "run:1", seed: 7, replications: 40 } as never,
    model: { hash: "0123456789abcdef", seed: 7, code: "1.2.3", warmUpS: 0 },
    made: 210,
    first: fan(FROM + HOUR, 8, 10, 12),
    last: fan(shift.to, 180, 205.5, 221),
  };
  // 27,000 s planned, 14,400 of them until now, takt 61 s: 442.6 and 236.07
  const planned = { untilS: 14_400, wholeS: 27_000, taktS: 61 };
  const figures = checked(auditedForecast({ shift, at: AT, planned, forecast }));
  const shown = ["due", "plan", "median", "low", "high"].map((name) => figures.get(`forecast.${name}`)!.value);
  // 210 + 205.5 − 10 = 405.5 → 406; 210 + 180 − 10 = 380; 210 + 221 − 10 = 421
  expect(shown).toEqual([236, 442, 406, 380, 421]);
  expect(figures.get("forecast.low")!.facts).toEqual([
    { code: "places.audit.run", params: { run: "run:1", replications: 40, seed: 7 } },
    { code: "places.audit.model", params: { hash: "0123456789ab", version: "1.2.3" } },
  ]);
  const none = auditedForecast({ shift, at: AT, planned: undefined, forecast: undefined });
  expect(none).toMatchObject([{ id: "forecast.median", notes: [{ code: "places.audit.noForecast" }] }]);
  expect(none[0]).not.toHaveProperty("value");
});
