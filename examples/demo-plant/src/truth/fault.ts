import { MINUTE, HOUR, type Instant } from "@doppelwerk/world";
import type { EffectModel } from "@doppelwerk/sim";
import type { UnitId } from "../signals/unit.ts";

/** What can be done to the plant from outside, for demonstrations and tests. */
export const faultNames = ["breakdown", "spindle-drift", "quality", "jam", "air", "connection", "compressor", "gateway"] as const;
export type FaultName = (typeof faultNames)[number];

/** Faults of what only the whole site has: the second compressor trips, the gateway of Line 4 loses its bus. */
export const siteFaults: readonly FaultName[] = ["compressor", "gateway"];

export interface ActiveFault {
  readonly name: FaultName;
  readonly since: Instant;
}

export function isFaultName(name: string): name is FaultName {
  return (faultNames as readonly string[]).includes(name);
}

const endless = 1000 * HOUR;

/**
 * Faults as effects of the truth. `breakdown` stops the screwing cell (or the first unit of a small plant) as a technician would find it,
 * `jam` stops packing for four minutes out of ten, `connection` is no effect of the line: only its word does not get out.
 */
export function faultEffects(faults: readonly ActiveFault[], units: readonly UnitId[]): readonly EffectModel[] {
  const present = (wanted: readonly UnitId[]) => wanted.filter((unit) => units.includes(unit));
  return faults.flatMap((fault): readonly EffectModel[] => {
    const id = `fault-${fault.name}`;
    const when = { kind: "intervals" as const, intervals: [{ start: fault.since, end: fault.since + endless }] };
    const broken = breakdownUnit(units);
    switch (fault.name) {
      case "breakdown":
        return [{ kind: "outage", id, stations: [broken], cause: "other", when }];
      case "spindle-drift":
        return units.includes("S080")
          ? [
              { kind: "factor", id: `${id}-stops`, on: "stopRate", stations: ["S080"], factor: { kind: "constant", value: 3 }, when },
              { kind: "factor", id: `${id}-cycle`, on: "cycle", stations: ["S080"], factor: { kind: "constant", value: 1.12 }, when },
            ]
          : [];
      case "quality":
        return [{ kind: "factor", id, on: "reject", stations: present(["S090"]), factor: { kind: "constant", value: 4 }, when }];
      case "jam":
        return [
          {
            kind: "outage",
            id,
            stations: present(["S120"]),
            cause: "other",
            when: { kind: "intervals", intervals: repeated(fault.since, 4 * MINUTE, 10 * MINUTE) },
          },
        ];
      case "air":
        return [{ kind: "outage", id, stations: present(["S080", "S090", "S120"]), cause: "utility", when }];
      case "connection":
      case "compressor":
      case "gateway":
        return [];
    }
  });
}

export function breakdownUnit(units: readonly UnitId[]): UnitId {
  return units.includes("S080") ? "S080" : units[0]!;
}

function repeated(since: Instant, duration: number, period: number): { readonly start: Instant; readonly end: Instant }[] {
  return Array.from({ length: 200 }, (_, i) => ({ start: since + i * period, end: since + i * period + duration }));
}
