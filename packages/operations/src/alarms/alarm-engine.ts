import { message } from "@doppelwerk/messages";
import { DoppelwerkError, MINUTE, SECOND, quality, type Instant } from "@doppelwerk/world";
import type { StationState } from "../definition/station-state.ts";
import { entryAfter, sortedList, type AlarmEntry, type AlarmEvent, type AlarmList } from "./alarm-list.ts";
import { alarmRuleProblems, type AlarmCondition, type AlarmRule } from "./alarm-rule.ts";
import { ALARM_TRANSITIONS, type AlarmAction, type AlarmState } from "./alarm-transition.ts";
import type { OperatorAction } from "./operator-action.ts";

export interface AlarmEngine {
  /** Rules that may annunciate; the others are named by `refused`. */
  readonly rules: readonly AlarmRule[];
  readonly refused: readonly { readonly rule: string; readonly problems: readonly string[] }[];
  /** Signals the conditions need, in the order of the index that `sample` takes. */
  readonly signals: readonly string[];
  sample(signal: number, value: number, text: string | undefined, sampleQuality: number, at: Instant): void;
  /** The states of a station from `at` on: its own first, then those of its places. */
  stationState(station: string, states: readonly StationState[], at: Instant): void;
  due(): Instant;
  fire(at: Instant): void;
  /** Refuses with DW_INVALID (a shelve without reason or end) or DW_NOT_FOUND; undefined when it changes nothing. */
  act(action: OperatorAction, at: Instant): AlarmEvent | undefined;
  list(): AlarmList;
  snapshot(): AlarmEngineState;
  restore(state: AlarmEngineState): void;
}

interface RuleMemory {
  state: AlarmState;
  /** The bare condition, and since when. */
  raw: boolean;
  since: Instant;
  /** The condition after its delays. */
  active: boolean;
  instance: number;
  value?: number | string;
  until?: Instant;
  suppressed: boolean;
  heard: Instant;
  /** Last event: a person may act while the samples of that moment are still on their way, and history keeps the order of events. */
  changedAt: Instant;
  /** Nothing is judged by the rule yet: it holds from a later instant. */
  asleep?: true;
}

/** Since when rules hold that did not always, and the states of a station as they are. */
export interface RuleBeginnings {
  readonly since: ReadonlyMap<string, Instant>;
  statesOf(station: string): readonly StationState[];
}

export interface AlarmEngineState {
  readonly memories: RuleMemory[];
  readonly last: (number | string | null)[];
  readonly entries: AlarmEntry[];
  readonly lastRaised: Instant;
  readonly began: Instant;
}

/** Alarms within this time after another one belong to the same upset; the first is marked. */
const FIRST_OUT: Instant = MINUTE;

/** Of a condition of the plant, and who acknowledges it when the plant says so. */
const UNACKNOWLEDGED = 2;
const AT_SOURCE = { actor: "plant", reason: "acknowledged at the source" } as const;

/** Who acknowledges what came and went before anyone could. */
const UNATTENDED = { actor: "system", reason: "before recording began" } as const;

/**
 * ISA-18.2 / IEC 62682 over samples and station states. `emit` gets every step in order of time. Before `attendedFrom` nobody could act on an alarm:
 * one that returns by then is acknowledged, a latched one reset, at its return; what is active at that instant stays.
 */
