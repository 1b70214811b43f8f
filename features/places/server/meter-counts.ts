import { LIVE, MINUTE, quality, type Instant, type RecordId } from "@doppelwerk/world";
import { countedBy, countOf as countOfReadings, kWhPer, type ReadingCount } from "../model/energy.ts";
import type { PlaceFacts } from "../model/place-facts.ts";
import type { AskedFacts, PlacedSignal } from "./plant-facts.ts";

/** Meters that are counted in one answer, and readings of each between the beginning and now. */
const [MAX_METERS, MAX_READINGS] = [200, 32];
/** Samples among which the first reading of a meter that began meanwhile is looked for. */
const MAX_FIRST = 50;
/** How long a count that was made stands: energy is counted by the minute, not by the value. */
const KEPT = MINUTE;
const MAX_KEPT = 2_000;

/** In the unit of the meter. */
interface Count extends ReadingCount {
  /** Since when it is counted: as asked for, or when the meter began, if that is later. */
  readonly from: Instant;
  readonly at: Instant;
  /** Where there is no reading then: the time of the last one, up to which it is counted. */
  readonly until?: Instant;
}

/** What a meter counted; `shell` is the place that it counts for, `kWh` what one of its units is. */
export interface CountedMeter {
  readonly signal: RecordId;
  readonly shell: string;
  readonly kWh: number;
  /** Absent: not known. */
  readonly count?: Count;
}

interface Meter {
  readonly id: RecordId;
  readonly shell: string;
  readonly kWh: number;
}

/** A count with the beginning that was asked for. */
interface KeptCount {
  readonly asked: Instant;
  readonly count: Count;
}

/** What totalisers in a unit of energy counted. What they counted up to now is kept for a minute, whoever asks. */
export class MeterCounts {
  readonly #kept = new Map<RecordId, KeptCount>();

  /** Of the meters among the signals, since `from`, by the shell of the place that each counts for; signals are those that the principal may read. */
  async of(signals: readonly PlacedSignal[], asked: AskedFacts, from: Instant): Promise<PlaceFacts["meters"]> {
    const counted = await this.counted(signals, asked, from);
    return counted.map(({ shell, kWh, count }) => ({
      shell,
      ...(count && { kWh: count.units * kWh }),
      ...(count && count.from > from && { since: count.from }),
      ...(count?.until !== undefined && { until: count.until }),
    }));
  }

  /** The same with the readings, and with the meters of which nothing is known. */
  async counted(signals: readonly PlacedSignal[], asked: AskedFacts, from: Instant): Promise<readonly CountedMeter[]> {
    const { at, past } = asked;
    const meters = signals.flatMap(meterOf);
    if (meters.length === 0 || at <= from) return [];
    const kept = (id: RecordId): Count | undefined => {
      const known = past ? undefined : this.#kept.get(id);
      return known?.asked === from && at - known.count.at < KEPT ? known.count : undefined;
    };
    // what is beyond them is not known
    const missing = meters
      .slice(0, MAX_METERS)
      .filter(({ id }) => kept(id) === undefined)
      .map(({ id }) => id);
    const readings = await readingsSince(missing, asked, from);
    const counted = new Map(readings.map((own, index) => [missing[index]!, countOf(own, from, at)] as const));
    if (!past) this.#keep(counted, from);
    const metered = new Map(asked.within.map((place) => [place.shell, place.meters ?? place.shell]));
    return meters.map(({ id, shell, kWh }) => {
      const count = counted.has(id) ? counted.get(id) : kept(id);
      return { signal: id, shell: metered.get(shell) ?? shell, kWh, ...(count && { count }) };
    });
  }

  #keep(counted: ReadonlyMap<RecordId, Count | undefined>, asked: Instant): void {
    for (const [id, count] of counted) {
      this.#kept.delete(id);
      if (count !== undefined) this.#kept.set(id, { asked, count });
    }
    for (const [id] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(id);
    }
  }
}

/** Meters among signals, without what they counted. */
export function metersAmong(signals: readonly PlacedSignal[]): readonly CountedMeter[] {
  return signals.flatMap(meterOf).map(({ id, shell, kWh }) => ({ signal: id, shell, kWh }));
}

function meterOf({ signal, shell }: PlacedSignal): readonly Meter[] {
  const kWh = signal.valueType === "double" || signal.valueType === "integer" ? kWhPer(signal.unit) : undefined;
  return kWh === undefined || signal.connection === undefined ? [] : [{ id: signal.id, shell, kWh }];
}

function countOf({ began, ended, values }: Readings, from: Instant, at: Instant): Count | undefined {
  const count = countOfReadings(values);
  return count && { from: began ?? from, at, ...(ended !== undefined && { until: ended }), ...count };
}

/** What totalisers counted from an instant up to the one asked for, in their own units; undefined where it is not known. */
export async function countedSince(
  ids: readonly RecordId[],
  asked: Pick<AskedFacts, "view" | "at">,
  from: Instant,
): Promise<readonly ({ readonly units: number; readonly since?: Instant } | undefined)[]> {
  return (await readingsSince(ids, asked, from)).map(({ began, values }) => {
    const units = countedBy(values);
    return units === undefined ? undefined : { units, ...(began !== undefined && { since: began }) };
  });
}

interface Readings {
  /** When the first of them was made, where there is none before the beginning. */
  readonly began?: Instant;
  /** Where there is none at the end: an instant at which the last of them held. */
  readonly ended?: Instant;
  readonly values: readonly (number | undefined)[];
}

/** Of each signal its readings at instants from one up to the one asked for, in order of time; of one that began meanwhile the first of all before them. */
async function readingsSince(
  ids: readonly RecordId[],
  { view, at }: Pick<AskedFacts, "view" | "at">,
  from: Instant,
): Promise<readonly Readings[]> {
  if (ids.length === 0 || at <= from) return ids.map(() => ({ values: [] }));
  const step = Math.max(MINUTE, (at - from) / MAX_READINGS);
  const instants = Array.from({ length: Math.ceil((at - from) / step) }, (_, index) => Math.round(from + index * step));
  const keys = ids.map((signal) => ({ branch: LIVE, signal }));
  const read = [...instants, at];
  const rows: (readonly (number | undefined)[])[] = [];
  for (const instant of read) rows.push((await view.history.at(keys, instant)).map(readingOf));
  return Promise.all(
    keys.map(async (key, meter): Promise<Readings> => {
      const values = rows.map((row) => row[meter]);
      if (values.every((value) => value === undefined)) return { values };
      const last = values.findLastIndex((value) => value !== undefined);
      const ended = last === values.length - 1 ? {} : { ended: read[last]! };
      if (values[0] !== undefined) return { values, ...ended };
      const samples = await view.history.raw(key, from, at, MAX_FIRST);
      const first = [...samples.times.keys()].find(
        (row) => readingOf({ value: samples.values[row]!, quality: samples.qualities[row]! }) !== undefined,
      );
      // it gave nothing but missing values before: it is counted from the first instant at which it is known
      if (first === undefined) return { began: read[values.findIndex((value) => value !== undefined)]!, values, ...ended };
      return { began: samples.times[first]!, values: [samples.values[first]!, ...values], ...ended };
    }),
  );
}

/** What a meter showed; undefined where its value is missing or bad. */
function readingOf(sample: { readonly value: number; readonly quality: number } | undefined): number | undefined {
  return sample === undefined || sample.quality === quality.bad || !Number.isFinite(sample.value) ? undefined : sample.value;
}
