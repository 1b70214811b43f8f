import { quality, type Instant, type SampleSink } from "@doppelwerk/world";
import type { AlarmEngine } from "../alarms/alarm-engine.ts";
import {
  breakCounter,
  freshCounter,
  readCounter,
  type CounterDeclaration,
  type CounterEvent,
  type CounterMemory,
} from "../counters/counter.ts";
import type { HistoryExtract } from "../history-extract/history-extract.ts";
import type { CountRole } from "../kpis/kpi-definition.ts";
import type { RawRole, StateEngine } from "../states/state-engine.ts";
import type { LineTracker } from "../tracking/line-tracker.ts";
import {
  STATION_ROLES,
  type LineDefinition,
  type SignalBinding,
  type StationDefinition,
  type StationRole,
} from "../definition/line-definition.ts";

export interface LineDispatch {
  /** Wanted signals; a sample's slot is the position here. Roles come in the order in which samples of one instant are read. */
  readonly signals: readonly string[];
  readonly sample: SampleSink;
  snapshot(): { readonly counters: readonly CounterMemory[]; readonly products: Readonly<Record<string, string>> };
  restore(state: { readonly counters: readonly CounterMemory[]; readonly products: Readonly<Record<string, string>> }): void;
}

export interface DispatchTargets {
  readonly states: StateEngine;
  readonly tracker: LineTracker;
  readonly alarms: AlarmEngine | undefined;
  readonly extract: HistoryExtract | undefined;
  readonly counter: (event: CounterEvent) => void;
  readonly counted: CountSink;
}

/** Parts that a station counted, of the product that it then had; `acrossGap`: made at some time of a gap. */
// oxlint-disable-next-line max-params -- once a sample, without an object
export type CountSink = (
  station: string,
  role: CountRole,
  delta: number,
  product: string | undefined,
  acrossGap: boolean,
  at: Instant,
) => void;

type Action = "state" | "product" | "partIn" | "componentIn" | "partOut" | "cycle" | "count" | "heard";

/** One use of a signal by the line. */
interface Use {
  readonly action: Action;
  readonly station: string;
  readonly unit: number;
  readonly role: StationRole | "ItemState" | "process";
  readonly counter: number;
  readonly declared: CounterDeclaration | undefined;
}