export function createAlarmEngine(
  allRules: readonly AlarmRule[],
  emit: (event: AlarmEvent) => void,
  attendedFrom: Instant = -Infinity,
  beginnings: RuleBeginnings = { since: new Map(), statesOf: () => [] },
): AlarmEngine {
  const refused = allRules
    .map((rule) => ({ rule: rule.id, problems: alarmRuleProblems(rule) }))
    .filter((entry) => entry.problems.length > 0);
  const isRefused = new Set(refused.map(({ rule }) => rule));
  const rules = allRules.filter((rule) => rule.enabled && !isRefused.has(rule.id));
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const signals = [...new Set(rules.flatMap((rule) => signalsOf(rule.condition)))];
  const slotOf = new Map(signals.map((signal, slot) => [signal, slot]));
  const rulesOfSignal = signals.map((): number[] => []);
  for (const [index, { condition }] of rules.entries())
    for (const signal of new Set(signalsOf(condition))) rulesOfSignal[slotOf.get(signal)!]!.push(index);
  let memories: RuleMemory[] = rules.map(({ id }) => freshMemory(beginnings.since.has(id)));
  let last: (number | string | undefined)[] = signals.map(() => undefined);
  let entries = new Map<string, AlarmEntry>();
  let lastRaised = -FIRST_OUT * 2;
  let began = 0;
  let due: Instant = rules.reduce((first, { id }) => Math.min(first, beginnings.since.get(id) ?? Infinity), Infinity);

  function step(index: number, action: AlarmAction, when: Instant, by?: OperatorAction): AlarmEvent | undefined {
    const rule = rules[index]!;
    const memory = memories[index]!;
    const at = Math.max(when, memory.changedAt);
    const from = memory.state;
    const state = ALARM_TRANSITIONS[from][action];
    if (state === from) return undefined;
    memory.state = state;
    memory.changedAt = at;
    const raised = action === "alarm";
    if (raised && from === "normal") memory.instance += 1;
    const known = entries.get(rule.id);
    const firstOut = raised ? at - lastRaised > FIRST_OUT : (known?.firstOut ?? false);
    if (raised) lastRaised = at;
    if (state === "shelved") memory.until = by?.until;
    else delete memory.until;
    const event: AlarmEvent = {
      rule: rule.id,
      instance: `${instanceOf(rule.id)}#${memory.instance}`,
      action,
      from,
      state,
      instant: at,
      ...(raised || !known ? {} : { raisedAt: known.raisedAt }),
      priority: rule.priority,
      title: rule.title,
      ...(rule.shell === undefined ? {} : { shell: rule.shell }),
      ...(rule.station === undefined ? {} : { station: rule.station }),
      ...(memory.value === undefined ? {} : { value: memory.value }),
      firstOut,
      ...(by ? { actor: by.actor } : {}),
      ...(by?.reason === undefined ? {} : { reason: by.reason }),
      ...(by?.until === undefined ? {} : { until: by.until }),
    };
    const entry = entryAfter(known, event);
    if (entry) entries.set(rule.id, entry);
    else entries.delete(rule.id);
    emit(event);
    return event;
  }

  /** The process side: says what the condition, after delays and suppression, means in the present state. */
  function follow(index: number, at: Instant): void {
    const memory = memories[index]!;
    if (memory.active) step(index, "alarm", at);
    else if (step(index, rules[index]!.latching ? "latchedReturn" : "return", at)) acknowledgeUnattended(index);
  }

  function acknowledgeUnattended(index: number): void {
    const { state, changedAt } = memories[index]!;
    if (changedAt >= attendedFrom) return;
    const action = state === "returnedUnacknowledged" ? "acknowledge" : state === "latched" ? "reset" : undefined;
    if (action) step(index, action, changedAt, { rule: rules[index]!.id, action, ...UNATTENDED });
  }

  function setRaw(index: number, raw: boolean, at: Instant): void {
    const memory = memories[index]!;
    if (raw === memory.raw) return;
    memory.raw = raw;
    memory.since = at;
    settle(index, at);
  }

  /** Applies the condition when its delay is over, else leaves it to `fire`. */
  function settle(index: number, at: Instant): void {
    const memory = memories[index]!;
    if (memory.raw === memory.active) return;
    const ready = memory.since + delayOf(rules[index]!, memory.raw);
    if (ready > at) {
      due = Math.min(due, ready);
      return;
    }
    memory.active = memory.raw;
    follow(index, Math.max(ready, memory.since));
  }

  function sample(slot: number, value: number, text: string | undefined, sampleQuality: number, at: Instant): void {
    if (began === 0) begin(at);
    const good = sampleQuality !== quality.bad;
    if (good) last[slot] = text ?? value;
    for (const index of rulesOfSignal[slot]!) {
      const { condition } = rules[index]!;
      const memory = memories[index]!;
      if (memory.suppressed || memory.asleep) continue;
      if (condition.kind === "noData") {
        if (!good) continue;
        memory.heard = Math.max(memory.heard, at);
        due = Math.min(due, memory.heard + condition.afterS * SECOND);
        setRaw(index, false, at);
        continue;
      }
      // A bad value is no evidence either way: what stands, stands.
      if (!good) continue;
      const raw = holds(condition, memory.raw, value, text);
      if (raw === undefined) continue;
      if (raw && condition.kind !== "condition") memory.value = text ?? value;
      setRaw(index, raw, at);
      if (condition.kind === "condition" && (value & UNACKNOWLEDGED) === 0)
        step(index, "acknowledge", at, { rule: rules[index]!.id, action: "acknowledge", ...AT_SOURCE });
    }
  }

  function begin(at: Instant): void {
    began = at;
    rules.forEach((rule, index) => {
      if (rule.condition.kind !== "noData" || memories[index]!.asleep) return;
      memories[index]!.heard = at;
      due = Math.min(due, at + rule.condition.afterS * SECOND);
    });
  }

  /** Undefined where the value says nothing. The deadband widens the way back. */
  function holds(condition: AlarmCondition, held: boolean, value: number, text: string | undefined): boolean | undefined {
    switch (condition.kind) {
      case "high":
        return Number.isNaN(value) ? undefined : value > condition.limit - (held ? condition.deadband : 0);
      case "low":
        return Number.isNaN(value) ? undefined : value < condition.limit + (held ? condition.deadband : 0);
      case "deviation": {
        const measured = last[slotOf.get(condition.signal)!];
        const target = condition.reference === undefined ? condition.target : last[slotOf.get(condition.reference)!];
        if (typeof measured !== "number" || typeof target !== "number" || Number.isNaN(measured) || Number.isNaN(target)) return undefined;
        return Math.abs(measured - target) > condition.limit - (held ? condition.deadband : 0);
      }
      case "condition":
        return typeof value === "number" && (value & 1) === 1;
      case "value":
        return condition.values.includes(text ?? value);
      default:
        return undefined;
    }
  }

  /** The rule holds from now on: judged at once by the values and states that stand. */
  function wake(index: number, at: Instant): void {
    const { condition, ...rule } = rules[index]!;
    const memory = memories[index]!;
    delete memory.asleep;
    const stations = new Set([...(condition.kind === "state" ? [condition.station] : []), rule.suppressedBy ?? rule.station]);
    for (const station of stations) {
      const states = station === undefined ? [] : beginnings.statesOf(station);
      if (states.length > 0) stationState(station!, states, at);
    }
    if (condition.kind === "noData") memory.heard = at;
    if (condition.kind === "noData" || condition.kind === "state" || memory.suppressed) return;
    const value = last[slotOf.get(condition.signal)!];
    const raw =
      value !== undefined &&
      holds(condition, false, typeof value === "number" ? value : Number.NaN, typeof value === "string" ? value : undefined);
    if (!raw) return;
    if (condition.kind !== "condition") memory.value = value;
    setRaw(index, true, at);
  }

  function stationState(station: string, states: readonly StationState[], at: Instant): void {
    if (began === 0) begin(at);
    rules.forEach((rule, index) => {
      const memory = memories[index]!;
      if (memory.asleep) return;
      if (rule.condition.kind === "state" && rule.condition.station === station) {
        const wanted = rule.condition.states;
        const found = (rule.condition.of === "anyPlace" ? states.slice(1) : states.slice(0, 1)).find((state) => wanted.includes(state));
        if (found) memory.value = found;
        setRaw(index, found !== undefined, at);
      }
      if ((rule.suppressedBy ?? rule.station) !== station || rule.suppressedIn.length === 0) return;
      const suppressed = rule.suppressedIn.includes(states[0] ?? "unknown");
      if (suppressed === memory.suppressed) return;
      memory.suppressed = suppressed;
      step(index, suppressed ? "suppress" : "unsuppress", at);
      // What was measured while it was suppressed says nothing about now: the condition begins anew with the next value.
      if (rule.condition.kind === "state") {
        if (!suppressed && memory.active) follow(index, at);
      } else {
        memory.raw = false;
        memory.active = false;
        if (rule.condition.kind === "noData") {
          memory.heard = at;
          due = Math.min(due, at + rule.condition.afterS * SECOND);
        }
      }
    });
  }

  function fire(at: Instant): void {
    due = Infinity;
    rules.forEach((rule, index) => {
      const memory = memories[index]!;
      const since = memory.asleep ? (beginnings.since.get(rule.id) ?? 0) : 0;
      if (since > at) {
        due = Math.min(due, since);
        return;
      }
      if (memory.asleep) wake(index, Math.max(since, 0));
      if (rule.condition.kind === "noData" && began > 0 && !memory.raw && !memory.suppressed) {
        const silent = memory.heard + rule.condition.afterS * SECOND;
        if (silent <= at) setRaw(index, true, silent);
        else due = Math.min(due, silent);
      }
      settle(index, at);
      if (memory.until === undefined) return;
      if (memory.until > at) due = Math.min(due, memory.until);
      else back(index, memory.until, { rule: rule.id, action: "unshelve", actor: "system", reason: "expired" });
    });
  }

  /** Annunciations of an edited rule are counted anew. */
  function instanceOf(id: string): string {
    const since = beginnings.since.get(id);
    return since === undefined ? id : `${id}@${since}`;
  }

  /** Out of shelved, suppressed or out of service: what holds annunciates anew. */
  function back(index: number, at: Instant, by: OperatorAction): AlarmEvent | undefined {
    const event = step(index, by.action, at, by);
    if (event && memories[index]!.suppressed) step(index, "suppress", at);
    else if (event && memories[index]!.active) follow(index, at);
    return event;
  }

  return {
    rules,
    refused,
    signals,
    sample,
    stationState,
    due: () => due,
    fire,
    act: (action, at) => {
      const index = indexOf.get(action.rule);
      if (index === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("operations.noAlarmRule", { rule: action.rule }));
      if (action.action === "shelve" && (!action.reason?.trim() || action.until === undefined || action.until <= at)) {
        throw new DoppelwerkError("DW_INVALID", message("operations.shelvingAlarmNeedsReasonEndFuture"), { rule: action.rule });
      }
      if (action.action === "unshelve" || action.action === "unsuppress" || action.action === "putBack") return back(index, at, action);
      const event = step(index, action.action, at, action);
      if (event && action.until !== undefined) due = Math.min(due, action.until);
      return event;
    },
    list: () => sortedList([...entries.values()]),
    snapshot: () =>
      JSON.parse(
        JSON.stringify({
          memories,
          last: last.map((value) => (value === undefined || (typeof value === "number" && Number.isNaN(value)) ? null : value)),
          entries: [...entries.values()],
          lastRaised,
          began,
        }),
      ) as AlarmEngineState,
    restore: (state) => {
      const copy = JSON.parse(JSON.stringify(state)) as AlarmEngineState;
      memories = copy.memories;
      last = copy.last.map((value) => value ?? undefined);
      entries = new Map(copy.entries.map((entry) => [entry.rule, entry]));
      lastRaised = copy.lastRaised;
      began = copy.began;
      // The next `fire` finds out what is due.
      due = began === 0 && !memories.some(({ asleep }) => asleep) ? Infinity : 0;
    },
  };
}

