import { message } from "@doppelwerk/messages";
import { DoppelwerkError, MINUTE, SECOND, quality, type Instant } from "@doppelwerk/world";
import type { StationState } from "../definition/station-state.ts";
import { entryAfter, sortedList, type AlarmEntry, type AlarmEvent, type AlarmList } from "./alarm-list.ts";
import { alarmRuleProblems, signalsOfCondition, type AlarmCondition, type AlarmRule } from "./alarm-rule.ts";
import { ALARM_TRANSITIONS, type AlarmAction, type AlarmState } from "./alarm-transition.ts";
import { actsAtSource, type AsideAtSource } from "./at-source.ts";
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

interface RuleMemory extends AsideAtSource {
  state: AlarmState;
  /** The bare condition, and since when. */
  raw: boolean;
  since: Instant;
  /** The condition after its delays. */
  active: boolean;
  instance: number;
  value?: number | string;
  /** Number of the place of the station whose state it is, from 1. */
  place?: number;
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

/** Who acknowledges what came and went before anyone could. */
export const UNATTENDED = { actor: "system", reason: "before recording began" } as const;

type StateCondition = Extract<AlarmCondition, { readonly kind: "state" }>;

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
  return new RunningAlarms(allRules, { emit, attendedFrom, beginnings });
}

interface Surroundings {
  readonly emit: (event: AlarmEvent) => void;
  readonly attendedFrom: Instant;
  readonly beginnings: RuleBeginnings;
}

class RunningAlarms implements AlarmEngine {
  readonly rules: readonly AlarmRule[];
  readonly refused: AlarmEngine["refused"];
  readonly signals: readonly string[];
  readonly #around: Surroundings;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #slotOf: ReadonlyMap<string, number>;
  readonly #rulesOfSignal: readonly (readonly number[])[];
  #memories: RuleMemory[];
  #last: (number | string | undefined)[];
  #entries = new Map<string, AlarmEntry>();
  #lastRaised = -FIRST_OUT * 2;
  #began = 0;
  #due: Instant;