/** Sends each sample to what it means: states, parts, counts, cycles, alarms. */
export function createLineDispatch(definition: LineDefinition, targets: DispatchTargets): LineDispatch {
  const { states, tracker, alarms, extract, counted } = targets;
  const slots = new Map<string, Use[]>();
  const use = (signal: string, entry: Use) => slots.set(signal, [...(slots.get(signal) ?? []), entry]);
  let counters: CounterMemory[] = [];
  let products: Record<string, string> = {};
  const stationUnit = new Map(states.units.flatMap((unit, index) => (unit.place === undefined ? [[unit.station, index] as const] : [])));
  const placeUnit = new Map(
    states.units.flatMap((unit, index) => (unit.place === undefined ? [] : [[`${unit.station}/${unit.place}`, index] as const])),
  );

  for (const role of STATION_ROLES) {
    for (const station of definition.stations) {
      const signal = station.signals[role];
      if (!signal) continue;
      const action = actionOf(role, signal);
      const counter = action === "count" ? counters.push(freshCounter()) - 1 : -1;
      use(signal.id, {
        action,
        station: station.id,
        unit: stationUnit.get(station.id)!,
        role,
        counter,
        declared: counter < 0 ? undefined : declarationOf(station, signal),
      });
    }
  }
  for (const station of definition.stations) {
    for (const [place, signal] of (station.placeSignals ?? []).entries()) {
      use(signal.id, {
        action: "state",
        station: station.id,
        unit: placeUnit.get(`${station.id}/${place}`)!,
        role: "ItemState",
        counter: -1,
        declared: undefined,
      });
    }
    // Process values are taken only where they keep the station from being silent.
    const unit = stationUnit.get(station.id)!;
    if (states.units[unit]!.alive === undefined) continue;
    for (const signal of station.processValues)
      use(signal.id, { action: "heard", station: station.id, unit, role: "process", counter: -1, declared: undefined });
  }
  const signals = [...new Set([...slots.keys(), ...(alarms?.signals ?? [])])];
  const usesOf = signals.map((signal) => slots.get(signal) ?? []);
  const alarmOf = signals.map((signal) => alarms?.signals.indexOf(signal) ?? -1);

  // the counts of parts that leave a station
  const outOf = new Map<string, readonly StationRole[]>(
    definition.stations.map(({ id, signals: { Total, PartOut, Good } }) => {
      if (Total) return [id, ["Total"]];
      if (PartOut && actionOf("PartOut", PartOut) === "count") return [id, ["PartOut"]];
      return [id, Good ? ["Good", "Reject"] : []];
    }),
  );

  function count(entry: Use, value: number, sampleQuality: number, at: Instant): void {
    const memory = counters[entry.counter]!;
    if (sampleQuality === quality.bad || Number.isNaN(value)) {
      breakCounter(memory);
      return;
    }
    const before = memory.value;
    readCounter(entry.declared!, memory, value, at);
    const { station } = entry;
    const role = entry.role as StationRole;
    if (memory.kind === "rollOver" || memory.kind === "reset" || memory.kind === "jump") {
      targets.counter({ station, role, kind: memory.kind, at, from: before, to: value, delta: memory.delta });
    }
    if (memory.delta <= 0) return;
    if (memory.acrossGap) targets.counter({ station, role, kind: "gap", at, from: before, to: value, delta: memory.delta });
    if (role === "Total" || role === "Good" || role === "Reject")
      counted(station, role, memory.delta, tracker.finishedProduct(station, at) ?? products[station], memory.acrossGap, at);
    if (outOf.get(station)!.includes(role)) tracker.countedOut(station, memory.delta, at);
    if (role === "Reject") tracker.rejected(station, memory.delta, at);
    else if (role === "PartIn") tracker.countedIn(station, memory.delta, at);
  }

  function act(entry: Use, value: number, text: string | undefined, sampleQuality: number, at: Instant): void {
    const good = sampleQuality !== quality.bad;
    switch (entry.action) {
      case "state":
        return states.sample(entry.unit, entry.role as RawRole, value, text, sampleQuality, at);
      case "count":
        return count(entry, value, sampleQuality, at);
      case "product":
        if (!good) return;
        if (text === undefined || text === "") delete products[entry.station];
        else products[entry.station] = text;
        states.product(entry.station, products[entry.station]);
        return tracker.product(entry.station, products[entry.station]);
      case "partIn":
        if (good && text) tracker.partIn(entry.station, text, at);
        return;
      case "componentIn":
        if (good && text) tracker.componentIn(entry.station, text, at);
        return;
      case "partOut":
        if (good && text) tracker.partOut(entry.station, text, at);
        return;
      case "cycle": {
        if (!good || Number.isNaN(value) || !extract) return;
        const current = states.current(entry.unit);
        return extract.cycle(
          entry.station,
          value,
          tracker.finishedProduct(entry.station, at) ?? products[entry.station],
          at,
          current.state === "working" ? undefined : current.since,
        );
      }
      case "heard":
        return;
    }
  }

  return {
    signals,
    sample: (slot, value, text, sampleQuality, at) => {
      for (const entry of usesOf[slot]!) {
        if (sampleQuality !== quality.bad) states.heard(entry.unit, at);
        act(entry, value, text, sampleQuality, at);
      }
      const alarm = alarmOf[slot]!;
      if (alarm >= 0) alarms!.sample(alarm, value, text, sampleQuality, at);
    },
    snapshot: () => JSON.parse(JSON.stringify({ counters, products })) as { counters: CounterMemory[]; products: Record<string, string> },
    restore: (state) => {
      counters = JSON.parse(JSON.stringify(state.counters)) as CounterMemory[];
      products = { ...state.products };
    },
  };
}

function actionOf(role: StationRole, signal: SignalBinding): Action {
  switch (role) {
    case "Product":
      return "product";
    case "PartIn":
      return signal.valueType === "string" ? "partIn" : "count";
    case "ComponentIn":
      return "componentIn";
    case "PartOut":
      return signal.valueType === "string" ? "partOut" : "count";
    case "LastCycle":
      return "cycle";
    case "Total":
    case "Good":
    case "Reject":
      return "count";
    default:
      return "state";
  }
}

/** Faster than four times the ideal rate nothing is made. A width that somebody declared counts before that of the type. */
function declarationOf(station: StationDefinition, signal: SignalBinding): CounterDeclaration {
  const mostPerS = station.idealCycleS > 0 ? (4 * station.places) / station.idealCycleS : 1;
  return {
    type: signal.counter?.type ?? "totaliser",
    width: signal.counter?.width ?? signal.unsignedBits,
    mostPerS,
    aliveS: signal.aliveS,
  };
}
