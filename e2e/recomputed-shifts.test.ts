import { afterAll, beforeAll, expect, test } from "vitest";
import { RawRecord, type RawLine, type RawPlan } from "./raw-record.ts";
import { recomputedLosses, type RecomputedLosses } from "./recomputed-losses.ts";
import { recomputedShift, type RecomputedShift } from "./recomputed-shift.ts";
import { eventually, startSite, type RunningSite } from "./running-site.ts";

// Figures of the demo site, computed again of what anybody can export of it. Nothing of the product is imported by what computes them.
const AMPLE_MS = 1_800_000;
const SHIFTS = Number(process.env["SHIFTS"] ?? 10);
/** A serial number is not always read: then two ways of concluding who was in rework may differ by the units of which one is missing. */
const LOST_READINGS = Number(process.env["LOST_READINGS"] ?? 3);
/** At least as many are in the archive of each line (DP2), the first and the running one left out. */
const PAST_SHIFTS = 18;
/** Another run takes others; a failure is repeated with its seed. */
const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

interface Shown {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly good: number;
  readonly scrap: number;
  readonly reworked: number;
  readonly produced: number;
  readonly plannedBusyS: number;
  readonly actualProductionS: number;
  readonly unknownS: number;
  readonly availability?: number;
  readonly effectiveness?: number;
  readonly qualityRatio?: number;
  readonly oee?: number;
  readonly timeShares: readonly { readonly station: string; readonly seconds: Readonly<Record<string, number>> }[];
}

interface Figure {
  readonly id: string;
  readonly value?: number;
  readonly unit: string;
  readonly operator?: "sum" | "difference" | "quotient" | "product";
  readonly terms: readonly { readonly value?: number; readonly unit: string }[];
}

interface Budget {
  readonly lostS: number;
  readonly rows: readonly {
    readonly state: string;
    readonly station?: string;
    readonly cause?: string;
    readonly seconds: number;
    readonly units?: number;
  }[];
}

interface Chosen {
  readonly line: RawLine;
  readonly plan: RawPlan;
  readonly shown: Shown;
}

let site: RunningSite;
let record: RawRecord;
let chosen: readonly Chosen[];
/** Each shift is computed once. */
const computed = new Map<Shown, Promise<RecomputedShift>>();
const own = ({ line, plan, shown }: Chosen): Promise<RecomputedShift> =>
  computed.get(shown) ?? computed.set(shown, recomputedShift(record, line, plan, shown)).get(shown)!;

beforeAll(async () => {
  site = await startSite({ minimal: false, whole: true });
  record = new RawRecord(site.url);
  const client = site.client("Ada");
  const found = await eventually(
    async () => {
      // before the first of it is read nothing is left to read either
      if (!(await client.world()).backfill.done || (await client.snapshot()).reading !== undefined) return undefined;
      const shifts = await closedShifts();
      return shifts.length >= 2 * PAST_SHIFTS ? shifts : undefined;
    },
    "the recorded past of both lines is read and derived",
    1_500,
  );
  chosen = drawn(found, SHIFTS, SEED);
  console.info(`seed ${SEED}: ${chosen.map(({ line, shown }) => `${line.id} ${new Date(shown.from / 1_000).toISOString()}`).join(", ")}`);
}, AMPLE_MS);
afterAll(() => site?.stop());

async function closedShifts(): Promise<Chosen[]> {
  const { lines } = await record.json<{ readonly lines: readonly { readonly id: string }[] }>("/lines");
  const calendars =
    await record.json<readonly { readonly line: string; readonly shipped: { readonly shifts: readonly RawPlan[] } }[]>("/shift-calendars");
  const found: Chosen[] = [];
  for (const { id } of lines) {
    const line = await record.json<RawLine>(`/line?line=${id}`);
    const plans = calendars.find((calendar) => calendar.line === id)!.shipped.shifts;
    const shifts = await record.json<readonly Shown[]>(`/shifts?line=${id}`);
    // the last one runs; of the first one, what was before it is not recorded
    for (const shown of shifts.slice(1, -1)) found.push({ line, plan: plans.find(({ name }) => name === shown.name)!, shown });
  }
  return found;
}

