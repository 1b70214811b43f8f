import { SECOND, type Instant, type Sample, type SampleBatch } from "@doppelwerk/world";
import { EMPTY_MAPPING } from "../definition/state-mapping.ts";
import type { LineDefinition, SignalBinding, StationDefinition, StationRole } from "../definition/line-definition.ts";

// A small line for tests: A → B → C, rejects of B go to R and back to B. Monday 2026-11-23, UTC+1, shift 06:00–14:00 local.

export const SHIFT_START: Instant = Date.UTC(2026, 10, 23, 5) * 1000;
export const zoneOffset = () => 60;

const COUNTERS: readonly StationRole[] = ["Total", "Good", "Reject"];
const TEXTS: readonly StationRole[] = ["Product", "PartIn", "PartOut"];

export function signal(station: string, role: string, more: Partial<SignalBinding> = {}): SignalBinding {
  const valueType = (TEXTS as readonly string[]).includes(role)
    ? "string"
    : (COUNTERS as readonly string[]).includes(role)
      ? "integer"
      : "double";
  return {
    id: `signal:${station}.${role}`,
    name: `${station}.${role}`,
    role,
    valueType,
    ...((COUNTERS as readonly string[]).includes(role) ? { counter: { type: "totaliser", width: 16 } as const } : {}),
    ...more,
  };
}

export function station(id: string, roles: readonly StationRole[], more: Partial<StationDefinition> = {}): StationDefinition {
  return {
    id,
    label: id,
    shell: `urn:shell:${id}`,
    places: 1,
    placesFailAlone: false,
    idealCycleS: 30,
    addedS: {},
    buffer: 4,
    operators: 0,
    setUps: [],
    maxTries: 1,
    signals: Object.fromEntries(roles.map((role) => [role, signal(id, role)])),
    processValues: [],
    mapping: { ...EMPTY_MAPPING, version: 3, blockedBit: true, starvedBit: true },
    ...more,
  };
}

const ALL: readonly StationRole[] = [
  "Product",
  "PartIn",
  "LastCycle",
  "Total",
  "Good",
  "Reject",
  "PartOut",
  "ItemState",
  "Blocked",
  "Starved",
];

export function fixtureLine(more: Partial<LineDefinition> = {}): LineDefinition {
  return {
    id: "line",
    label: "Line",
    constraint: "B",
    stations: [
      station("A", ALL),
      station("B", ALL, {
        places: 2,
        idealCycleS: 60,
        addedS: { P2: 6 },
        rejectTo: "R",
        setUps: [{ attribute: "Family", durationS: 120 }],
      }),
      station("C", ALL),
      station("R", ALL, { buffer: 8 }),
    ],
    flows: [
      { from: "A", to: "B", kind: "main", travelS: 5 },
      { from: "B", to: "C", kind: "main", travelS: 5 },
      { from: "B", to: "R", kind: "reject", travelS: 5 },
      { from: "R", to: "B", kind: "return", travelS: 5 },
    ],
    products: [
      { id: "P1", attributes: { Family: "F1" }, share: 0.6, batchMin: 20, batchMax: 40 },
      { id: "P2", attributes: { Family: "F2" }, share: 0.4, batchMin: 20, batchMax: 40 },
    ],
    shifts: [{ name: "Early", startMinute: 360, endMinute: 840, days: [1, 2, 3, 4, 5], breaks: [{ startMinute: 540, minutes: 30 }] }],
    timeZone: "Europe/Berlin",
    carriers: { count: 60, from: "A", to: "C" },
    ...more,
  };
}

/** A batch from single samples, with the ids that name its signals. */
export function batchOf(samples: readonly Sample[]): { readonly batch: SampleBatch; readonly ids: readonly string[] } {
  const ids = [...new Set(samples.map((sample) => sample.signal))];
  const texts = new Map<number, string>();
  samples.forEach((sample, index) => {
    if (typeof sample.value === "string") texts.set(index, sample.value);
  });
  return {
    ids,
    batch: {
      origin: "measured",
      count: samples.length,
      signals: Uint32Array.from(samples, (sample) => ids.indexOf(sample.signal)),
      values: Float64Array.from(samples, (sample) =>
        typeof sample.value === "number" ? sample.value : typeof sample.value === "boolean" ? Number(sample.value) : Number.NaN,
      ),
      texts,
      qualities: Uint8Array.from(samples, (sample) => sample.quality),
      sourceTimes: Float64Array.from(samples, (sample) => sample.sourceTime),
      serverTimes: Float64Array.from(samples, (sample) => sample.serverTime),
    },
  };
}

