import { checkedExpression } from "@doppelwerk/operations";
import type { AlarmRuleFields } from "../../contract.ts";
import { CONDITION_KINDS } from "../../model/condition-shape.ts";

type Text = AlarmRuleFields["title"];
type State = AlarmRuleFields["suppressedIn"][number];
export type ConditionKind = AlarmRuleFields["condition"]["kind"];

/** Kinds that a person writes; the plant's own conditions are taken over in Connect. */
export const WRITABLE_KINDS = CONDITION_KINDS.filter((kind) => kind !== "condition");

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
  /** What is measured is an expression. */
  readonly isExpression: boolean;
  readonly expression: string;
  readonly limit: number | undefined;
  readonly deadband: number | undefined;
  readonly target: number | undefined;
  readonly reference: string | undefined;
  /** What a deviation is from. */
  readonly from: "target" | "reference" | "usual";
  readonly usualS: number | undefined;
  readonly windowS: number | undefined;
  readonly direction: "rising" | "falling" | "either";
  readonly expected: string;
  readonly smoothS: number | undefined;
  readonly first: string;
  readonly next: string;
  readonly withinS: number | undefined;
  readonly isMissing: boolean;
  /** One a line. */
  readonly conditions: string;
  readonly atLeast: number | undefined;
  readonly times: number | undefined;
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
  readonly suppressedWhen: string;
  /** Of the first out; blank: none. */
  readonly group: string;
  readonly groupS: number | undefined;
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
  isExpression: false,
  expression: "",
  limit: undefined,
  deadband: 0,
  target: undefined,
  reference: undefined,
  from: "target",
  usualS: 3_600,
  windowS: 60,
  direction: "either",
  expected: "",
  smoothS: undefined,
  first: "",
  next: "",
  withinS: 30,
  isMissing: false,
  conditions: "",
  atLeast: 2,
  times: 3,
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
  suppressedWhen: "",
  group: "",
  groupS: 60,
  enabled: true,
};

export function draftOf({ condition, firstOut, ...fields }: AlarmRuleFields): RuleDraft {
  return {
    ...EMPTY_DRAFT,
    ...fields,
    suppressedBy: fields.suppressedBy,
    suppressedWhen: fields.suppressedWhen ?? "",
    ...(firstOut && { group: firstOut.group, groupS: firstOut.withinS }),
    ...conditionDraft(condition),
    kind: condition.kind,
  };
}

function conditionDraft(condition: AlarmRuleFields["condition"]): Partial<RuleDraft> {
  switch (condition.kind) {
    case "value":
      return { signals: [condition.signal], values: condition.values.join(", ") };
    case "condition":
      return { signals: [condition.signal] };
    case "state":
      return { station: condition.station, states: condition.states, anyPlace: condition.of === "anyPlace" };
    case "noData":
      return { signals: condition.signals, afterS: condition.afterS };
    case "sequence":
      return { ...condition, isMissing: condition.isMissing ?? false };
    case "nOfM":
      return { conditions: condition.conditions.join("\n"), atLeast: condition.atLeast };
    case "expression":
    case "repeated":
      return condition;
    default: {
      const { signal, expression, ...own } = condition;
      const from =
        condition.kind !== "deviation"
          ? undefined
          : condition.usualS !== undefined
            ? "usual"
            : condition.target === undefined
              ? "reference"
              : "target";
      return {
        ...own,
        signals: signal === undefined ? [] : [signal],
        isExpression: signal === undefined,
        expression: expression ?? "",
        ...(from && { from }),
      };
    }
  }
}

export type DraftField = keyof RuleDraft;

const MEASURED: ReadonlySet<ConditionKind> = new Set(["high", "highHigh", "low", "lowLow", "deviation", "rate", "model"]);
const OF_SIGNAL: ReadonlySet<ConditionKind> = new Set(["value", "condition", "noData"]);

/** Whether a condition compares a value with a limit. */
export const isMeasured = ({ kind }: Pick<RuleDraft, "kind">): boolean => MEASURED.has(kind);

/** Fields that are missing or cannot be, in the order of the form. A text in one language is enough: it stands for both. */
export function faultsOf(draft: RuleDraft): readonly DraftField[] {
  const { kind } = draft;
  const faults: (DraftField | false)[] = [
    isBlank(draft.title) && "title",
    kind === "state" && draft.station === undefined && "station",
    (OF_SIGNAL.has(kind) || (isMeasured(draft) && !draft.isExpression)) && draft.signals.length === 0 && "signals",
    ...(isMeasured(draft) ? measuredFaults(draft) : conditionFaults(draft)),
    !isAtLeast(draft.onDelayS, 0) && "onDelayS",
    !isAtLeast(draft.offDelayS, 0) && "offDelayS",
    draft.suppressedWhen.trim() !== "" && !isExpression(draft.suppressedWhen, "truth") && "suppressedWhen",
    draft.group.trim() !== "" && !isMore(draft.groupS) && "groupS",
    isBlank(draft.cause) && "cause",
    isBlank(draft.consequence) && "consequence",
    isBlank(draft.response) && "response",
    !isMore(draft.timeToRespondS) && "timeToRespondS",
  ];
  return faults.filter((fault) => fault !== false);
}