/** That many of them, by the seed alone. */
function drawn<Item>(items: readonly Item[], count: number, seed: number): readonly Item[] {
  const left = [...items];
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return left.splice(Math.floor((state / 0x80000000) * left.length), 1)[0]!;
  });
}

test(
  "[AU5] units, times, availability, effectiveness and seconds by state of ten random shifts are those that other code computes from the exported samples",
  async () => {
    const differences: string[] = [];
    for (const each of chosen) {
      const { line, shown } = each;
      differences.push(
        ...differencesOf(line, shown, await own(each)).map((text) => `${line.id} ${new Date(shown.from / 1_000).toISOString()} ${text}`),
      );
    }
    expect(differences, `seed ${SEED}`).toEqual([]);
  },
  AMPLE_MS,
);

test(
  "[AU6] title and rows of the loss budget of ten random shifts are those that other code computes from the exported samples, and the rows add up",
  async () => {
    const differences: string[] = [];
    let unsaidS = 0;
    for (const each of chosen) {
      const { line, shown } = each;
      const budget = await record.json<Budget>(`/loss-budget?line=${line.id}&from=${shown.from}&to=${shown.to}`);
      const shift = await own(each);
      const losses = recomputedLosses(line, shift);
      unsaidS += Object.values(losses.unsaid).reduce((sum, seconds) => sum + seconds, 0);
      const at = `${line.id} ${new Date(shown.from / 1_000).toISOString()}`;
      differences.push(...budgetDifferences(line, budget, losses, shift.cycleS).map((text) => `${at} ${text}`));
    }
    console.info(
      `${Math.round(unsaidS)} s of waiting are of stations on the way that say only that they wait: for whom is not in the raw data`,
    );
    expect(differences, `seed ${SEED}`).toEqual([]);
  },
  AMPLE_MS,
);

test(
  "[AU7] alarms raised in ten random shifts are the raises among their transitions, station by station",
  async () => {
    for (const { line, shown } of chosen) {
      const stations = new Set(line.definition.stations.map(({ id }) => id));
      const counts: Record<string, number> = {};
      for (const { station } of await raisedIn(shown.from, shown.to))
        if (stations.has(station)) counts[station] = (counts[station] ?? 0) + 1;
      const { items } = await record.json<{
        readonly items: readonly { readonly isCounted: boolean; readonly title: { readonly params: { readonly station?: string } } }[];
      }>(`/audit/inputs?line=${line.id}&shift=${shown.from}&figure=alarms.raised`);
      const audited: Record<string, number> = {};
      for (const { isCounted, title } of items) {
        const { station } = title.params;
        if (isCounted && station !== undefined) audited[station] = (audited[station] ?? 0) + 1;
      }
      expect(audited, `seed ${SEED}, ${line.id} ${new Date(shown.from / 1_000).toISOString()}`).toEqual(counts);
    }
  },
  AMPLE_MS,
);

interface Transition {
  readonly rule: string;
  readonly station: string;
  readonly state: string;
  readonly changed: number;
}

/** Raises of alarms in a span: nobody acts on the past, so that an alarm is unacknowledged when it is raised. The event log has what was concluded live alone. */
async function raisedIn(from: number, to: number): Promise<readonly Transition[]> {
  const found = new Map<string, Transition>();
  for (let next: string | undefined = ""; next !== undefined;) {
    const cursor: string = next === "" ? "" : `&cursor=${encodeURIComponent(next)}`;
    const page: { readonly alarms: readonly Transition[]; readonly next?: string } = await record.json(
      `/alarm-transitions?from=${from}&to=${to}&limit=1000${cursor}`,
    );
    // one that returned and was raised again at one instant lasts
    for (const alarm of page.alarms) if (alarm.state === "unacknowledged") found.set(`${alarm.rule} ${alarm.changed}`, alarm);
    next = page.next;
  }
  return [...found.values()];
}

