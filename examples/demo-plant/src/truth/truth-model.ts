import { DAY, HOUR, MINUTE, type Instant } from "@doppelwerk/world";
import type { Distribution, EffectModel, LineModel, StationModel, StopModel } from "@doppelwerk/sim";
import type { PlantShift } from "../clock/calendar.ts";
import type { UnitId } from "../signals/unit.ts";
import { faultEffects, type ActiveFault } from "./fault.ts";
import { flowTable, logisticsTable, plantTable, productTable, type TableRow } from "./plant-table.ts";

export interface TruthOptions {
  readonly shifts: readonly PlantShift[];
  readonly units: readonly UnitId[];
  /** The shift in which the first air-pressure drop happens. */
  readonly anchor: Instant;
  /** Effects that no model knows. Default on. */
  readonly hidden?: boolean;
  /** Kits come by vehicle. Default on. */
  readonly logistics?: boolean;
  /** Two technicians: repairs may queue. Default on. */
  readonly repairQueue?: boolean;
  readonly faults?: readonly ActiveFault[];
}

/** Conveyor speed of the plant, m/s; engineering wrote down half of it. */
const conveyorMps = 0.8;
const spindleLife = 21 * DAY;
/** The spindle was changed this long before the demo began: it is worn by now, and is changed again one week later. */
const spindleAge = 14 * DAY;

/** The plant as it really is, for the kernel. */
export function truthModel(options: TruthOptions): LineModel {
  const rows = plantTable.filter((row) => options.units.includes(row.id));
  const logistics = (options.logistics ?? true) && options.units.includes(logisticsTable.station);
  const hidden = options.hidden ?? true;
  return {
    format: "doppelwerk-line/1",
    id: "demo-plant-line-3",
    taktS: logisticsTable.taktS,
    constraint: logisticsTable.constraint,
    products: productTable.map((product) => ({
      id: product.id,
      attributes: { Family: product.family, CartonFamily: product.cartonFamily },
    })),
    program: { kind: "batches", mix: unitMix() },
    stations: rows.map((row) => station(row, options, hidden, logistics)),
    ...(options.units.includes(logisticsTable.carrierFrom)
      ? {
          carriers: [
            { id: "carrier", count: logisticsTable.carriers, from: logisticsTable.carrierFrom, to: logisticsTable.carrierTo, returnS: 90 },
          ],
        }
      : {}),
    ...((options.repairQueue ?? true) ? { personnel: [{ id: "technicians", count: logisticsTable.technicians }] } : {}),
    ...(logistics
      ? {
          logistics: {
            vehicles: logisticsTable.vehicles,
            speedMps: logisticsTable.speedMps,
            loadS: gamma(70, 0.2),
            unloadS: gamma(45, 0.2),
            batteryS: logisticsTable.batteryHours * 3600,
            chargeS: 2400,
          },
        }
      : {}),
    calendar: { kind: "list", shifts: options.shifts.map(({ id, start, end, breaks }) => ({ id, start, end, breaks })) },
    effects: [...(hidden ? hiddenEffects(options, logistics) : []), ...faultEffects(options.faults ?? [], options.units)],
  };
}

/** Wear of the screwing spindle, 0 new to 1 at its end. */
export function spindleWear(time: Instant, anchor: Instant): number {
  const age = time - (anchor - spindleAge);
  return (((age % spindleLife) + spindleLife) % spindleLife) / spindleLife;
}

/** When the compressed air falls, in shifts only: once in about three weeks of shifts, the first one eight shifts before the anchor's. */
export function airDrops(shifts: readonly PlantShift[], anchor: Instant): readonly { readonly start: Instant; readonly end: Instant }[] {
  const current = shifts.findIndex((shift) => shift.start >= anchor);
  return shifts.flatMap((shift, index) => {
    const distance = index - current + 8;
    return distance >= 0 && distance % 30 === 0 ? [{ start: shift.start + 2.2 * HOUR, end: shift.start + 2.2 * HOUR + 25 * MINUTE }] : [];
  });
}

/** The kernel counts shares in machines, the table in batches. */
function unitMix() {
  const weights = productTable.map((product) => (product.share * (product.batchMin + product.batchMax)) / 2);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return productTable.map(({ id, batchMin, batchMax }, index) => ({ product: id, share: weights[index]! / sum, batchMin, batchMax }));
}