function measuredFaults(draft: RuleDraft): readonly (DraftField | false)[] {
  const { kind, from } = draft;
  const isDeviation = kind === "deviation";
  return [
    draft.isExpression && !isExpression(draft.expression, "number") && "expression",
    !(kind === "rate" ? isMore(draft.limit) : Number.isFinite(draft.limit)) && "limit",
    !isAtLeast(draft.deadband, 0) && "deadband",
    isDeviation && from === "target" && draft.target === undefined && "target",
    isDeviation && from === "reference" && draft.reference === undefined && "reference",
    isDeviation && from === "usual" && !isMore(draft.usualS) && "usualS",
    kind === "rate" && !isMore(draft.windowS) && "windowS",
    kind === "model" && !isExpression(draft.expected, "number") && "expected",
    kind === "model" && draft.smoothS !== undefined && !isMore(draft.smoothS) && "smoothS",
  ];
}

function conditionFaults(draft: RuleDraft): readonly (DraftField | false)[] {
  const { kind } = draft;
  const lines = linesOf(draft.conditions);
  return [
    kind === "value" && valuesOf(draft.values).length === 0 && "values",
    kind === "state" && draft.states.length === 0 && "states",
    kind === "noData" && !isMore(draft.afterS) && "afterS",
    (kind === "expression" || kind === "repeated") && !isExpression(draft.expression, "truth") && "expression",
    kind === "sequence" && !isExpression(draft.first, "truth") && "first",
    kind === "sequence" && !isExpression(draft.next, "truth") && "next",
    (kind === "sequence" || kind === "repeated") && !isMore(draft.withinS) && "withinS",
    kind === "nOfM" && (lines.length < 2 || lines.some((line) => !isExpression(line, "truth"))) && "conditions",
    kind === "nOfM" && !(isAtLeast(draft.atLeast, 1) && draft.atLeast <= Math.max(1, lines.length)) && "atLeast",
    kind === "repeated" && !isAtLeast(draft.times, 2) && "times",
  ];
}

const isExpression = (text: string, of: "number" | "truth"): boolean => checkedExpression(text, of).fault === undefined;

/** Undefined while something is missing. */
export function fieldsOf(draft: RuleDraft): AlarmRuleFields | undefined {
  if (faultsOf(draft).length > 0) return undefined;
  const { shell, station, suppressedBy, priority, latching, suppressedIn, enabled } = draft;
  const [suppressedWhen, group] = [draft.suppressedWhen.trim(), draft.group.trim()];
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
    ...(suppressedWhen === "" ? {} : { suppressedWhen }),
    ...(group === "" ? {} : { firstOut: { group, withinS: draft.groupS! } }),
    enabled,
  };
}

function conditionOf(draft: RuleDraft): AlarmRuleFields["condition"] {
  const { kind, signals, from } = draft;
  const signal = signals[0]!;
  const measured = draft.isExpression ? { expression: draft.expression } : { signal };
  const limits = { ...measured, limit: draft.limit!, deadband: draft.deadband! };
  switch (kind) {
    case "high":
    case "highHigh":
    case "low":
    case "lowLow":
      return { kind, ...limits };
    case "deviation": {
      const distance =
        from === "target" ? { target: draft.target! } : from === "usual" ? { usualS: draft.usualS! } : { reference: draft.reference! };
      return { kind, ...limits, ...distance };
    }
    case "rate":
      return { kind, ...limits, windowS: draft.windowS!, direction: draft.direction };
    case "model":
      return { kind, ...limits, expected: draft.expected, ...(draft.smoothS === undefined ? {} : { smoothS: draft.smoothS }) };
    case "expression":
      return { kind, expression: draft.expression };
    case "sequence":
      return { kind, first: draft.first, next: draft.next, withinS: draft.withinS!, ...(draft.isMissing ? { isMissing: true } : {}) };
    case "nOfM":
      return { kind, conditions: linesOf(draft.conditions), atLeast: draft.atLeast! };
    case "repeated":
      return { kind, expression: draft.expression, times: draft.times!, withinS: draft.withinS! };
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

/** Expressions, one a line. */
export function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
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

const isMore = (value: number | undefined): boolean => isAtLeast(value, 0) && value > 0;

function isAtLeast(value: number | undefined, least: number): value is number {
  return value !== undefined && Number.isFinite(value) && value >= least;
}