/** Counters to the unit, seconds to a tenth; what follows from serial numbers within `LOST_READINGS` units. */
// oxlint-disable-next-line max-params -- what is compared, and by what
function budgetDifferences({ definition }: RawLine, { lostS, rows }: Budget, losses: RecomputedLosses, cycleS: number): readonly string[] {
  const found: string[] = [];
  // oxlint-disable-next-line max-params -- a row of a table
  const compare = (name: string, a: number, b: number, within: number): void => {
    if (!(Math.abs(a - b) <= within)) found.push(`${name}: shown ${a}, computed ${b}`);
  };
  const sum = (of: readonly { readonly seconds: number }[]): number => of.reduce((total, { seconds }) => total + seconds, 0);
  const ofState = (state: string) => rows.filter((row) => row.state === state);
  compare("rows and title", sum(rows), lostS, 0.001);
  compare("lost", lostS, losses.lostS, 0.1 + LOST_READINGS * cycleS);
  compare("speed", sum(ofState("speed")), losses.speedS, 0.1);
  compare("rejected units", ofState("reject")[0]?.units ?? 0, losses.rejected, 0);
  compare("reworked units", ofState("rework")[0]?.units ?? 0, losses.reworked, LOST_READINGS);
  const counted = new Set(["speed", "reject", "rework"]);
  const byState: Record<string, number> = {};
  for (const row of rows) if (!counted.has(row.state)) byState[row.state] = (byState[row.state] ?? 0) + row.seconds;
  const { mapping } = definition.stations.find(({ id }) => id === definition.constraint)!;
  const isTogether = saysOnlyThatItWaits(mapping);
  const [a, b] = [byState, losses.states].map((states) => (isTogether ? waitingTogether(states) : states)) as [
    Record<string, number>,
    Record<string, number>,
  ];
  for (const state of new Set([...Object.keys(a), ...Object.keys(b)])) compare(`${state} s`, a[state] ?? 0, b[state] ?? 0, 0.1);
  // for whom it waits is raw only where its own waits are
  if (isTogether) return found;
  // a wait of which the raw data say for whom is at least that long in its row, and longer by no more than what they do not say
  for (const [name, seconds] of Object.entries(losses.waits)) {
    const [state, by] = name.split(" ") as [string, string];
    const shown = sum(rows.filter((row) => row.state === state && (row.station ?? row.cause) === by));
    const said = rows.filter((row) => row.state === state && ["utility", "material", "operator", "unclear"].includes(row.cause ?? ""));
    compare(`${name} s`, shown, seconds, 0.2 + (losses.unsaid[state] ?? 0) + sum(said));
  }
  return found;
}

test(
  "[AU1] [AU2] [AU10] the audit of a shift shows the same figures, and its terms make each of them",
  async () => {
    for (const { line, shown } of chosen) {
      const { figures } = await record.json<{ readonly figures: readonly Figure[] }>(`/audit?line=${line.id}&shift=${shown.from}`);
      const valueOf = (id: string) => figures.find((figure) => figure.id === id)?.value;
      expect(valueOf("output.good"), `seed ${SEED}`).toBe(shown.good);
      expect(valueOf("output.reworked")).toBe(shown.reworked);
      expect(valueOf("output.scrap")).toBe(shown.scrap);
      expect(valueOf("oee.oee")).toBe(shown.oee);
      for (const figure of figures)
        if (figure.operator !== undefined && figure.value !== undefined) {
          expect(madeOf(figure), figure.id).toBeCloseTo(figure.value, 6);
          expect(addsUpAsPrinted(figure), `${figure.id} as it is printed, seed ${SEED}`).toBe(true);
        }
      const { signals } = await record.json<{ readonly signals: readonly { readonly counted?: number }[] }>(
        `/audit/inputs?line=${line.id}&shift=${shown.from}&figure=oee.produced`,
      );
      expect(signals[0]?.counted).toBe(shown.produced);
    }
  },
  AMPLE_MS,
);

