import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmRule } from "@doppelwerk/operations";
import type { AlarmFold, Connections } from "@doppelwerk/ports";
import { LIVE, quality, SECOND, type Instant, type Quality, type RecordId, type SignalRecord } from "@doppelwerk/world";
import type { LimitedValue } from "../contract.ts";
import type { ConnectionFact, PlaceFacts, SignalFact } from "../model/place-facts.ts";
import type { Place } from "../model/place.ts";

/** Signals of which values against limits are looked at in one answer. */
const MAX_VALUES = 500;

export interface AskedFacts {
  readonly view: PlantView;
  readonly within: readonly Place[];
  readonly at: Instant;
  /** False: live. */
  readonly past: boolean;
}

/** A reading of a signal now, or at the instant asked for. */
type Reading = { readonly value: number; readonly text?: string; readonly quality: Quality } | undefined;

export interface PlacedSignal {
  readonly signal: SignalRecord;
  readonly shell: string;
  readonly reading: Reading;
}

/** Signals of the plant at the places that the principal may read, with their readings; what is concluded of them is no signal of the plant. */
export async function placedSignals({ view, within, at, past }: AskedFacts): Promise<readonly PlacedSignal[]> {
  const shells = new Set(within.map(({ shell }) => shell));
  const signals = view.signals().filter(({ shell, connection }) => connection !== undefined && shell !== undefined && shells.has(shell));
  const keys = past ? signals.map(({ id }) => ({ branch: LIVE, signal: id })) : [];
  const samples = past ? await view.history.at(keys, at) : [];
  return signals.map((signal, index) => ({ signal, shell: signal.shell!, reading: past ? samples[index] : liveReading(view, signal.id) }));
}

function liveReading(view: PlantView, id: RecordId): Reading {
  const sample = view.live(id);
  if (sample === undefined) return undefined;
  const { value, quality: held } = sample;
  return { value: typeof value === "number" ? value : Number.NaN, ...(typeof value === "string" && { text: value }), quality: held };
}

export function signalFact({ signal, shell, reading }: PlacedSignal): SignalFact {
  const health = reading === undefined ? "silent" : HEALTH[reading.quality];
  return { shell, connection: signal.connection, health };
}

const HEALTH = { [quality.good]: "good", [quality.uncertain]: "uncertain", [quality.bad]: "bad" } as const;

/** Active alarms and others that are known at the instant, of which every input may be read. */
export async function alarmFacts(
  fold: AlarmFold | undefined,
  rules: readonly AlarmRule[],
  asked: AskedFacts,
): Promise<PlaceFacts["alarms"]> {
  const known = (await fold?.at(asked.past ? asked.at : undefined)) ?? [];
  const shellOf = shellOfAlarm(rules, asked);
  const delays = new Map(rules.map(({ id, onDelayS }) => [id, onDelayS * SECOND]));
  return known
    .filter(({ inputs }) => inputs.every((signal) => asked.view.mayReadSignal(signal)))
    .map(({ alarm, inputs }) => {
      const delay = delays.get(alarm.rule) ?? 0;
      return { alarm, shell: shellOf(alarm, inputs), ...(delay > 0 && { began: alarm.since - delay }) };
    });
}

/** Where an alarm is: as its rule says, else where its signals are, else at the station that it names. */
export function shellOfAlarm(rules: readonly AlarmRule[], { view, within }: Pick<AskedFacts, "view" | "within">) {
  const shells = new Set(within.map(({ shell }) => shell));
  const ofRule = new Map(rules.flatMap(({ id, shell }) => (shell !== undefined && shells.has(shell) ? [[id, shell] as const] : [])));
  const ofStation = new Map(within.map(({ idShort, shell }) => [idShort, shell]));
  return ({ rule, station }: { readonly rule: string; readonly station: string }, inputs: readonly RecordId[]): string | undefined =>
    ofRule.get(rule) ??
    inputs.map((id) => view.signal(id)?.shell).find((shell) => shell !== undefined && shells.has(shell)) ??
    ofStation.get(station);
}

/** Connections that the principal may see; of the past it is not known how they stood. */
export async function connectionFacts(plants: Connections | undefined, { view, past }: AskedFacts): Promise<readonly ConnectionFact[]> {
  if (plants === undefined || past) return [];
  const documents = view.documents.reader(LIVE);
  return (await plants.list())
    .filter(({ id, enabled }) => enabled !== false && documents.get(id) !== undefined)
    .map(({ id, name, state, since }) => ({ id, name, state, since }));
}

/** Measured numbers against the limits of their alarm rules, else their display band. Counters say nothing by their size. */
export function valueFacts(signals: readonly PlacedSignal[], rules: readonly AlarmRule[]): PlaceFacts["values"] {
  const limits = limitsOf(rules);
  return signals
    .filter(({ signal: { valueType, counter, unit, connection, low, high, id } }) => {
      const isNumber = valueType === "double" || valueType === "integer";
      return (
        isNumber &&
        connection !== undefined &&
        counter === undefined &&
        (limits.has(id) || unit !== undefined || low !== undefined || high !== undefined)
      );
    })
    .toSorted((a, b) => Number(limits.has(b.signal.id)) - Number(limits.has(a.signal.id)))
    .slice(0, MAX_VALUES)
    .map(({ signal, shell, reading }) => ({ shell, value: limitedValue(signal, reading, limits.get(signal.id)) }));
}

interface Limits {
  readonly low?: number;
  readonly high?: number;
}

function limitsOf(rules: readonly AlarmRule[]): ReadonlyMap<RecordId, Limits> {
  const limits = new Map<RecordId, Limits>();
  for (const { condition, enabled } of rules)
    if (enabled && (condition.kind === "high" || condition.kind === "low") && condition.signal !== undefined) {
      const held = limits.get(condition.signal);
      const other = held?.[condition.kind];
      // of several rules the limit that is reached first
      const limit =
        other === undefined
          ? condition.limit
          : condition.kind === "high"
            ? Math.min(other, condition.limit)
            : Math.max(other, condition.limit);
      limits.set(condition.signal, { ...held, [condition.kind]: limit });
    }
  return limits;
}

function limitedValue({ id, name, names, unit, low, high }: SignalRecord, reading: Reading, limits: Limits | undefined): LimitedValue {
  const isKnown = reading !== undefined && reading.quality !== quality.bad && Number.isFinite(reading.value);
  const bounds = limits ?? { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
  return {
    signal: id,
    name,
    ...(names && { names }),
    ...(unit !== undefined && { unit }),
    ...(isKnown && { value: reading.value }),
    ...bounds,
    state: isKnown ? (limits === undefined ? "normal" : stateOf(reading.value, limits)) : "unknown",
    isAlarmed: limits !== undefined,
  };
}

function stateOf(value: number, { low, high }: Limits): LimitedValue["state"] {
  if (high !== undefined && value > high) return "high";
  return low !== undefined && value < low ? "low" : "normal";
}