export function sample(station: string, role: string, value: Sample["value"], at: Instant, quality: Sample["quality"] = 0): Sample {
  return { signal: `signal:${station}.${role}`, value, quality, sourceTime: at, serverTime: at, origin: "measured" };
}

/** A repeatable stream of numbers in [0, 1). */
export function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 4294967296;
  };
}

export interface Run {
  readonly samples: readonly Sample[];
  /** Serials truly on the line at the end, and how many have left it. */
  readonly onLine: ReadonlySet<string>;
  readonly completed: number;
  readonly entered: number;
}

/** A run of the fixture line by a generator that knows the truth: parts flow, fail, get reworked; counters begin near their roll-over. */
export function runLine(seed: number, parts: number, options: { readonly lostReads?: number; readonly from?: Instant } = {}): Run {
  const random = stream(seed);
  const samples: Sample[] = [];
  const counters: Record<string, number> = { "A.Total": 65_500, "B.Total": 65_520 };
  const free: Record<string, Instant[]> = { A: [0], B: [0, 0], C: [0], R: [0] };
  const onLine = new Set<string>();
  let completed = 0;
  const from = options.from ?? SHIFT_START;
  const read = (id: string, role: "PartIn" | "PartOut", serial: string, at: Instant) => {
    if (random() >= (options.lostReads ?? 0)) samples.push(sample(id, role, serial, at));
  };
  const work = (id: string, serial: string, product: string, arrives: Instant, cycleS: number, rejected: boolean): Instant => {
    const places = free[id]!;
    const place = places.indexOf(Math.min(...places));
    const begin = Math.max(arrives, places[place]!) + Math.round(random() * SECOND) + 1;
    const end = begin + Math.round(cycleS * (0.95 + 0.1 * random()) * SECOND);
    places[place] = end + SECOND;
    samples.push(sample(id, "Product", product, begin - 1));
    read(id, "PartIn", serial, begin);
    samples.push(
      sample(id, "Total", 1, end - 2),
      sample(id, "LastCycle", (end - begin) / SECOND, end - 1),
      sample(id, rejected ? "Reject" : "Good", 1, end + 3),
    );
    read(id, "PartOut", serial, end);
    return end;
  };
  for (const id of ["A", "B", "C", "R"]) {
    samples.push(sample(id, "ItemState", 3, from), sample(id, "Blocked", false, from), sample(id, "Starved", false, from));
    samples.push(sample(id, "Total", 0, from), sample(id, "Good", 0, from), sample(id, "Reject", 0, from));
  }
  for (let index = 0; index < parts; index++) {
    const serial = `S${String(index).padStart(4, "0")}`;
    const product = index % 50 < 30 ? "P1" : "P2";
    let at = work("A", serial, product, from + Math.round(10 * SECOND), 30, false) + 5 * SECOND;
    onLine.add(serial);
    const rejected = random() < 0.06;
    at = work("B", serial, product, at, product === "P2" ? 66 : 60, rejected) + 5 * SECOND;
    if (rejected) {
      at = work("R", serial, product, at, 240, false) + 5 * SECOND;
      at = work("B", serial, product, at, 60, false) + 5 * SECOND;
    }
    work("C", serial, product, at, 30, false);
    onLine.delete(serial);
    completed += 1;
  }
  samples.sort((a, b) => a.sourceTime - b.sourceTime);
  // Steps of counters become their readings, in order of time.
  const counted = samples.map((entry) => {
    const name = entry.signal.slice("signal:".length);
    if (!/\.(Total|Good|Reject)$/.test(name)) return entry;
    counters[name] = ((counters[name] ?? 0) + (entry.value as number)) % 65_536;
    return { ...entry, value: counters[name] };
  });
  return { samples: counted, onLine, completed, entered: parts };
}

/** What is on the line at an instant according to the readings of the run. */
export function truthAt(samples: readonly Sample[], at: Instant): { readonly on: number; readonly out: number } {
  const first = new Set<string>();
  const gone = new Set<string>();
  for (const { signal: id, value, sourceTime } of samples) {
    if (sourceTime > at) break;
    if (id.endsWith(".PartIn")) first.add(String(value));
    if (id === "signal:C.PartOut") gone.add(String(value));
  }
  return { on: first.size - gone.size, out: gone.size };
}
