import type { PlantView } from "@doppelwerk/kit/server";
import type { FoldedLine } from "@doppelwerk/ports";
import { LIVE, quality, type Instant, type RecordId } from "@doppelwerk/world";
import type { ProductAt } from "../model/loss-entries.ts";
import type { CountReading } from "../model/silent-stops.ts";

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** Of one signal in one shift; a station that counts more often has no silence. */
const MAX_SAMPLES = 200_000;

/** What was counted and worked on in a shift, as far as the caller may read it. */
export class ShiftReadings {
  readonly #view: PlantView;
  readonly #line: FoldedLine["definition"];
  readonly #span: Span;

  constructor(view: PlantView, line: FoldedLine["definition"], span: Span) {
    [this.#view, this.#line, this.#span] = [view, line, span];
  }

  /** Stations whose counts may be read: of others no silence is known. */
  counted(): readonly string[] {
    return this.#line.stations.flatMap(({ id, signals }) => {
      const counter = signals.Total ?? signals.Good;
      return counter !== undefined && this.#view.mayReadSignal(counter.id) ? [id] : [];
    });
  }

  /** Undefined where the station has no counter that may be read. */
  async counts(station: string): Promise<{ readonly readings: readonly CountReading[]; readonly idealIntervalS: number } | undefined> {
    const own = this.#line.stations.find(({ id }) => id === station);
    const counter = own?.signals.Total ?? own?.signals.Good;
    if (own === undefined || counter === undefined || !this.#view.mayReadSignal(counter.id)) return undefined;
    const readings = (await this.#read(counter.id)).map(({ at, value, isBad }) => ({
      at,
      value: isBad || typeof value !== "number" ? undefined : value,
    }));
    return { readings, idealIntervalS: own.idealCycleS / Math.max(1, own.places) };
  }

  /** Knows nothing of stations whose product may not be read, or that do not say it. */
  async products(): Promise<ProductAt> {
    const found = new Map<string, readonly Reading[]>();
    for (const { id, signals } of this.#line.stations)
      if (signals.Product !== undefined && this.#view.mayReadSignal(signals.Product.id))
        found.set(id, await this.#read(signals.Product.id));
    return (station, at) => {
      const reading = found.get(station)?.findLast((each) => each.at <= at);
      if (reading === undefined || reading.isBad || reading.value === "" || reading.value === undefined) return undefined;
      return String(reading.value);
    };
  }

  async #read(signal: RecordId): Promise<readonly Reading[]> {
    const key = { branch: LIVE, signal };
    const { from, to } = this.#span;
    const [[held], columns] = await Promise.all([
      this.#view.history.at([key], from - 1),
      this.#view.history.raw(key, from, to, MAX_SAMPLES),
    ]);
    const before = held === undefined ? [] : [{ at: from, value: held.text ?? held.value, isBad: held.quality === quality.bad }];
    const own = Array.from(columns.times, (at, row): Reading => {
      const number = columns.values[row]!;
      return {
        at,
        value: columns.texts.get(row) ?? (Number.isNaN(number) ? undefined : number),
        isBad: columns.qualities[row] === quality.bad,
      };
    });
    return [...before, ...own];
  }
}

interface Reading {
  readonly at: Instant;
  readonly value: number | string | undefined;
  readonly isBad: boolean;
}
