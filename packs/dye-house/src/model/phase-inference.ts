import type { Phase } from "./phase.ts";

/** Seconds between two looks: long enough that meters and levels have moved, short enough that a drain is seen. */
export const LOOK_S = 45;

/** What stood at the last look. Plain JSON. */
export interface Look {
  at: number;
  level: number;
  water: number;
  setpoint: number;
  /** The machine has had water since it was loaded. */
  wet: boolean;
  /** When it was last empty; 0: it is not. */
  emptySince: number;
}

export interface Seen {
  /** µs. */
  readonly at: number;
  /** L. */
  readonly level: number;
  /** L since the batch began. */
  readonly water: number;
  /** °C. */
  readonly setpoint: number;
}

/** An empty machine that stays empty so long is unloaded, s. */
const UNLOAD_AFTER_S = 40;

/**
 * What a machine does whose controller does not tell it, from how level, meter and setpoint have moved since the last look. Litres are compared with the
 * machine's load, so that the same rules hold for all sizes. A sample and an addition cannot be seen: they read as `hold` and `dose`.
 */
export function inferredPhase(look: Look, seen: Seen, nominalKg: number): Phase {
  const minutes = (seen.at - look.at) / 60e6;
  const perKg = (litres: number): number => litres / nominalKg / minutes;
  const level = perKg(seen.level - look.level);
  const water = perKg(seen.water - look.water);
  const setpoint = (seen.setpoint - look.setpoint) / minutes;
  if (level < -0.3) return "drain";
  if (water > 0.2 && level > 0.2) return "fill";
  if (water > 0.2) return "rinse";
  if (seen.level < 0.1 * nominalKg) return emptyPhase(look, seen.at);
  if (level > 0.004) return "dose";
  if (setpoint > 0.3) return "heat";
  return setpoint < -0.3 ? "cool" : "hold";
}

function emptyPhase({ wet, emptySince }: Look, at: number): Phase {
  if (!wet) return "load";
  return emptySince > 0 && at - emptySince > UNLOAD_AFTER_S * 1e6 ? "unload" : "drain";
}

/** The next look. */
export function lookAt(before: Look | undefined, seen: Seen, nominalKg: number): Look {
  const isEmpty = seen.level < 0.1 * nominalKg;
  return {
    ...seen,
    wet: before?.wet === true || !isEmpty,
    emptySince: isEmpty ? before?.emptySince || seen.at : 0,
  };
}
