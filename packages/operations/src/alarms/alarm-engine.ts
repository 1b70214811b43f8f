import { message } from "@doppelwerk/messages";
import { DoppelwerkError, MINUTE, SECOND, quality, type Instant } from "@doppelwerk/world";
import type { StationState } from "../definition/station-state.ts";
import { freshMemory, type AlarmEngineState, type RuleMemory } from "./alarm-engine-state.ts";
import { entryAfter, sortedList, type AlarmEntry, type AlarmEvent, type AlarmList } from "./alarm-list.ts";
import { alarmRuleProblems, signalsOfCondition, signalsOfRule, type AlarmCondition, type AlarmRule } from "./alarm-rule.ts";
import { ALARM_TRANSITIONS, type AlarmAction } from "./alarm-transition.ts";
import { actsAtSource } from "./at-source.ts";
import type { UnknownCondition } from "./conditions/compile.ts";
import { ComputedRules, type RuleEvaluation } from "./conditions/computed-rules.ts";
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
  /** Rules over expressions wait until all samples and states of an instant were taken: then they are judged once. */
  readonly isWaiting: boolean;
  settle(at: Instant): void;
  due(): Instant;
  fire(at: Instant): void;
  /** Refuses with DW_INVALID (a shelve without reason or end) or DW_NOT_FOUND; undefined when it changes nothing. */
  act(action: OperatorAction, at: Instant): AlarmEvent | undefined;
  /** What an act on the alarm of a rule may change, as it is; called, it is so again. */
  remember(rule: string): () => void;
  list(): AlarmList;
  /** Rules that cannot be evaluated, since when and why: neither active nor normal is concluded of them. */
  unevaluated(): readonly RuleEvaluation[];
  snapshot(): AlarmEngineState;
  restore(state: AlarmEngineState): void;
}

/** Since when rules hold that did not always, and the states of a station as they are. */
export interface RuleBeginnings {
  readonly since: ReadonlyMap<string, Instant>;
  statesOf(station: string): readonly StationState[];
  /** Signals that are no more, and since when. */
  readonly gone?: ReadonlyMap<string, Instant>;
  onEvaluation?(evaluation: RuleEvaluation): void;
}

/** Alarms within this time after another one belong to the same upset; the first is marked. */
const FIRST_OUT: Instant = MINUTE;

