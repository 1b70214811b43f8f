// What a person can download of a plant: samples as CSV, the line and its shift calendar. Nothing here knows how the product computes.

export const SECOND = 1_000_000;
export const HOUR = 3_600 * SECOND;

/** One row of the CSV export; `at` in microseconds since 1970. */
export interface RawSample {
  readonly at: number;
  readonly value: number;
  readonly text: string;
  readonly isGood: boolean;
}

export type RawSamples = ReadonlyMap<string, readonly RawSample[]>;

/** A station as its engineering file describes it. */
export interface RawStation {
  readonly id: string;
  readonly places: number;
  /** Seconds a unit, of one place. */
  readonly idealCycleS: number;
  readonly addedS: Readonly<Record<string, number>>;
  readonly rejectTo?: string;
  readonly maxTries: number;
  readonly signals: Readonly<Record<string, { readonly id: string }>>;
  readonly mapping: {
    readonly words: Readonly<Record<string, { readonly state: string; readonly cause: string }>>;
    readonly blockedBit: boolean;
    readonly starvedBit: boolean;
  };
}

export interface RawLine {
  readonly id: string;
  readonly definition: {
    readonly constraint: string;
    readonly stations: readonly RawStation[];
    readonly flows: readonly { readonly from: string; readonly to: string; readonly kind: string }[];
  };
}

/** A shift as the calendar of the engineering file plans it, minutes after local midnight. */
export interface RawPlan {
  readonly name: string;
  readonly startMinute: number;
  readonly endMinute: number;
  readonly breaks: readonly { readonly startMinute: number; readonly minutes: number }[];
}

/** What the export gives, over HTTP. */
export class RawRecord {
  readonly #base: string;

  constructor(url: string) {
    this.#base = `${url}/api/doppelwerk/v1`;
  }

  async json<Answer>(path: string): Promise<Answer> {
    return JSON.parse(await this.#text(path)) as Answer;
  }

  /** What took long to read leaves a connection that the server has closed meanwhile: asked again, on another one. */
  async #text(path: string, tries = 3): Promise<string> {
    try {
      const answer = await fetch(`${this.#base}${path}`);
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return await answer.text();
    } catch (error) {
      if (!(error instanceof TypeError) || tries === 1) throw error;
      return this.#text(path, tries - 1);
    }
  }

  /** Samples with from ≤ at < to of each signal, oldest first. */
  async samples(signals: readonly string[], from: number, to: number): Promise<RawSamples> {
    const query = new URLSearchParams({ signals: signals.join(","), from: String(from), to: String(to), format: "csv" });
    const table = await this.#text(`/export/samples?${query}`);
    const rows = new Map<string, RawSample[]>(signals.map((id) => [id, []]));
    for (const line of table.split("\n").slice(1)) {
      if (line === "") continue;
      const [time, signal, , , value, text, quality] = line.split(",") as [string, string, string, string, string, string, string];
      // the export writes microseconds, a date of JavaScript holds milliseconds
      const at = Date.parse(`${time.slice(0, 23)}Z`) * 1_000 + Number(time.slice(23, 26));
      rows.get(signal)?.push({ at, value: value === "" ? Number.NaN : Number(value), text, isGood: quality === "good" });
    }
    return rows;
  }
}

/** Spans of planned time of a shift, its breaks left out. */
export function plannedSpans(plan: RawPlan, from: number, to: number): readonly (readonly [number, number])[] {
  const instantOf = (minute: number) => from + (minute - plan.startMinute) * 60 * SECOND;
  const spans: [number, number][] = [];
  let begin = from;
  for (const { startMinute, minutes } of plan.breaks.toSorted((a, b) => a.startMinute - b.startMinute)) {
    spans.push([begin, instantOf(startMinute)]);
    begin = instantOf(startMinute + minutes);
  }
  spans.push([begin, to]);
  return spans;
}

/** Ids of the signals of these roles, of the stations that have them. */
export function signalsOf(stations: readonly RawStation[], roles: readonly string[]): readonly string[] {
  return stations.flatMap(({ signals }) => roles.flatMap((role) => signals[role]?.id ?? []));
}
