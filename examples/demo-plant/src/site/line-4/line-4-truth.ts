import { DAY, type Instant } from "@doppelwerk/world";
import type { Distribution, EffectModel, LineModel, StationModel, StopModel } from "@doppelwerk/sim";
import type { PlantShift } from "../../clock/calendar.ts";
import type { TableRow } from "../../truth/plant-table.ts";
import { line4Incidents } from "./line-4-incidents.ts";
import { line4Flows, line4Plan, line4Products, line4Table, type Line4Id } from "./line-4-table.ts";

export interface Line4TruthOptions {
  readonly shifts: readonly PlantShift[];
  /** Local midnight of the first day of the demo. */
  readonly anchor: Instant;
  /** The two effects that no model knows. Default on. */
  readonly hidden?: boolean;
  /** One technician: repairs may queue. Default on. */
  readonly repairQueue?: boolean;
  /** Stations that wait for air since this instant. */
  readonly withoutAir?: { readonly stations: readonly Line4Id[]; readonly since: Instant };
}

const conveyorMps = 0.7;
const endlessUs = 40 * DAY;

/** Line 4 as it really is, for the kernel. */
export function line4Truth(options: Line4TruthOptions): LineModel {
  const repairQueue = options.repairQueue ?? true;
  const weights = line4Products.map(({ share, batchMin, batchMax }) => (share * (batchMin + batchMax)) / 2);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    format: "doppelwerk-line/1",
    id: "demo-plant-line-4",
    taktS: line4Plan.taktS,
    constraint: line4Plan.constraint,
    products: line4Products.map(({ id, family, cartonFamily }) => ({ id, attributes: { Family: family, CartonFamily: cartonFamily } })),
    // The kernel counts shares in machines, planning in batches.
    program: {
      kind: "batches",
      mix: line4Products.map(({ id, batchMin, batchMax }, index) => ({ product: id, share: weights[index]! / sum, batchMin, batchMax })),
    },
    stations: line4Table.map((row, index) => station(row, index === 0, repairQueue)),
    ...(repairQueue ? { personnel: [{ id: "technicians", count: line4Plan.technicians }] } : {}),
    calendar: { kind: "list", shifts: options.shifts.map(({ id, start, end, breaks }) => ({ id, start, end, breaks })) },
    effects: [...((options.hidden ?? true) ? hiddenEffects(options.anchor) : []), ...line4Incidents(options.anchor), ...waiting(options)],
  };
}

function station(row: TableRow<Line4Id>, first: boolean, repairQueue: boolean): StationModel {
  const next = line4Flows.find((flow) => flow.from === row.id && flow.kind !== "reject");
  const reject = line4Flows.find((flow) => flow.from === row.id && flow.kind === "reject");
  const added = Object.entries(row.added ?? {});
  return {
    id: row.id,
    places: row.places,
    cycle: {
      time: cycle(row, row.cycleS),
      idealS: row.cycleS,
      ...(added.length > 0
        ? {
            byProduct: Object.fromEntries(added.map(([product, seconds]) => [product, cycle(row, row.cycleS + seconds)])),
            idealByProduct: Object.fromEntries(added.map(([product, seconds]) => [product, row.cycleS + seconds])),
          }
        : {}),
    },
    ...(first ? { source: { program: true } } : { buffer: { capacity: row.buffer } }),
    ...(next ? { next: { station: next.to, travelS: next.lengthM / conveyorMps } } : {}),
    stops: stops(row, repairQueue),
    ...(row.setUp ? { setUps: [{ attribute: row.setUp.attribute, time: gamma(row.setUp.durationS, 0.2) }] } : {}),
    ...(row.inspection && reject
      ? {
          inspection: {
            rejectByTry: [row.inspection.reject, row.inspection.retestReject],
            maxTries: row.inspection.maxTries,
            tries: "rework" as const,
            reject: { station: reject.to, travelS: reject.lengthM / conveyorMps },
          },
        }
      : {}),
  };
}

function stops(row: TableRow<Line4Id>, repairQueue: boolean): readonly StopModel[] {
  const failure: StopModel[] = row.failure
    ? [
        {
          id: `${row.id}-failure`,
          class: "failure",
          clock: "operating",
          between: { kind: "exponential", mean: row.failure[0] * 60 },
          duration: gamma(row.failure[1] * 60, 0.7),
          scope: row.placesFailAlone ? "place" : "station",
          repairAlways: true,
          ...(repairQueue ? { repairedBy: { pools: ["technicians"], count: 1 } } : {}),
        },
      ]
    : [];
  const micro: StopModel[] = row.microStop
    ? [
        {
          id: `${row.id}-micro`,
          class: "microStop",
          clock: "operating",
          between: { kind: "exponential", mean: row.microStop[0] * 60 },
          duration: gamma(row.microStop[1], 0.6),
          scope: "station",
        },
      ]
    : [];
  return [...failure, ...micro];
}

/**
 * P16. Evacuation before the refrigerant charge takes longer while the hall is warm, from one to six in the afternoon. The cells of the function test
 * are cold in the first forty minutes of a shift and reject sound dryers.
 */
function hiddenEffects(anchor: Instant): readonly EffectModel[] {
  const firstDay = anchor - 40 * DAY;
  return [
    {
      kind: "factor",
      id: "warm-afternoon",
      on: "cycle",
      stations: ["L4-020"],
      factor: { kind: "constant", value: 1.15 },
      when: { kind: "periodic", since: firstDay + (13 / 24) * DAY, periodS: 86_400, durationS: 5 * 3600 },
    },
    {
      kind: "factor",
      id: "cold-cells",
      on: "reject",
      stations: ["L4-060"],
      factor: { kind: "constant", value: 3.2 },
      when: { kind: "shifts", every: 1, afterS: 0, durationS: 2400 },
    },
  ];
}

function waiting({ withoutAir }: Line4TruthOptions): readonly EffectModel[] {
  if (withoutAir === undefined) return [];
  const { stations, since } = withoutAir;
  const when = { kind: "intervals" as const, intervals: [{ start: since, end: since + endlessUs }] };
  return [{ kind: "outage", id: "no-air", stations, cause: "utility", when }];
}

function cycle(row: TableRow<Line4Id>, seconds: number): Distribution {
  return { kind: "lognormal", mean: seconds, cv: row.cycleCv };
}

function gamma(mean: number, cv: number): Distribution {
  return { kind: "gamma", mean, cv };
}