function freshMemory(asleep: boolean): RuleMemory {
  return {
    state: "normal",
    raw: false,
    since: 0,
    active: false,
    instance: 0,
    suppressed: false,
    heard: 0,
    changedAt: 0,
    ...(asleep && { asleep }),
  };
}

/** Rules as an engine judges them. */
export interface JudgedRules extends Pick<AlarmEngine, "rules" | "signals"> {
  readonly since: ReadonlyMap<string, Instant>;
}

/**
 * The state of an engine for other rules: what did not change, and holds since the same instant, keeps its alarm; the others begin at theirs. `valueOf`
 * tells the last value of a signal that was not listened to before.
 */
export function carriedAlarmState(
  state: AlarmEngineState,
  before: JudgedRules,
  after: JudgedRules,
  valueOf: (signal: string) => number | string | undefined,
): AlarmEngineState {
  const memoryOf = new Map(before.rules.map((rule, index) => [keyOf(rule, before), state.memories[index]!]));
  const kept = new Set(after.rules.filter((rule) => memoryOf.has(keyOf(rule, after))).map(({ id }) => id));
  const slotBefore = new Map(before.signals.map((signal, slot) => [signal, slot]));
  return {
    ...state,
    memories: after.rules.map((rule) => memoryOf.get(keyOf(rule, after)) ?? freshMemory(after.since.has(rule.id))),
    last: after.signals.map((signal) => {
      const slot = slotBefore.get(signal);
      return slot === undefined ? (valueOf(signal) ?? null) : state.last[slot]!;
    }),
    entries: state.entries.filter(({ rule }) => kept.has(rule)),
  };
}

const keyOf = (rule: AlarmRule, { since }: JudgedRules): string => JSON.stringify([rule, since.get(rule.id) ?? null]);

const delayOf = (rule: AlarmRule, raw: boolean): Instant => (raw ? rule.onDelayS : rule.offDelayS) * SECOND;

function signalsOf(condition: AlarmCondition): readonly string[] {
  switch (condition.kind) {
    case "state":
      return [];
    case "noData":
      return condition.signals;
    case "deviation":
      return condition.reference === undefined ? [condition.signal] : [condition.signal, condition.reference];
    default:
      return [condition.signal];
  }
}
