/** What a meter counted; `kWh` absent: not known. */
export interface CountedMeter {
  readonly shell: string;
  readonly kWh?: number;
}

export interface LineEnergy {
  /** What the meters of the line itself counted; without any: undefined. */
  readonly metered: number | undefined;
  /** By shell of the station. Undefined: a meter of it is not known. */
  readonly stations: ReadonlyMap<string, number | undefined>;
  /** Of the stations that are known. */
  readonly allocated: number;
  /** The meter of the line less its stations; undefined where one of them is not known. */
  readonly unallocated: number | undefined;
  /** Stations have counted more than the line, by more than a hundredth of it. */
  readonly isOver: boolean;
}

const TOLERANCE = 0.01;

/** The energy of a line and its stations: what the stations have, and what of the meter of the line is left, adds up to that meter. */
export function lineEnergy(line: string, stations: readonly string[], meters: readonly CountedMeter[]): LineEnergy {
  const sumOf = (shell: string): number | undefined | null => {
    const own = meters.filter((meter) => meter.shell === shell);
    if (own.length === 0) return null;
    return own.some(({ kWh }) => kWh === undefined) ? undefined : own.reduce((sum, { kWh = 0 }) => sum + kWh, 0);
  };
  const known = new Map<string, number | undefined>();
  for (const shell of stations) {
    const sum = sumOf(shell);
    if (sum !== null) known.set(shell, sum);
  }
  const values = [...known.values()];
  const allocated = values.reduce((sum: number, kWh) => sum + (kWh ?? 0), 0);
  const metered = sumOf(line) ?? undefined;
  const isWhole = values.every((kWh) => kWh !== undefined);
  const unallocated = metered === undefined || !isWhole ? undefined : metered - allocated;
  return {
    metered,
    stations: known,
    allocated,
    unallocated,
    isOver: unallocated !== undefined && metered !== undefined && unallocated < -TOLERANCE * metered,
  };
}