  constructor(allRules: readonly AlarmRule[], around: Surroundings) {
    this.#around = around;
    const { since } = around.beginnings;
    this.refused = allRules
      .map((rule) => ({ rule: rule.id, problems: alarmRuleProblems(rule) }))
      .filter((entry) => entry.problems.length > 0);
    const isRefused = new Set(this.refused.map(({ rule }) => rule));
    this.rules = allRules.filter((rule) => rule.enabled && !isRefused.has(rule.id));
    this.#indexOf = new Map(this.rules.map(({ id }, index) => [id, index]));
    this.signals = [...new Set(this.rules.flatMap((rule) => signalsOfCondition(rule.condition)))];
    this.#slotOf = new Map(this.signals.map((signal, slot) => [signal, slot]));
    const rulesOfSignal = this.signals.map((): number[] => []);
    for (const [index, { condition }] of this.rules.entries())
      for (const signal of new Set(signalsOfCondition(condition))) rulesOfSignal[this.#slotOf.get(signal)!]!.push(index);
    this.#rulesOfSignal = rulesOfSignal;
    this.#memories = this.rules.map(({ id }) => freshMemory(since.has(id)));
    this.#last = this.signals.map(() => undefined);
    this.#due = this.rules.reduce((first, { id }) => Math.min(first, since.get(id) ?? Infinity), Infinity);
  }

  due(): Instant {
    return this.#due;
  }

  sample(slot: number, value: number, text: string | undefined, sampleQuality: number, at: Instant): void {
    if (this.#began === 0) this.#begin(at);
    const good = sampleQuality !== quality.bad;
    if (!good) return;
    this.#last[slot] = text ?? value;
    for (const index of this.#rulesOfSignal[slot]!) {
      const memory = this.#memories[index]!;
      if (!memory.suppressed && !memory.asleep) this.#judge(index, memory, value, text, at);
    }
  }

  // oxlint-disable-next-line max-params -- once a sample and rule, without an object
  #judge(index: number, memory: RuleMemory, value: number, text: string | undefined, at: Instant): void {
    const { condition } = this.rules[index]!;
    if (condition.kind === "noData") {
      memory.heard = Math.max(memory.heard, at);
      this.#due = Math.min(this.#due, memory.heard + condition.afterS * SECOND);
      this.#setRaw(index, false, at);
      return;
    }
    const raw = this.#holds(condition, memory.raw, value, text);
    if (raw === undefined) return;
    if (raw && condition.kind !== "condition") memory.value = text ?? value;
    this.#setRaw(index, raw, at);
    if (condition.kind !== "condition") return;
    const rule = this.rules[index]!.id;
    for (const act of actsAtSource(value, memory)) {
      const isBack = act.action === "unshelve" || act.action === "unsuppress";
      // what a person set aside here stays so
      if (isBack && this.#entries.get(rule)?.actor === act.actor) this.#back(index, at, { rule, ...act });
      else if (!isBack) this.#step(index, act.action, at, { rule, ...act });
    }
  }

  stationState(station: string, states: readonly StationState[], at: Instant): void {
    if (this.#began === 0) this.#begin(at);
    for (let index = 0; index < this.rules.length; index++) {
      const rule = this.rules[index]!;
      if (this.#memories[index]!.asleep) continue;
      if (rule.condition.kind === "state" && rule.condition.station === station) this.#judgeStates(index, rule.condition, states, at);
      if ((rule.suppressedBy ?? rule.station) === station && rule.suppressedIn.length > 0) this.#suppress(index, states[0], at);
    }
  }

  #judgeStates(index: number, condition: StateCondition, states: readonly StationState[], at: Instant): void {
    const memory = this.#memories[index]!;
    const own = condition.of === "anyPlace" ? states.slice(1) : states.slice(0, 1);
    if (isOfStop(memory) && own.length > 0 && own.every((state) => state === "break")) return;
    const slot = own.findIndex((state) => condition.states.includes(state));
    if (slot >= 0) memory.value = own[slot]!;
    // the first place keeps the alarm while it lasts, others may fail meanwhile
    if (slot >= 0 && condition.of === "anyPlace" && !memory.raw) memory.place = slot + 1;
    this.#setRaw(index, slot >= 0, at);
  }

  #suppress(index: number, state: StationState = "unknown", at: Instant): void {
    const rule = this.rules[index]!;
    const memory = this.#memories[index]!;
    const suppressed = rule.suppressedIn.includes(state);
    if (suppressed === memory.suppressed) return;
    // an alarm of a stop that goes on through the break stays the one that it is
    if (suppressed && state === "break" && rule.condition.kind === "state" && isOfStop(memory)) return;
    memory.suppressed = suppressed;
    this.#step(index, suppressed ? "suppress" : "unsuppress", at);
    // What was measured while it was suppressed says nothing about now: the condition begins again with the next value.
    if (rule.condition.kind === "state") {
      if (!suppressed && memory.active && memory.raw) this.#follow(index, at);
      return;
    }
    memory.raw = false;
    memory.active = false;
    if (rule.condition.kind === "noData") {
      memory.heard = at;
      this.#due = Math.min(this.#due, at + rule.condition.afterS * SECOND);
    }
  }

  fire(at: Instant): void {
    this.#due = Infinity;
    for (let index = 0; index < this.rules.length; index++) {
      const rule = this.rules[index]!;
      const memory = this.#memories[index]!;
      const since = memory.asleep ? (this.#around.beginnings.since.get(rule.id) ?? 0) : 0;
      if (since > at) {
        this.#due = Math.min(this.#due, since);
        continue;
      }
      if (memory.asleep) this.#wake(index, Math.max(since, 0));
      if (rule.condition.kind === "noData" && this.#began > 0 && !memory.raw && !memory.suppressed) {
        const silent = memory.heard + rule.condition.afterS * SECOND;
        if (silent <= at) this.#setRaw(index, true, silent);
        else this.#due = Math.min(this.#due, silent);
      }
      this.#settle(index, at);
      if (memory.until === undefined) continue;
      if (memory.until > at) this.#due = Math.min(this.#due, memory.until);
      else this.#back(index, memory.until, { rule: rule.id, action: "unshelve", actor: "system", reason: "expired" });
    }
  }

  act(action: OperatorAction, at: Instant): AlarmEvent | undefined {
    const index = this.#indexOf.get(action.rule);
    if (index === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("operations.noAlarmRule", { rule: action.rule }));
    if (action.action === "shelve" && (!action.reason?.trim() || action.until === undefined || action.until <= at)) {
      throw new DoppelwerkError("DW_INVALID", message("operations.shelvingAlarmNeedsReasonEndFuture"), { rule: action.rule });
    }
    if (action.action === "unshelve" || action.action === "unsuppress" || action.action === "putBack") return this.#back(index, at, action);
    const event = this.#step(index, action.action, at, action);
    if (event && action.until !== undefined) this.#due = Math.min(this.#due, action.until);
    return event;
  }

  list(): AlarmList {
    return sortedList([...this.#entries.values()]);
  }

  snapshot(): AlarmEngineState {
    return JSON.parse(
      JSON.stringify({
        memories: this.#memories,
        last: this.#last.map((value) => (value === undefined || (typeof value === "number" && Number.isNaN(value)) ? null : value)),
        entries: [...this.#entries.values()],
        lastRaised: this.#lastRaised,
        began: this.#began,
      }),
    ) as AlarmEngineState;
  }

  restore(state: AlarmEngineState): void {
    const copy = JSON.parse(JSON.stringify(state)) as AlarmEngineState;
    this.#memories = copy.memories;
    this.#last = copy.last.map((value) => value ?? undefined);
    this.#entries = new Map(copy.entries.map((entry) => [entry.rule, entry]));
    this.#lastRaised = copy.lastRaised;
    this.#began = copy.began;
    // The next `fire` finds out what is due.
    this.#due = this.#began === 0 && !this.#memories.some(({ asleep }) => asleep) ? Infinity : 0;
  }

  #begin(at: Instant): void {
    this.#began = at;
    for (const [index, rule] of this.rules.entries()) {
      if (rule.condition.kind !== "noData" || this.#memories[index]!.asleep) continue;
      this.#memories[index]!.heard = at;
      this.#due = Math.min(this.#due, at + rule.condition.afterS * SECOND);
    }
  }

  /** Undefined where the value says nothing. The deadband widens the way back. */
  #holds(condition: AlarmCondition, held: boolean, value: number, text: string | undefined): boolean | undefined {
    switch (condition.kind) {
      case "high":
        return Number.isNaN(value) ? undefined : value > condition.limit - (held ? condition.deadband : 0);
      case "low":
        return Number.isNaN(value) ? undefined : value < condition.limit + (held ? condition.deadband : 0);
      case "deviation": {
        const measured = this.#last[this.#slotOf.get(condition.signal)!];
        const target = condition.reference === undefined ? condition.target : this.#last[this.#slotOf.get(condition.reference)!];
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
  #wake(index: number, at: Instant): void {
    const { condition, ...rule } = this.rules[index]!;
    const memory = this.#memories[index]!;
    delete memory.asleep;
    const stations = new Set([...(condition.kind === "state" ? [condition.station] : []), rule.suppressedBy ?? rule.station]);
    for (const station of stations) {
      const states = station === undefined ? [] : this.#around.beginnings.statesOf(station);
      if (states.length > 0) this.stationState(station!, states, at);
    }
    if (condition.kind === "noData") memory.heard = at;
    if (condition.kind === "noData" || condition.kind === "state" || memory.suppressed) return;
    const value = this.#last[this.#slotOf.get(condition.signal)!];
    const raw =
      value !== undefined &&
      this.#holds(condition, false, typeof value === "number" ? value : Number.NaN, typeof value === "string" ? value : undefined);
    if (!raw) return;
    if (condition.kind !== "condition") memory.value = value;
    this.#setRaw(index, true, at);
  }

  #setRaw(index: number, raw: boolean, at: Instant): void {
    const memory = this.#memories[index]!;
    if (raw === memory.raw) return;
    memory.raw = raw;
    memory.since = at;
    this.#settle(index, at);
  }

  /** Applies the condition when its delay is over, else leaves it to `fire`. */
  #settle(index: number, at: Instant): void {
    const memory = this.#memories[index]!;
    if (memory.raw === memory.active) return;
    const ready = memory.since + delayOf(this.rules[index]!, memory.raw);
    if (ready > at) {
      this.#due = Math.min(this.#due, ready);
      return;
    }
    memory.active = memory.raw;
    this.#follow(index, Math.max(ready, memory.since));
  }

  /** The process side: says what the condition, after delays and suppression, means in the present state. */
  #follow(index: number, at: Instant): void {
    if (this.#memories[index]!.active) this.#step(index, "alarm", at);
    else if (this.#step(index, this.rules[index]!.latching ? "latchedReturn" : "return", at)) this.#acknowledgeUnattended(index);
  }

  #acknowledgeUnattended(index: number): void {
    const { state, changedAt } = this.#memories[index]!;
    if (changedAt >= this.#around.attendedFrom) return;
    const action = state === "returnedUnacknowledged" ? "acknowledge" : state === "latched" ? "reset" : undefined;
    if (action) this.#step(index, action, changedAt, { rule: this.rules[index]!.id, action, ...UNATTENDED });
  }

  /** Out of shelved, suppressed or out of service: what holds annunciates again. */
  #back(index: number, at: Instant, by: OperatorAction): AlarmEvent | undefined {
    const event = this.#step(index, by.action, at, by);
    if (event && this.#memories[index]!.suppressed) this.#step(index, "suppress", at);
    else if (event && this.#memories[index]!.active) this.#follow(index, at);
    return event;
  }

  #step(index: number, action: AlarmAction, when: Instant, by?: OperatorAction): AlarmEvent | undefined {
    const rule = this.rules[index]!;
    const memory = this.#memories[index]!;
    const at = Math.max(when, memory.changedAt);
    const from = memory.state;
    const state = ALARM_TRANSITIONS[from][action];
    if (state === from) return undefined;
    memory.state = state;
    memory.changedAt = at;
    const raised = action === "alarm";
    if (raised && from === "normal") memory.instance += 1;
    const known = this.#entries.get(rule.id);
    const firstOut = raised ? at - this.#lastRaised > FIRST_OUT : (known?.firstOut ?? false);
    if (raised) this.#lastRaised = at;
    if (state === "shelved") memory.until = by?.until;
    else delete memory.until;
    const event: AlarmEvent = {
      rule: rule.id,
      instance: `${this.#instanceOf(rule.id)}#${memory.instance}`,
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
      ...(memory.place === undefined ? {} : { place: memory.place }),
      firstOut,
      ...(by ? { actor: by.actor } : {}),
      ...(by?.reason === undefined ? {} : { reason: by.reason }),
      ...(by?.until === undefined ? {} : { until: by.until }),
    };
    const entry = entryAfter(known, event);
    if (entry) this.#entries.set(rule.id, entry);
    else this.#entries.delete(rule.id);
    this.#around.emit(event);
    return event;
  }

  /** Annunciations of an edited rule are counted from one again. */
  #instanceOf(id: string): string {
    const since = this.#around.beginnings.since.get(id);
    return since === undefined ? id : `${id}@${since}`;
  }
}

/** An alarm of a stop: in a break nobody knows whether that is over, so it holds until the first state after the break. */
function isOfStop({ raw, active, value }: RuleMemory): boolean {
  return raw && active && (value === "failed" || value === "microStop" || value === "maintenance");
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
