import type { Shape } from "./shape.ts";

const text: Shape = { is: "string" };
const flag: Shape = { is: "boolean" };
const number: Shape = { is: "number" };
const whole: Shape = { is: "whole" };
const positive: Shape = { is: "positive" };
const seconds: Shape = { is: "notNegative" };
const count: Shape = { is: "count" };
const probability: Shape = { is: "probability" };
const list = (of: Shape): Shape => ({ is: "list", of });
const record = (of: Shape): Shape => ({ is: "record", of });
const object = (fields: Readonly<Record<string, Shape>>): Shape => ({ is: "object", fields });
const oneOf = (...values: readonly string[]): Shape => ({ is: "oneOf", values });

const distribution: Shape = {
  is: "kinds",
  kinds: {
    constant: { value: number },
    uniform: { low: number, high: number },
    triangular: { low: number, mode: number, high: number },
    exponential: { mean: number },
    lognormal: { mean: number, cv: number },
    gamma: { mean: number, cv: number },
    erlang: { mean: number, shape: number },
    weibull: { scale: number, shape: number },
    normal: { mean: number, sd: number, "low?": number, "high?": number },
    empirical: { values: list(number), "interpolate?": flag },
    geometric: { mean: number, "step?": number },
  },
};

const buffer = object({ "capacity?": count, "order?": oneOf("fifo", "lifo") });
const route = object({ station: text, "input?": oneOf("main", "assembly"), "travelS?": seconds });
const seize = object({ pools: list(text), count });

const stop = object({
  id: text,
  class: oneOf("failure", "microStop"),
  clock: oneOf("operating", "calendar", "cycles"),
  between: distribution,
  duration: distribution,
  "scope?": oneOf("place", "station"),
  "repairedBy?": seize,
  "part?": oneOf("resume", "restart", "scrap"),
  "repairAlways?": flag,
  "unreported?": flag,
});

const station = object({
  id: text,
  "name?": text,
  places: count,
  cycle: object({
    time: distribution,
    "byProduct?": record(distribution),
    "idealS?": positive,
    "idealByProduct?": record(positive),
    "logged?": object({ n: count, valuesS: list(seconds) }),
    "isAssumed?": flag,
  }),
  "buffer?": buffer,
  "assembly?": object({ buffer }),
  "source?": object({ program: flag, "interarrival?": distribution }),
  "next?": route,
  "operators?": seize,
  "stops?": list(stop),
  "setUps?": list(object({ attribute: text, time: distribution, "matrix?": record(record(distribution)) })),
  "inspection?": object({ rejectByTry: list(probability), "maxTries?": count, "tries?": oneOf("station", "rework"), "reject?": route }),
  "scrapProbability?": probability,
  "materials?": list(object({ id: text, capacity: count, reorderAt: count, "initial?": count, kitsPerTrip: count, distanceM: seconds })),
  "unattended?": flag,
  "component?": object({ id: text, "parameters?": record({ is: "any" }) }),
});

const program: Shape = {
  is: "kinds",
  kinds: {
    batches: {
      mix: list(object({ product: text, share: seconds, batchMin: count, batchMax: count })),
      "planned?": list(object({ "id?": text, product: text, quantity: count, start: whole, end: whole })),
    },
    orders: { orders: list(object({ "id?": text, product: text, quantity: count })), "repeat?": flag },
  },
};

const interval = object({ start: whole, end: whole });
const calendar: Shape = {
  is: "kinds",
  kinds: {
    weekly: {
      "utcOffsetS?": number,
      shifts: list(
        object({
          id: text,
          days: list(count),
          startS: seconds,
          endS: seconds,
          "breaks?": list(object({ startS: seconds, durationS: seconds })),
        }),
      ),
    },
    list: { shifts: list(object({ id: text, start: whole, end: whole, "breaks?": list(interval) })) },
  },
};

const when: Shape = {
  is: "kinds",
  kinds: {
    always: {},
    intervals: { intervals: list(interval) },
    endOfShift: { lastS: positive },
    shifts: { every: count, "offset?": whole, afterS: seconds, durationS: positive, "spreadS?": seconds },
    periodic: { "since?": whole, periodS: positive, durationS: positive },
    random: { between: distribution, duration: distribution },
  },
};

const factor: Shape = {
  is: "kinds",
  kinds: { constant: { value: seconds }, wear: { from: seconds, to: seconds, overS: positive, "since?": whole } },
};
const effect: Shape = {
  is: "kinds",
  kinds: {
    factor: { id: text, on: oneOf("cycle", "stopRate", "reject"), "stations?": list(text), "stop?": text, factor, when },
    outage: { id: text, stations: list(text), cause: oneOf("utility", "material", "other"), when },
    shortage: { id: text, material: text, when },
  },
};

/** The shape of a `LineModel`, field by field. */
export const lineModelShape: Shape = object({
  format: oneOf("doppelwerk-line/1"),
  id: text,
  "name?": text,
  "taktS?": positive,
  "constraint?": text,
  products: list(object({ id: text, "attributes?": record(text) })),
  "program?": program,
  stations: list(station),
  "carriers?": list(object({ id: text, count, from: text, to: text, "returnS?": seconds })),
  "personnel?": list(object({ id: text, "name?": text, count, "countByShift?": record(count) })),
  "logistics?": object({
    vehicles: count,
    speedMps: positive,
    loadS: distribution,
    unloadS: distribution,
    "batteryS?": positive,
    "chargeS?": seconds,
  }),
  "calendar?": calendar,
  "effects?": list(effect),
  "run?": object({
    "durationS?": positive,
    "warmUpS?": { is: "numberOr", word: "auto" },
    "replications?": count,
    "seed?": count,
    "confidence?": probability,
    "start?": whole,
  }),
});
