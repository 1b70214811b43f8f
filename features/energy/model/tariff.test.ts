import { zoneOffsetOf } from "@doppelwerk/operations";
import { DAY, HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { demandOf, loadProfile, peaksOf } from "./load-profile.ts";
import { energyTariff, TariffFields, type StoredTariff } from "./tariff-kind.ts";
import { localTimeOf, pricesOf } from "./tariff-price.ts";
import { bandsOfText, textOfBands } from "./tariff-text.ts";
import { QUARTER, quarters } from "./timeline.ts";

const berlin = zoneOffsetOf("Europe/Berlin");
const at = (text: string): number => Date.parse(text) * 1_000;
const workdays = ["mon", "tue", "wed", "thu", "fri"] as const;
const tariff = (more: Partial<StoredTariff> = {}): StoredTariff => ({
  name: "2026",
  title: { en: "2026", zh: "2026" },
  medium: "electricity",
  currency: "EUR",
  validFrom: "2026-01-01",
  price: 0.2,
  bands: [
    { days: [...workdays], from: "08:00", to: "10:00", price: 0.3 },
    { days: ["sun", "holiday"], from: "00:00", to: "24:00", price: 0.1 },
    { days: ["mon", "tue", "wed", "thu", "fri", "sat"], from: "00:00", to: "06:00", price: 0.15 },
  ],
  holidays: ["2026-12-25"],
  demandCharge: 8.4,
  ...more,
});
const priceAtText = (text: string, tariffs = [tariff()]) =>
  pricesOf(quarters(at(text), at(text) + QUARTER), tariffs, "electricity", berlin).prices[0];

test("[EG9] the price of a quarter hour is that of the first band of its weekday and local hour, of a holiday that of holidays, else the price beside", () => {
  // a Monday in winter: one hour ahead of UTC
  expect(priceAtText("2026-11-30T07:00:00Z")).toBe(0.3);
  expect(priceAtText("2026-11-30T09:00:00Z")).toBe(0.2);
  expect(priceAtText("2026-11-30T01:00:00Z")).toBe(0.15);
  expect(priceAtText("2026-11-29T12:00:00Z")).toBe(0.1);
  // a Friday that is a holiday: bands of Fridays do not apply
  expect(priceAtText("2026-12-25T07:00:00Z")).toBe(0.1);
  // in summer the clock is two hours ahead
  expect(priceAtText("2026-06-01T06:00:00Z")).toBe(0.3);
  expect(priceAtText("2025-12-31T12:00:00Z")).toBeNaN();
});

test("[EG9] of two tariffs the one that began later holds, from midnight of its day by the clock of the plant; another currency is not added", () => {
  const later = tariff({ name: "later", validFrom: "2026-11-30", price: 0.5, bands: [] });
  expect(priceAtText("2026-11-29T22:45:00Z", [tariff(), later])).toBe(0.1);
  expect(priceAtText("2026-11-29T23:00:00Z", [tariff(), later])).toBe(0.5);
  const ended = tariff({ name: "ended", validFrom: "2026-11-01", validTo: "2026-11-29", price: 9, bands: [] });
  expect(priceAtText("2026-11-29T22:45:00Z", [tariff(), ended])).toBe(9);
  expect(priceAtText("2026-11-30T07:00:00Z", [tariff(), ended])).toBe(0.3);
  const span = quarters(at("2026-11-29T22:45:00Z"), at("2026-11-29T23:15:00Z"));
  const { prices, currency } = pricesOf(
    span,
    [tariff(), tariff({ name: "yuan", validFrom: "2026-11-30", currency: "CNY" })],
    "electricity",
    berlin,
  );
  expect([currency, prices[0], Number.isNaN(prices[1])]).toEqual(["EUR", 0.1, true]);
});

test("[EG9] days of 23 and 25 hours: a constant load costs by the hours that the clock shows", () => {
  const cost = (day: string) => {
    const from = at(`${day}T00:00:00Z`) - berlin(at(`${day}T00:00:00Z`)) * 60_000_000;
    let to = from + 23 * HOUR;
    while (localTimeOf(to, berlin).day === day) to += QUARTER;
    const own = quarters(from, to);
    const only = tariff({ bands: [{ days: ["sun"], from: "02:00", to: "04:00", price: 1 }], price: 0.1 });
    const { prices } = pricesOf(own, [only], "electricity", berlin);
    return { hours: (to - from) / HOUR, cost: prices.reduce((sum, price) => sum + price * 10, 0) };
  };
  // 10 kWh a quarter hour. 29 March 2026: the hour from 2 to 3 is not there, so one hour of the band is left; 25 October: that hour is there twice
  expect(cost("2026-03-29")).toEqual({ hours: 23, cost: expect.closeTo(4 * 10 * 1 + 88 * 10 * 0.1, 9) });
  expect(cost("2026-10-25")).toEqual({ hours: 25, cost: expect.closeTo(12 * 10 * 1 + 88 * 10 * 0.1, 9) });
  expect(cost("2026-11-01")).toEqual({ hours: 24, cost: expect.closeTo(8 * 10 * 1 + 88 * 10 * 0.1, 9) });
});

test("[EG8] the load is the mean of whole quarter hours; one that is cut or partly unknown has none; neighbours belong to a peak", () => {
  const own = quarters(5 * 60_000_000, 5 * 60_000_000 + 6 * QUARTER);
  const load = loadProfile(own, Float64Array.from([9, 10, 12, 11, 5, 12, 9]), Float64Array.from([0, 0, 0, 0, 1, 0, 0]));
  expect(load.map(({ kW }) => kW)).toEqual([undefined, 40, 48, 44, undefined, 48, undefined]);
  expect(peaksOf(load, 3).map(({ at: time, kW }) => [time / QUARTER, kW])).toEqual([
    [2, 48],
    [5, 48],
  ]);
});

test("[EG8] demand is charged for the highest quarter hour of each calendar month by the clock of the plant", () => {
  const from = at("2026-10-31T22:00:00Z");
  const load = Array.from({ length: 8 }, (_, n) => ({ at: from + n * QUARTER, kW: 100 + n }));
  expect(demandOf(load, [tariff()], berlin)).toEqual([
    { month: "2026-10", at: from + 3 * QUARTER, kW: 103, charge: 8.4 * 103, currency: "EUR" },
    { month: "2026-11", at: from + 7 * QUARTER, kW: 107, charge: 8.4 * 107, currency: "EUR" },
  ]);
  const { demandCharge: _, ...free } = tariff();
  expect(demandOf(load, [free], berlin)[0]).not.toHaveProperty("charge");
  expect(DAY).toBe(96 * QUARTER);
});

test("[EG9] a tariff that cannot be is refused with where it is wrong; bands are one text in lists", () => {
  const { name: _, ...fields } = tariff();
  const faults = (more: object) => TariffFields.safeParse({ ...fields, ...more }).error?.issues.map(({ path }) => path.join("."));
  expect(faults({ validFrom: "2026-02-30" })).toEqual(["validFrom"]);
  expect(faults({ bands: [{ days: ["mon"], from: "22:00", to: "06:00", price: 1 }] })).toEqual(["bands.0"]);
  expect(faults({ bands: [{ days: ["mon"], from: "08:10", to: "09:00", price: 1 }] })).toEqual(["bands.0.from"]);
  expect(faults({ currency: "euro" })).toEqual(["currency"]);
  expect(faults({ validTo: "2025-01-01" })).toEqual([""]);
  expect(faults({})).toBeUndefined();
  expect(bandsOfText(textOfBands(fields.bands))).toEqual(fields.bands);
  expect(["mon 08:00 0.2", "08:00-10:00 0.2", "mon 08:00-10:00 =1+1", "someday 08:00-10:00 1"].map(bandsOfText)).toEqual(
    Array.from({ length: 4 }),
  );
  expect(energyTariff.schema.safeParse(tariff()).success).toBe(true);
});