/** With some digits, up to three more than usual, the rounded terms make the rounded figure. */
function addsUpAsPrinted(figure: Figure): boolean {
  const rounded = (value: number, unit: string, more: number): number => {
    const [scale, points] = unit === "ratio" ? [100, 1] : [1, { s: 0, units: 1, perHour: 1, alarms: 0, EUR: 2 }[unit] ?? 3];
    return Number((value * scale!).toFixed(points! + more)) / scale!;
  };
  return [0, 1, 2, 3].some((more) => {
    const terms = figure.terms.map((term) => ({ ...term, value: rounded(term.value ?? Number.NaN, term.unit, more) }));
    const made = rounded(madeOf({ ...figure, terms }), figure.unit, more);
    return Math.abs(made - rounded(figure.value!, figure.unit, more)) < 1e-9 * Math.max(1, Math.abs(made));
  });
}

function madeOf({ operator, terms }: Figure): number {
  const values = terms.map(({ value }) => value ?? Number.NaN);
  if (operator === "sum") return values.reduce((sum, value) => sum + value, 0);
  if (operator === "product") return values.reduce((product, value) => product * value, 1);
  const [first = Number.NaN, ...rest] = values;
  return operator === "quotient" ? first / rest[0]! : rest.reduce((left, value) => left - value, first);
}

/** What is shown otherwise than computed: counters to the unit, what follows from serial numbers within `LOST_READINGS`, seconds to a tenth. */
function differencesOf({ definition }: RawLine, shown: Shown, own: RecomputedShift): readonly string[] {
  const found: string[] = [];
  const compare = (name: string, a: number | undefined, b: number | undefined, within: number): void => {
    if (a !== b && !(Math.abs((a ?? Number.NaN) - (b ?? Number.NaN)) <= within)) found.push(`${name}: shown ${a}, computed ${b}`);
  };
  for (const name of ["good", "produced"] as const) compare(name, shown[name], own[name], 0);
  for (const name of ["reworked", "scrap"] as const) compare(name, shown[name], own[name], LOST_READINGS);
  compare("planned", shown.plannedBusyS, own.plannedS, 0);
  compare("working", shown.actualProductionS, own.workingS, 0.1);
  for (const name of ["availability", "effectiveness"] as const) compare(name, shown[name], own[name], 0.0001);
  const ratioWithin = 0.0001 + LOST_READINGS / Math.max(1, own.produced);
  for (const name of ["qualityRatio", "oee"] as const) compare(name, shown[name], own[name], ratioWithin);
  for (const { station, seconds } of shown.timeShares) {
    const { mapping } = definition.stations.find(({ id }) => id === station)!;
    const waits = saysOnlyThatItWaits(mapping);
    const [a, b] = [seconds, own.states[station]!].map((states) => (waits ? waitingTogether(states) : states)) as [
      Record<string, number>,
      Record<string, number>,
    ];
    for (const state of new Set([...Object.keys(a), ...Object.keys(b)]))
      compare(`${station} ${state} s`, a[state] ?? 0, b[state] ?? 0, 0.1);
  }
  return found;
}

/** Without bits a station says that it waits, and its neighbours why: idle, blocked and starved together are raw. */
function saysOnlyThatItWaits({ words, blockedBit }: RawLine["definition"]["stations"][number]["mapping"]): boolean {
  return Object.values(words).some(({ state, cause }) => state === "idle" && cause === "unknown") && !blockedBit;
}

function waitingTogether({
  idle = 0,
  blocked = 0,
  starved = 0,
  ...states
}: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return { ...states, waiting: idle + blocked + starved };
}
