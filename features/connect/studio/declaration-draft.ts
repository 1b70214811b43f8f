import type { DeclaredSignal, SignalPatch } from "@doppelwerk/client";
import { valueOfText } from "@doppelwerk/kit/studio";

const NUMBERS = ["low", "high", "resolution", "aliveS", "deadband", "minIntervalS"] as const;
type NumberField = (typeof NUMBERS)[number];

export interface DraftCondition {
  /** Empty until one is chosen. */
  readonly signal: string;
  readonly equals: string;
}

/** A declaration as it is typed. */
export interface DeclarationDraft {
  readonly valueType: DeclaredSignal["valueType"];
  readonly unit: string;
  readonly numbers: Readonly<Record<NumberField, string>>;
  readonly counter: "none" | "totaliser" | "shiftReset";
  /** Bits; empty = unknown. */
  readonly width: string;
  readonly safety: boolean;
  readonly conditions: readonly DraftCondition[];
}

export function isNumeric({ valueType }: Pick<DeclaredSignal, "valueType">): boolean {
  return valueType === "double" || valueType === "integer";
}

/** Types that a person may exchange; truth values and states are the plant's. */
export const CHOOSABLE_TYPES = ["double", "integer", "string"] as const;

export function isTypeChoosable({ valueType }: Pick<DeclaredSignal, "valueType">): boolean {
  return CHOOSABLE_TYPES.some((type) => type === valueType);
}

/** A number has all of them; of anything else only how often it comes is declared. */
export function numberFieldsOf(signal: Pick<DeclaredSignal, "valueType">): readonly NumberField[] {
  return isNumeric(signal) ? NUMBERS : ["aliveS", "minIntervalS"];
}

export function draftOf(signal: DeclaredSignal): DeclarationDraft {
  const { unit = "", counter, safety = false, commandWhen = [] } = signal;
  const text = (name: NumberField): string => (signal[name] === undefined ? "" : String(signal[name]));
  return {
    valueType: signal.valueType,
    unit,
    numbers: {
      low: text("low"),
      high: text("high"),
      resolution: text("resolution"),
      aliveS: text("aliveS"),
      deadband: text("deadband"),
      minIntervalS: text("minIntervalS"),
    },
    counter: counter?.type ?? "none",
    width: counter?.width === undefined ? "" : String(counter.width),
    safety,
    conditions: commandWhen.map(({ signal: id, equals }) => ({ signal: id, equals: String(equals) })),
  };
}

/** What is stored; undefined when a number is none. Rules of commands are part of it only with `withRules`. */
export function patchOf(
  draft: DeclarationDraft,
  signal: DeclaredSignal,
  all: readonly DeclaredSignal[],
  withRules: boolean,
): SignalPatch | undefined {
  const numbers: Partial<Record<NumberField, number | null>> = {};
  for (const name of numberFieldsOf(draft)) {
    const value = draft.numbers[name] === "" ? null : valueOfText(draft.numbers[name], "double");
    if (value === undefined) return undefined;
    numbers[name] = value as number | null;
  }
  return {
    ...(draft.valueType !== signal.valueType && { valueType: draft.valueType as "double" | "integer" | "string" }),
    unit: draft.unit.trim() || null,
    ...numbers,
    ...(isNumeric(draft) && { counter: counterOf(draft) }),
    ...(withRules && { safety: draft.safety ? true : null, commandWhen: conditionsOf(draft.conditions, all) }),
  };
}

function counterOf({ counter, width }: DeclarationDraft): SignalPatch["counter"] {
  if (counter === "none") return null;
  return { type: counter, ...(width !== "" && { width: Number(width) as 16 | 32 }) };
}

function conditionsOf(conditions: readonly DraftCondition[], all: readonly DeclaredSignal[]): SignalPatch["commandWhen"] {
  const chosen = conditions.filter(({ signal }) => signal !== "");
  if (chosen.length === 0) return null;
  return chosen.map(({ signal, equals }) => {
    const valueType = all.find(({ id }) => id === signal)?.valueType ?? typeOfText(equals);
    return { signal, equals: valueOfText(equals, valueType) ?? equals };
  });
}

/** Of a condition on a signal that is not in the list: as it reads. */
function typeOfText(text: string): string {
  return text === "true" || text === "false" ? "boolean" : /^[+-]?\d/.test(text.trim()) ? "double" : "string";
}
