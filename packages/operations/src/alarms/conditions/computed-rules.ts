import type { Instant } from "@doppelwerk/world";
import { signalsOfCondition, type AlarmRule } from "../alarm-rule.ts";
import { compileExpression, inputsOfExpression, type CompiledExpression, type ConditionInputs, type UnknownCondition } from "./compile.ts";
import { isComputed, judgeOf, type ConditionJudge } from "./judge.ts";

/** A rule could not be evaluated from an instant on, or can be again (`why` absent). */
export interface RuleEvaluation {
  readonly rule: string;
  readonly instant: Instant;
  readonly why?: UnknownCondition;
}

const [GOOD, BAD, GONE] = [0, 1, 2];

/** The last values as expressions read them, and what is compiled of the rules. Rules wait to be judged until all samples of an instant were taken. */
export class ComputedRules implements ConditionInputs {
  readonly numbers: Float64Array;
  readonly texts: (string | undefined)[];
  readonly judges: readonly (ConditionJudge | undefined)[];
  readonly suppressors: readonly (CompiledExpression | undefined)[];
  readonly #signals: readonly string[];
  readonly #slots: ReadonlyMap<string, number>;
  readonly #rulesOfSlot: readonly (readonly number[])[];
  readonly #rulesOfStation = new Map<string, number[]>();
  readonly #stateOf: (station: string) => string | undefined;
  /** The last sample was of bad quality; the signal is gone. */
  readonly #lost: Uint8Array;
  readonly #waits: Uint8Array;
  readonly #waiting: Int32Array;
  #count = 0;

  constructor(
    rules: readonly AlarmRule[],
    signals: readonly string[],
    slots: ReadonlyMap<string, number>,
    stateOf: (station: string) => string | undefined,
  ) {
    this.#signals = signals;
    this.#slots = slots;
    this.#stateOf = stateOf;
    this.numbers = new Float64Array(signals.length).fill(Number.NaN);
    this.texts = signals.map(() => undefined);
    this.#lost = new Uint8Array(signals.length);
    this.#waits = new Uint8Array(rules.length);
    this.#waiting = new Int32Array(rules.length);
    this.judges = rules.map(({ condition }) => (isComputed(condition) ? judgeOf(condition, this) : undefined));
    this.suppressors = rules.map(({ suppressedWhen }) =>
      suppressedWhen === undefined ? undefined : compileExpression(suppressedWhen, "truth", this),
    );
    const rulesOfSlot = signals.map((): number[] => []);
    for (const [index, rule] of rules.entries()) {
      const { signals: read, stations } = this.#readBy(rule);
      for (const signal of read) rulesOfSlot[slots.get(signal)!]!.push(index);
      for (const station of stations) this.#rulesOfStation.set(station, [...(this.#rulesOfStation.get(station) ?? []), index]);
    }
    this.#rulesOfSlot = rulesOfSlot;
  }

  #readBy(rule: AlarmRule): { readonly signals: ReadonlySet<string>; readonly stations: ReadonlySet<string> } {
    const { condition, suppressedWhen } = rule;
    const when = suppressedWhen === undefined ? undefined : inputsOfExpression(suppressedWhen);
    const texts = isComputed(condition)
      ? Object.values(condition)
          .flat()
          .filter((each) => typeof each === "string")
      : [];
    const stations = texts.flatMap((text) => inputsOfExpression(text).stations);
    return {
      signals: new Set([...(isComputed(condition) ? signalsOfCondition(condition) : []), ...(when?.signals ?? [])]),
      stations: new Set([...stations, ...(when?.stations ?? [])].map(({ station }) => station)),
    };
  }

  slotOf(signal: string): number {
    return this.#slots.get(signal)!;
  }

  stateOf(station: string): string | undefined {
    return this.#stateOf(station);
  }

  whyOf(slot: number): UnknownCondition {
    const of = this.#signals[slot]!;
    if (this.#lost[slot] === GONE) return { kind: "gone", of };
    if (this.#lost[slot] === BAD) return { kind: "badQuality", of };
    return { kind: this.texts[slot] === undefined ? "noValue" : "notANumber", of };
  }

  /** A sample; what is read of it waits to be judged. */
  take(slot: number, value: number, text: string | undefined, isGood: boolean): void {
    const rules = this.#rulesOfSlot[slot]!;
    this.#lost[slot] = isGood ? GOOD : BAD;
    if (rules.length === 0) return;
    this.texts[slot] = isGood ? text : undefined;
    this.numbers[slot] = isGood && text === undefined ? value : Number.NaN;
    for (let at = 0; at < rules.length; at++) this.wait(rules[at]!);
  }

  /** The signal is no more. False: that was known. */
  lose(slot: number): boolean {
    if (this.#lost[slot] === GONE) return false;
    this.take(slot, Number.NaN, undefined, false);
    this.#lost[slot] = GONE;
    return true;
  }

  /** What the slot holds as it was kept; nothing is judged. */
  restore(slot: number, value: number | string | undefined): void {
    this.#lost[slot] = GOOD;
    this.texts[slot] = typeof value === "string" ? value : undefined;
    this.numbers[slot] = typeof value === "number" ? value : Number.NaN;
  }

  /** The last sample was of bad quality, as it was kept. */
  spoil(slot: number): void {
    this.#lost[slot] = BAD;
  }

  get bad(): readonly number[] {
    return this.#signals.flatMap((_, slot) => (this.#lost[slot] === BAD && this.#rulesOfSlot[slot]!.length > 0 ? [slot] : []));
  }

  stationChanged(station: string): void {
    for (const rule of this.#rulesOfStation.get(station) ?? []) this.wait(rule);
  }

  wait(rule: number): void {
    if (this.#waits[rule] === 1) return;
    this.#waits[rule] = 1;
    this.#waiting[this.#count++] = rule;
  }

  get isWaiting(): boolean {
    return this.#count > 0;
  }

  /** The rules that wait, in order of the rules, each once. */
  forEachWaiting(judge: (rule: number) => void): void {
    if (this.#count > 1) this.#waiting.subarray(0, this.#count).sort();
    const count = this.#count;
    this.#count = 0;
    for (let at = 0; at < count; at++) this.#waits[this.#waiting[at]!] = 0;
    for (let at = 0; at < count; at++) judge(this.#waiting[at]!);
  }
}
