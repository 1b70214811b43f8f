import {
  createShiftCalendar,
  elementsOfLine,
  elementsOfStation,
  indicatorValues,
  type ElementValues,
  type IndicatorValue,
  type ShiftResult,
  type StateInterval,
} from "../packages/operations/src/index.ts";
import { createKpiEngine } from "../packages/operations/src/kpis/kpi-engine.ts";
import { reportMedian, timed, type Report } from "./report.ts";

const UNITS = 100;
const DAYS = 30;
const RUNS = 7;
const SECOND = 1_000_000;
const HOUR = 3_600 * SECOND;
const BEGIN = Date.UTC(2026, 10, 2) * 1_000;
const STATES = ["working", "working", "setUp", "failed", "microStop", "blocked", "starved", "maintenance"] as const;

/** The 34 KPIs of ISO 22400-2 of a hundred units and their line over thirty days of three shifts; bar: at most 2 s. A second program computes them from the same shifts. */
export async function bench(report: Report): Promise<void> {
  const names = Array.from({ length: UNITS }, (_, n) => `U${n}`);
  const shifts = shiftsOf(names);
  const [wall, cpu, other] = [[] as number[], [] as number[], [] as number[]];
  for (let run = 0; run <= RUNS; run++) {
    const ours = await timed(() =>
      [...names.map((name) => elementsOfStation(shifts, name)), elementsOfLine(shifts)].map(({ values }) => indicatorValues(values)),
    );
    const plain = await timed(() => names.map((name) => plainly(shifts, name)));
    requireEqual(ours.result, plain.result);
    // the first warms up
    if (run === 0) continue;
    wall.push(ours.wallS * 1_000);
    cpu.push(ours.cpuS * 1_000);
    other.push(plain.cpuS * 1_000);
  }
  reportMedian(report, "kpis", `34 KPIs of ${UNITS} units and their line over ${DAYS} days of shifts`, "ms", wall);
  reportMedian(report, "kpis", "the same, processor time", "ms", cpu);
  reportMedian(report, "kpis", "a plain program, processor time", "ms", other);
}

/** As the fold keeps them: states of a few minutes, a piece a minute, one of twenty rejected. */
function shiftsOf(names: readonly string[]): readonly ShiftResult[] {
  const day = (name: string, startMinute: number) => ({
    name,
    startMinute,
    endMinute: (startMinute + 480) % 1_440,
    days: [1, 2, 3, 4, 5, 6, 7],
    breaks: [],
  });
  const definition = {
    stations: names.map((id, n) => ({
      id,
      places: 1,
      idealCycleS: 40 + (n % 15),
      addedS: {},
      counts: ["Total", "Good", "Reject"] as const,
    })),
    constraint: "U50",
    shifts: [day("Early", 360), day("Late", 840), day("Night", 1_320)],
    timeZone: "UTC",
  };
  const calendar = createShiftCalendar(definition.shifts, () => 0);
  const engine = createKpiEngine(definition as never, calendar);
  for (const [n, station] of names.entries())
    for (let hour = 6; hour < DAYS * 24; hour++) {
      const from = BEGIN + hour * HOUR;
      for (let part = 0; part < 4; part++) {
        const state = STATES[(hour + part + n) % STATES.length]!;
        const begin = from + part * 900 * SECOND;
        const interval: StateInterval = {
          station,
          state,
          mode: "processing",
          cause: "internal",
          inferred: false,
          mappingVersion: 1,
          from: begin,
          to: begin + 900 * SECOND,
        };
        engine.interval(interval);
      }
      engine.count(station, "Total", 60, "P1", false, from);
      engine.count(station, "Good", 57, "P1", false, from);
      engine.count(station, "Reject", 3, "P1", false, from);
    }
  const end = BEGIN + DAYS * 24 * HOUR;
  return engine.shiftIds().flatMap((id) => engine.shift(id, end, []) ?? []);
}

/** Written once more, by the formulas of the standard and without the code of the product. */
function plainly(shifts: readonly ShiftResult[], station: string): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  let [PBT, PQ, GQ, RQ, ideal, FE] = [0, 0, 0, 0, 0, 0];
  for (const shift of shifts) {
    const at = shift.stations.findIndex((each) => each.station === station);
    const [result, { states, losses }] = [shift.stations[at]!, shift.time[at]!];
    PBT += result.plannedBusyS;
    PQ += result.produced;
    GQ += result.good;
    RQ += result.reworkedGood;
    ideal += result.idealS;
    for (const [state, seconds] of Object.entries(states)) sums[state] = (sums[state] ?? 0) + seconds;
    for (const loss of losses) if (loss.state === "failed") FE += loss.count;
  }
  const { working: APT = 0, setUp = 0, failed = 0, microStop = 0, blocked = 0, starved = 0, maintenance = 0 } = sums;
  const delay = failed + microStop + blocked + starved;
  const [availability, effectiveness, qualityRatio] = [APT / PBT, ((ideal / PQ) * PQ) / APT, GQ / PQ];
  return {
    allocationEfficiency: (APT + setUp + delay) / PBT,
    utilizationEfficiency: APT / (APT + setUp + delay),
    oee: availability * effectiveness * qualityRatio,
    netEquipmentEffectiveness: ((APT + setUp) / PBT) * effectiveness * qualityRatio,
    availability,
    effectiveness,
    qualityRatio,
    setupRatio: setUp / (APT + setUp),
    technicalEfficiency: APT / (APT + delay),
    reworkRatio: RQ / PQ,
    equipmentLoadRatio: PQ / (PBT / (ideal / PQ)),
    meanOperatingTimeBetweenFailures: (APT + setUp + failed) / (FE + 1),
    meanTimeToFailure: (APT + setUp) / (FE + 1),
    meanTimeToRestoration: failed / (FE + 1),
    correctiveMaintenanceRatio: failed / (failed + maintenance),
  };
}

function requireEqual(ours: readonly (readonly IndicatorValue[])[], plain: readonly ElementValues[]): void {
  for (const [n, expected] of plain.entries())
    for (const { indicator, value } of ours[n]!) {
      const other = expected[indicator.id];
      if (value !== other) throw new Error(`${indicator.id} of unit ${n}: ${value}, the plain program has ${other}`);
    }
}