function station(row: TableRow, options: TruthOptions, hidden: boolean, logistics: boolean): StationModel {
  const inUse = (unit: UnitId) => options.units.includes(unit);
  const isFirst = row.id === "T10" || row.id === "S010" || options.units[0] === row.id;
  const forward = flowTable.find((flow) => flow.from === row.id && flow.kind !== "reject");
  const next = forward && inUse(forward.to) ? forward : chained(row.id, options.units);
  const reject = flowTable.find((flow) => flow.from === row.id && flow.kind === "reject" && inUse(flow.to));
  const time = cycle(row, row.cycleS);
  return {
    id: row.id,
    places: row.places,
    cycle: {
      time,
      idealS: row.cycleS,
      ...(row.added
        ? {
            byProduct: Object.fromEntries(
              Object.entries(row.added).map(([product, seconds]) => [product, cycle(row, row.cycleS + seconds)]),
            ),
            idealByProduct: Object.fromEntries(Object.entries(row.added).map(([product, seconds]) => [product, row.cycleS + seconds])),
          }
        : {}),
    },
    ...(isFirst ? { source: { program: row.id !== "T10" } } : { buffer: { capacity: row.buffer } }),
    ...(row.id === "S030" ? { assembly: { buffer: { capacity: 8 } } } : {}),
    ...(next
      ? {
          next: {
            station: next.to,
            ...(next.kind === "assembly" ? { input: "assembly" as const } : {}),
            travelS: next.lengthM / conveyorMps,
          },
        }
      : {}),
    stops: stops(row, options.repairQueue ?? true, hidden),
    ...(row.setUp ? { setUps: [{ attribute: row.setUp.attribute, time: gamma(row.setUp.durationS, 0.15) }] } : {}),
    ...(row.inspection
      ? {
          inspection: {
            rejectByTry: [row.inspection.reject, row.inspection.retestReject],
            maxTries: row.inspection.maxTries,
            ...(row.id === "S090" ? { tries: "rework" as const } : {}),
            ...(reject ? { reject: { station: reject.to, travelS: reject.lengthM / conveyorMps } } : {}),
          },
        }
      : {}),
    ...(logistics && row.id === logisticsTable.station
      ? {
          materials: [
            { id: "kits", capacity: 60, reorderAt: 30, kitsPerTrip: logisticsTable.kitsPerTrip, distanceM: logisticsTable.distanceM },
          ],
        }
      : {}),
  };
}

function chained(
  id: UnitId,
  units: readonly UnitId[],
): { readonly to: UnitId; readonly kind: "main"; readonly lengthM: number } | undefined {
  const to = units[units.indexOf(id) + 1];
  return units.length < 16 && to ? { to, kind: "main", lengthM: 8 } : undefined;
}

function cycle(row: TableRow, seconds: number): Distribution {
  return { kind: "lognormal", mean: seconds, cv: row.cycleCv };
}

function gamma(mean: number, cv: number): Distribution {
  return { kind: "gamma", mean, cv };
}

/** Stops nobody logs happen at manual stations and at the palletiser: the operator clears something and goes on. */
const silentStops: Readonly<Partial<Record<UnitId, readonly [betweenMin: number, durationS: number]>>> = {
  S030: [210, 95],
  S070: [240, 110],
  S130: [300, 120],
};

function stops(row: TableRow, repairQueue: boolean, hidden: boolean): readonly StopModel[] {
  const silent = hidden ? silentStops[row.id] : undefined;
  return [
    ...(row.failure
      ? [
          {
            id: `${row.id}-failure`,
            class: "failure" as const,
            clock: "operating" as const,
            between: { kind: "exponential" as const, mean: row.failure[0] * 60 },
            duration: gamma(row.failure[1] * 60, 0.8),
            scope: row.placesFailAlone ? ("place" as const) : ("station" as const),
            // Technicians take no break in the middle of a repair, and what is broken at ten in the evening is whole at six.
            repairAlways: true,
            ...(repairQueue ? { repairedBy: { pools: ["technicians"], count: 1 } } : {}),
          },
        ]
      : []),
    ...(row.microStop
      ? [
          {
            id: `${row.id}-micro`,
            class: "microStop" as const,
            clock: "operating" as const,
            between: { kind: "exponential" as const, mean: row.microStop[0] * 60 },
            duration: gamma(row.microStop[1], 0.6),
            scope: "station" as const,
          },
        ]
      : []),
    ...(silent
      ? [
          {
            id: `${row.id}-silent`,
            class: "microStop" as const,
            clock: "operating" as const,
            between: { kind: "exponential" as const, mean: silent[0] * 60 },
            duration: gamma(silent[1], 0.5),
            unreported: true,
          },
        ]
      : []),
  ];
}

function hiddenEffects(options: TruthOptions, logistics: boolean): readonly EffectModel[] {
  const present = (units: readonly UnitId[]) => units.filter((unit) => options.units.includes(unit));
  const manual = plantTable.filter((row) => row.manual).map((row) => row.id);
  const since = options.anchor - spindleAge - spindleLife;
  const effects: (EffectModel | undefined)[] = [
    present(manual).length > 0
      ? {
          kind: "factor",
          id: "last-hour",
          on: "cycle",
          stations: present(manual),
          factor: { kind: "constant", value: 1.04 },
          when: { kind: "endOfShift", lastS: 3600 },
        }
      : undefined,
    {
      kind: "outage",
      id: "air-drop",
      stations: present(["S080", "S090", "S120"]),
      cause: "utility",
      when: { kind: "intervals", intervals: airDrops(options.shifts, options.anchor) },
    },
    logistics
      ? {
          kind: "shortage",
          id: "harness-shortage",
          material: "kits",
          when: { kind: "shifts", every: 2, afterS: 4000, durationS: 480, spreadS: 18_000 },
        }
      : undefined,
    options.units.includes("S080")
      ? {
          kind: "factor",
          id: "spindle-wear",
          on: "stopRate",
          stations: ["S080"],
          stop: "S080-micro",
          factor: { kind: "wear", from: 0.8, to: 1.9, overS: spindleLife / 1_000_000, since },
          when: { kind: "always" },
        }
      : undefined,
  ];
  return effects.filter((effect) => effect !== undefined);
}
