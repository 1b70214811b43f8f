import { LIVE, MINUTE, type Instant, type RecordId } from "@doppelwerk/world";
import { countedBy, kWhPer } from "../model/energy.ts";
import type { PlaceFacts } from "../model/place-facts.ts";
import type { AskedFacts, PlacedSignal } from "./plant-facts.ts";

/** Meters that are counted in one answer, and readings of each between the beginning and now. */
const [MAX_METERS, MAX_READINGS] = [200, 32];
/** How long a count that was made stands: energy is counted by the minute, not by the value. */
const KEPT = MINUTE;
const MAX_KEPT = 2_000;

interface Count {
  readonly from: Instant;
  readonly at: Instant;
  /** In the unit of the meter: what it counted, and its first and last reading. */
  readonly units: number;
  readonly first: number;
  readonly last: number;
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

/** What totalisers in a unit of energy counted. What they counted up to now is kept for a minute, whoever asks. */
export class MeterCounts {
  readonly #kept = new Map<RecordId, Count>();

  /** Of the meters among the signals, since `from`, by the shell of the place that each counts for; signals are those that the principal may read. */
  async of(signals: readonly PlacedSignal[], asked: AskedFacts, from: Instant): Promise<PlaceFacts["meters"]> {
    const counted = await this.counted(signals, asked, from);
    return counted.flatMap(({ shell, kWh, count }) => (count === undefined ? [] : [{ shell, kWh: count.units * kWh }]));
  }

  /** The same with the readings, and with the meters of which nothing is known. */
  async counted(signals: readonly PlacedSignal[], asked: AskedFacts, from: Instant): Promise<readonly CountedMeter[]> {
    const { at, past } = asked;
    const meters = signals.flatMap(meterOf).slice(0, MAX_METERS);
    if (meters.length === 0 || at <= from) return [];
    const kept = (id: RecordId): Count | undefined => {
      const count = past ? undefined : this.#kept.get(id);
      return count?.from === from && at - count.at < KEPT ? count : undefined;
    };
    const missing = meters.filter(({ id }) => kept(id) === undefined).map(({ id }) => id);
    const readings = await readingsSince(missing, asked, from);
    const counted = new Map(readings.map((own, index) => [missing[index]!, countOf(own, from, at)] as const));
    if (!past) this.#keep(counted);
    const metered = new Map(asked.within.map((place) => [place.shell, place.meters ?? place.shell]));
    return meters.map(({ id, shell, kWh }) => {
      const count = counted.has(id) ? counted.get(id) : kept(id);
      return { signal: id, shell: metered.get(shell) ?? shell, kWh, ...(count && { count }) };
    });
  }

  #keep(counted: ReadonlyMap<RecordId, Count | undefined>): void {
    for (const [id, count] of counted) {
      this.#kept.delete(id);
      if (count !== undefined) this.#kept.set(id, count);
    }
    for (const [id] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(id);
    }
  }
}

/** Meters among signals, without what they counted. */
export function metersAmong(signals: readonly PlacedSignal[]): readonly CountedMeter[] {
  return signals
    .flatMap(meterOf)
    .slice(0, MAX_METERS)
    .map(({ id, shell, kWh }) => ({ signal: id, shell, kWh }));
}

function meterOf({ signal, shell }: PlacedSignal): readonly Meter[] {
  const kWh = signal.valueType === "double" || signal.valueType === "integer" ? kWhPer(signal.unit) : undefined;
  return kWh === undefined || signal.connection === undefined ? [] : [{ id: signal.id, shell, kWh }];
}

function countOf(readings: readonly (number | undefined)[], from: Instant, at: Instant): Count | undefined {
  const known = readings.filter((reading) => reading !== undefined);
  const units = countedBy(known);
  return units === undefined ? undefined : { from, at, units, first: known[0]!, last: known.at(-1)! };
}

/** What totalisers counted from an instant up to the one asked for, in their own units; undefined where it is not known. */
export async function countedSince(
  ids: readonly RecordId[],
  asked: Pick<AskedFacts, "view" | "at">,
  from: Instant,
): Promise<readonly (number | undefined)[]> {
  return (await readingsSince(ids, asked, from)).map(countedBy);
}

/** Of each signal its readings at instants from one up to the one asked for, in order of time. */
async function readingsSince(
  ids: readonly RecordId[],
  { view, at }: Pick<AskedFacts, "view" | "at">,
  from: Instant,
): Promise<readonly (readonly (number | undefined)[])[]> {
  if (ids.length === 0 || at <= from) return ids.map(() => []);
  const step = Math.max(MINUTE, (at - from) / MAX_READINGS);
  const instants = Array.from({ length: Math.ceil((at - from) / step) }, (_, index) => Math.round(from + index * step));
  const keys = ids.map((signal) => ({ branch: LIVE, signal }));
  const readings: (readonly (number | undefined)[])[] = [];
  for (const instant of [...instants, at]) readings.push((await view.history.at(keys, instant)).map((sample) => sample?.value));
  return ids.map((_, meter) => readings.map((row) => row[meter]));
}
