import type { AlarmRuleFields } from "../../contract.ts";

type Text = AlarmRuleFields["title"];
type State = AlarmRuleFields["suppressedIn"][number];
export type ConditionKind = AlarmRuleFields["condition"]["kind"];

/** Kinds that a person writes; the plant's own conditions are taken over in Connect. */
export const WRITABLE_KINDS = ["high", "low", "deviation", "value", "state", "noData"] as const satisfies readonly ConditionKind[];

/** A rule while it is being written: everything may still be missing. */
export interface RuleDraft {
  readonly title: Text;
  readonly cause: Text;
  readonly consequence: Text;
  readonly response: Text;
  readonly shell: string | undefined;
  readonly station: string | undefined;
  readonly kind: ConditionKind;
  readonly signals: readonly string[];
  readonly limit: number | undefined;
  readonly deadband: number | undefined;
  readonly target: number | undefined;
  readonly reference: string | undefined;
  /** Separated by commas. */
  readonly values: string;
  readonly states: readonly State[];
  readonly anyPlace: boolean;
  readonly afterS: number | undefined;
  readonly priority: AlarmRuleFields["priority"];
  readonly onDelayS: number | undefined;
  readonly offDelayS: number | undefined;
  readonly timeToRespondS: number | undefined;
  readonly latching: boolean;
  readonly suppressedIn: readonly State[];
  readonly suppressedBy: string | undefined;
  readonly enabled: boolean;
}

const NO_TEXT: Text = { en: "", zh: "" };
export const EMPTY_DRAFT: RuleDraft = {
  title: NO_TEXT,
  cause: NO_TEXT,
  consequence: NO_TEXT,
  response: NO_TEXT,
  shell: undefined,
  station: undefined,
  kind: "high",
  signals: [],
  limit: undefined,
  deadband: 0,
  target: undefined,
  reference: undefined,
  values: "",
  states: [],
  anyPlace: false,
  afterS: undefined,
  priority: 3,
  onDelayS: 5,
  offDelayS: 5,
  timeToRespondS: 600,
  latching: false,
  suppressedIn: [],
  suppressedBy: undefined,
  enabled: true,
};

export function draftOf({ condition, ...fields }: AlarmRuleFields): RuleDraft {
  return { ...EMPTY_DRAFT, ...fields, suppressedBy: fields.suppressedBy, ...conditionDraft(condition), kind: condition.kind };
}

function conditionDraft(condition: AlarmRuleFields["condition"]): Partial<RuleDraft> {
  switch (condition.kind) {
    case "high":
    case "low":
      return { signals: [condition.signal], limit: condition.limit, deadband: condition.deadband };
    case "deviation": {
      const { signal, limit, deadband, target, reference } = condition;
      return { signals: [signal], limit, deadband, target, reference };
    }
    case "value":
      return { signals: [condition.signal], values: condition.values.join(", ") };
    case "condition":
      return { signals: [condition.signal] };
    case "state":
      return { station: condition.station, states: condition.states, anyPlace: condition.of === "anyPlace" };
    case "noData":
      return { signals: condition.signals, afterS: condition.afterS };
  }
}

export type DraftField = keyof RuleDraft;

/** Fields that are missing or cannot be, in the order of the form. A text in one language is enough: it stands for both. */
export function faultsOf(draft: RuleDraft): readonly DraftField[] {
  const { kind } = draft;
  const isMeasured = kind === "high" || kind === "low" || kind === "deviation";
  const faults: (DraftField | false)[] = [
    isBlank(draft.title) && "title",
    kind === "state" && draft.station === undefined && "station",
    kind !== "state" && draft.signals.length === 0 && "signals",
    isMeasured && !Number.isFinite(draft.limit) && "limit",
    isMeasured && !isAtLeast(draft.deadband, 0) && "deadband",
    kind === "deviation" && (draft.target === undefined) === (draft.reference === undefined) && "target",
    kind === "value" && valuesOf(draft.values).length === 0 && "values",
    kind === "state" && draft.states.length === 0 && "states",
    kind === "noData" && !(isAtLeast(draft.afterS, 0) && draft.afterS !== 0) && "afterS",
    !isAtLeast(draft.onDelayS, 0) && "onDelayS",
    !isAtLeast(draft.offDelayS, 0) && "offDelayS",
    isBlank(draft.cause) && "cause",
    isBlank(draft.consequence) && "consequence",
    isBlank(draft.response) && "response",
    !(isAtLeast(draft.timeToRespondS, 0) && draft.timeToRespondS !== 0) && "timeToRespondS",
  ];
  return faults.filter((fault) => fault !== false);
}

/** Undefined while something is missing. */
export function fieldsOf(draft: RuleDraft): AlarmRuleFields | undefined {
  if (faultsOf(draft).length > 0) return undefined;
  const { shell, station, suppressedBy, priority, latching, suppressedIn, enabled } = draft;
  return {
    title: inBoth(draft.title),
    ...(shell === undefined ? {} : { shell }),
    ...(station === undefined ? {} : { station }),
    condition: conditionOf(draft),
    priority,
    onDelayS: draft.onDelayS!,
    offDelayS: draft.offDelayS!,
    cause: inBoth(draft.cause),
    consequence: inBoth(draft.consequence),
    response: inBoth(draft.response),
    timeToRespondS: draft.timeToRespondS!,
    latching,
    suppressedIn,
    ...(suppressedBy === undefined ? {} : { suppressedBy }),
    enabled,
  };
}

function conditionOf(draft: RuleDraft): AlarmRuleFields["condition"] {
  const { kind, signals, target, reference } = draft;
  const signal = signals[0]!;
  const limits = { signal, limit: draft.limit!, deadband: draft.deadband! };
  switch (kind) {
    case "high":
    case "low":
      return { kind, ...limits };
    case "deviation":
      return { kind, ...limits, ...(target === undefined ? { reference: reference! } : { target }) };
    case "value":
      return { kind, signal, values: valuesOf(draft.values) };
    case "condition":
      return { kind, signal };
    case "state":
      return { kind, station: draft.station!, states: draft.states, ...(draft.anyPlace ? { of: "anyPlace" as const } : {}) };
    case "noData":
      return { kind, signals, afterS: draft.afterS! };
  }
}

/** Numbers are read as numbers: a signal tells one or the other. */
function valuesOf(text: string): readonly (number | string)[] {
  const parts = text.split(",").map((part) => part.trim());
  return parts.filter((part) => part !== "").map((part) => (/^[+-]?\d+(\.\d+)?$/.test(part) ? Number(part) : part));
}

function inBoth({ en, zh }: Text): Text {
  return { en: en.trim() || zh.trim(), zh: zh.trim() || en.trim() };
}

function isBlank({ en, zh }: Text): boolean {
  return en.trim() === "" && zh.trim() === "";
}

function isAtLeast(value: number | undefined, least: number): value is number {
  return value !== undefined && Number.isFinite(value) && value >= least;
}