/** A rule is evaluable again once it was for so long: one that changes all the time is not. */
const EVALUABLE_AFTER: Instant = MINUTE;

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
  #raisedOfGroups = new Map<string, Instant>();
  readonly #computed: ComputedRules;
  readonly #gone: readonly { readonly slot: number; readonly since: Instant }[];
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
    this.signals = [...new Set(this.rules.flatMap(signalsOfRule))];
    this.#slotOf = new Map(this.signals.map((signal, slot) => [signal, slot]));
    const rulesOfSignal = this.signals.map((): number[] => []);
    this.#computed = new ComputedRules(this.rules, this.signals, this.#slotOf, (station) => around.beginnings.statesOf(station)[0]);
    for (const [index, { condition }] of this.rules.entries()) {
      if (this.#computed.judges[index] !== undefined) continue;
      for (const signal of new Set(signalsOfCondition(condition))) rulesOfSignal[this.#slotOf.get(signal)!]!.push(index);
    }
    this.#rulesOfSignal = rulesOfSignal;
    this.#gone = [...(around.beginnings.gone ?? [])].flatMap(([signal, at]) => {
      const slot = this.#slotOf.get(signal);
      return slot === undefined ? [] : [{ slot, since: at }];
    });
    this.#memories = this.rules.map(({ id }) => freshMemory(since.has(id)));
    this.#last = this.signals.map(() => undefined);
    const first = this.#gone.reduce((soonest, { since: at }) => Math.min(soonest, at), Infinity);
    this.#due = this.rules.reduce((soonest, { id }) => Math.min(soonest, since.get(id) ?? Infinity), first);
  }

  due(): Instant {
    return this.#due;
  }

  sample(slot: number, value: number, text: string | undefined, sampleQuality: number, at: Instant): void {
    if (this.#began === 0) this.#begin(at);
    const good = sampleQuality !== quality.bad;
    this.#computed.take(slot, value, text, good);
    if (!good) return;
    this.#last[slot] = text ?? value;
    for (const index of this.#rulesOfSignal[slot]!) {
      const memory = this.#memories[index]!;
      if (memory.unknown) this.#known(index, at);
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

  get isWaiting(): boolean {
    return this.#computed.isWaiting;
  }

  settle(at: Instant): void {
    if (this.#computed.isWaiting) this.#computed.forEachWaiting((index) => this.#compute(index, at));
  }

  #compute(index: number, at: Instant): void {
    const memory = this.#memories[index]!;
    if (memory.asleep) return;
    const suppressor = this.#computed.suppressors[index];
    // one that is unknown suppresses nothing
    if (suppressor) this.#suppressBy(index, { byExpression: suppressor.run() === 1 }, at);
    const judge = this.#computed.judges[index];
    if (judge === undefined || memory.suppressed) return;
    const result = judge.judge(at, memory.raw);
    const due = judge.due();
    if (due > at) this.#due = Math.min(this.#due, due);
    if (Number.isNaN(result)) return this.#unknown(index, judge.why(), at);
    if (memory.unknown) this.#known(index, at);
    const value = judge.value();
    if (result === 1 && !Number.isNaN(value)) memory.value = value;
    this.#setRaw(index, result === 1, at);
  }

  /** What was concluded stays; that nothing can be is reported. */
  #unknown(index: number, why: UnknownCondition, at: Instant): void {
    const memory = this.#memories[index]!;
    const { unknown } = memory;
    if (unknown) delete unknown.again;
    // another reason is another report, but not with every sample
    if (unknown && (isSameWhy(unknown.why, why) || at - unknown.since < SECOND)) {
      unknown.why = why;
      return;
    }
    memory.unknown = { since: at, why };
    this.#around.beginnings.onEvaluation?.({ rule: this.rules[index]!.id, instant: at, why });
  }

  #known(index: number, at: Instant): void {
    const { unknown } = this.#memories[index]!;
    if (unknown === undefined) return;
    unknown.again ??= at;
    const instant = unknown.again + EVALUABLE_AFTER;
    if (at < instant) {
      this.#due = Math.min(this.#due, instant);
      return;
    }
    delete this.#memories[index]!.unknown;
    this.#around.beginnings.onEvaluation?.({ rule: this.rules[index]!.id, instant });
  }

  /** Signals that are no more by then. */
  #lose(at: Instant): void {
    for (const { slot, since } of this.#gone) {
      if (since > at) this.#due = Math.min(this.#due, since);
      else if (this.#computed.lose(slot))
        for (const index of this.#rulesOfSignal[slot]!) this.#unknown(index, { kind: "gone", of: this.signals[slot]! }, since);
    }
  }

  stationState(station: string, states: readonly StationState[], at: Instant): void {
    if (this.#began === 0) this.#begin(at);
    this.#computed.stationChanged(station);
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
    this.#suppressBy(index, { byStation: this.rules[index]!.suppressedIn.includes(state) }, at, state);
  }

  #suppressBy(index: number, by: Pick<RuleMemory, "byStation" | "byExpression">, at: Instant, state?: StationState): void {
    const rule = this.rules[index]!;
    const memory = this.#memories[index]!;
    if (rule.suppressedWhen !== undefined) Object.assign(memory, by);
    const { byStation, byExpression } = rule.suppressedWhen === undefined ? by : memory;
    const suppressed = byStation === true || byExpression === true;
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
    this.#computed.judges[index]?.reset();
    if (rule.condition.kind === "noData") {
      memory.heard = at;
      this.#due = Math.min(this.#due, at + rule.condition.afterS * SECOND);
    }
  }

  fire(at: Instant): void {
    this.#due = Infinity;
    if (this.#gone.length > 0) this.#lose(at);
    for (let index = 0; index < this.rules.length; index++) {
      const rule = this.rules[index]!;
      const memory = this.#memories[index]!;
      const since = memory.asleep ? (this.#around.beginnings.since.get(rule.id) ?? 0) : -Infinity;
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
      if (memory.unknown?.again !== undefined) this.#known(index, at);
      const judge = this.#computed.judges[index];
      if (judge !== undefined && !memory.suppressed) {
        const due = judge.due();
        if (due <= at) this.#compute(index, due);
        else this.#due = Math.min(this.#due, due);
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

  remember(rule: string): () => void {
    const index = this.#indexOf.get(rule);
    const memory = index === undefined ? undefined : { ...this.#memories[index]! };
    const [entries, due, lastRaised] = [this.#entries, this.#due, this.#lastRaised];
    const raised = new Map(this.#raisedOfGroups);
    this.#entries = new Map(entries);
    return () => {
      if (memory) this.#memories[index!] = memory;
      this.#entries = entries;
      this.#due = due;
      this.#lastRaised = lastRaised;
      this.#raisedOfGroups = raised;
    };
  }

  list(): AlarmList {
    return sortedList([...this.#entries.values()]);
  }

  unevaluated(): readonly RuleEvaluation[] {
    return this.#memories.flatMap(({ unknown }, index) =>
      unknown === undefined ? [] : [{ rule: this.rules[index]!.id, instant: unknown.since, why: unknown.why }],
    );
  }

  snapshot(): AlarmEngineState {
    return JSON.parse(
      JSON.stringify({
        memories: this.#memories.map((memory, index) => {
          const judged = this.#computed.judges[index]?.snapshot() ?? [];
          return judged.length === 0 ? memory : { ...memory, judged };
        }),
        last: this.#last.map((value) => (value === undefined || (typeof value === "number" && Number.isNaN(value)) ? null : value)),
        entries: [...this.#entries.values()],
        lastRaised: this.#lastRaised,
        began: this.#began,
        ...(this.#computed.bad.length > 0 && { bad: this.#computed.bad }),
        ...(this.#raisedOfGroups.size > 0 && { raisedOfGroups: Object.fromEntries(this.#raisedOfGroups) }),
      }),
    ) as AlarmEngineState;
  }

  restore(state: AlarmEngineState): void {
    const copy = JSON.parse(JSON.stringify(state)) as AlarmEngineState;
    this.#memories = copy.memories;
    this.#last = copy.last.map((value) => value ?? undefined);
    for (const [slot, value] of this.#last.entries()) this.#computed.restore(slot, copy.bad?.includes(slot) ? undefined : value);
    for (const slot of copy.bad ?? []) this.#computed.spoil(slot);
    for (const [index, { judged }] of this.#memories.entries()) this.#computed.judges[index]?.restore(judged ?? []);
    for (const memory of this.#memories) delete memory.judged;
    this.#raisedOfGroups = new Map(Object.entries(copy.raisedOfGroups ?? {}));
    this.#entries = new Map(copy.entries.map((entry) => [entry.rule, entry]));
    this.#lastRaised = copy.lastRaised;
    this.#began = copy.began;
    // nothing is due by then: what is due next is found
    this.fire(-Infinity);
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
      case "highHigh":
        return Number.isNaN(value) ? undefined : value > condition.limit - (held ? condition.deadband : 0);
      case "low":
      case "lowLow":
        return Number.isNaN(value) ? undefined : value < condition.limit + (held ? condition.deadband : 0);
      case "deviation": {
        const measured = this.#last[this.#slotOf.get(condition.signal!)!];
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
    if (this.#computed.judges[index] !== undefined || this.#computed.suppressors[index] !== undefined) this.#compute(index, at);
    if (!("signal" in condition) || condition.signal === undefined || this.#computed.judges[index] !== undefined || memory.suppressed)
      return;
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
    const firstOut = raised ? this.#isFirstOut(rule, at) : (known?.firstOut ?? false);
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

  /** Marks the raise with its group; rules without one are a group together. */
  #isFirstOut({ firstOut }: AlarmRule, at: Instant): boolean {
    if (firstOut === undefined) {
      const isFirst = at - this.#lastRaised > FIRST_OUT;
      this.#lastRaised = at;
      return isFirst;
    }
    const last = this.#raisedOfGroups.get(firstOut.group);
    this.#raisedOfGroups.set(firstOut.group, at);
    return last === undefined || at - last > firstOut.withinS * SECOND;
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

function isSameWhy(a: UnknownCondition, b: UnknownCondition): boolean {
  return a.kind === b.kind && ("of" in a ? a.of : "") === ("of" in b ? b.of : "");
}

const delayOf = (rule: AlarmRule, raw: boolean): Instant => (raw ? rule.onDelayS : rule.offDelayS) * SECOND;
