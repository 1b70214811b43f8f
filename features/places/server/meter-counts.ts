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
  /** In the unit of the meter. */
  readonly units: number;
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
    const { at, past } = asked;
    const meters = signals.flatMap(meterOf).slice(0, MAX_METERS);
    if (meters.length === 0 || at <= from) return [];
    const kept = (id: RecordId): Count | undefined => {
      const count = past ? undefined : this.#kept.get(id);
      return count?.from === from && at - count.at < KEPT ? count : undefined;
    };
    const missing = meters.filter(({ id }) => kept(id) === undefined);
    const counted = new Map(
      (
        await countedSince(
          missing.map(({ id }) => id),
          asked,
          from,
        )
      ).map((units, index) => [missing[index]!.id, units] as const),
    );
    if (!past) this.#keep(counted, from, at);
    const metered = new Map(asked.within.map((place) => [place.shell, place.meters ?? place.shell]));
    return meters.flatMap(({ id, shell, kWh }) => {
      const units = counted.has(id) ? counted.get(id) : kept(id)?.units;
      return units === undefined ? [] : [{ shell: metered.get(shell) ?? shell, kWh: units * kWh }];
    });
  }

  #keep(counted: ReadonlyMap<RecordId, number | undefined>, from: Instant, at: Instant): void {
    for (const [id, units] of counted) {
      this.#kept.delete(id);
      if (units !== undefined) this.#kept.set(id, { from, at, units });
    }
    for (const [id] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(id);
    }
  }
}

function meterOf({ signal, shell }: PlacedSignal): readonly Meter[] {
  const kWh = signal.valueType === "double" || signal.valueType === "integer" ? kWhPer(signal.unit) : undefined;
  return kWh === undefined || signal.connection === undefined ? [] : [{ id: signal.id, shell, kWh }];
}

/** What totalisers counted from an instant up to the one asked for, in their own units; undefined where it is not known. */
export async function countedSince(
  ids: readonly RecordId[],
  { view, at }: Pick<AskedFacts, "view" | "at">,
  from: Instant,
): Promise<readonly (number | undefined)[]> {
  if (ids.length === 0 || at <= from) return ids.map(() => undefined);
  const step = Math.max(MINUTE, (at - from) / MAX_READINGS);
  const instants = Array.from({ length: Math.ceil((at - from) / step) }, (_, index) => Math.round(from + index * step));
  const keys = ids.map((signal) => ({ branch: LIVE, signal }));
  const readings: (readonly (number | undefined)[])[] = [];
  for (const instant of [...instants, at]) readings.push((await view.history.at(keys, instant)).map((sample) => sample?.value));
  return ids.map((_, meter) => countedBy(readings.map((row) => row[meter])));
}
