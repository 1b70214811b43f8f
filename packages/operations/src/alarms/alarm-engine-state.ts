import type { Instant } from "@doppelwerk/world";
import type { AlarmEngine } from "./alarm-engine.ts";
import type { AlarmEntry } from "./alarm-list.ts";
import type { AlarmRule } from "./alarm-rule.ts";
import type { AlarmState } from "./alarm-transition.ts";
import type { AsideAtSource } from "./at-source.ts";
import type { UnknownCondition } from "./conditions/compile.ts";

/** What an engine remembers of one rule; plain JSON. */
export interface RuleMemory extends AsideAtSource {
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
  /** Whether the state of the station, and the expression of the rule, suppress it; of rules with such an expression. */
  byStation?: boolean;
  byExpression?: boolean;
  /** Its condition is unknown, and since when it is known again, if it is. */
  unknown?: { readonly since: Instant; why: UnknownCondition; again?: Instant };
  /** What its condition remembers. */
  judged?: readonly number[];
}

export interface AlarmEngineState {
  readonly memories: RuleMemory[];
  readonly last: (number | string | null)[];
  readonly entries: AlarmEntry[];
  readonly lastRaised: Instant;
  readonly began: Instant;
  /** Slots of which the last value that was taken is of bad quality; of signals that expressions read. */
  readonly bad?: readonly number[];
  /** When an alarm of a first-out group was raised last. */
  readonly raisedOfGroups?: Readonly<Record<string, Instant>>;
}

export function freshMemory(asleep: boolean): RuleMemory {
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
    ...(state.bad && {
      bad: state.bad.flatMap((slot) => {
        const now = after.signals.indexOf(before.signals[slot]!);
        return now < 0 ? [] : [now];
      }),
    }),
    entries: state.entries.filter(({ rule }) => kept.has(rule)),
  };
}

const keyOf = (rule: AlarmRule, { since }: JudgedRules): string => JSON.stringify([rule, since.get(rule.id) ?? null]);
