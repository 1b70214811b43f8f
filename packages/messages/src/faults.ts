import { message, textOf, verbatim, isMessage, type Message } from "./index.ts";

/** One complaint of zod 4 about a value: as much of its shape as is read here. */
export interface ShapeIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** invalid_type: `string`, `number`, `int` … */
  readonly expected?: unknown;
  /** too_small, too_big: `string`, `array`, `number` … */
  readonly origin?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: unknown;
  readonly format?: unknown;
  readonly pattern?: unknown;
  readonly divisor?: unknown;
  readonly keys?: unknown;
  readonly values?: unknown;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** What is wrong where with a value that does not fit its shape, one message a fault. `value` is the value itself: it shows what was received. */
export function faultsOf(issues: readonly ShapeIssue[], value: unknown): Message[] {
  return issues.map((issue) => {
    const fault = faultOf(issue, value);
    return issue.path.length === 0 ? fault : message("messages.faultAt", { path: issue.path.map(String).join("."), fault });
  });
}

/** For `refine`: the check fails with this message. */
export function fault(reason: Message): { readonly error: () => string; readonly params: { readonly reason: Message } } {
  return { error: () => textOf(reason), params: { reason } };
}

function faultOf(issue: ShapeIssue, value: unknown): Message {
  switch (issue.code) {
    case "invalid_type":
      return typeFault(String(issue.expected), valueAt(value, issue.path));
    case "invalid_value":
      return message("messages.faultValue", { count: (issue.values as readonly unknown[]).length, values: listed(issue.values) });
    case "too_small":
    case "too_big":
      return limitFault(issue);
    case "invalid_format":
      return issue.format === "regex"
        ? message("messages.faultPattern", { pattern: String(issue.pattern) })
        : message("messages.faultFormat", { format: String(issue.format) });
    case "not_multiple_of":
      return message("messages.faultMultiple", { divisor: String(issue.divisor) });
    case "unrecognized_keys":
      return message("messages.faultKeys", { count: (issue.keys as readonly string[]).length, keys: listed(issue.keys) });
    case "invalid_union":
      return message("messages.faultUnion");
    case "invalid_key":
      return message("messages.faultKey");
    case "invalid_element":
      return message("messages.faultElement");
    default:
      return isMessage(issue.params?.["reason"]) ? issue.params["reason"] : verbatim(issue.message);
  }
}

function typeFault(expected: string, received: unknown): Message {
  return received === undefined
    ? message("messages.faultMissing", { expected })
    : message("messages.faultType", { expected, received: kindOf(received) });
}

function limitFault(issue: ShapeIssue): Message {
  const origin = String(issue.origin);
  const inclusive = String(issue.inclusive !== false);
  return issue.code === "too_small"
    ? message("messages.faultSmall", { origin, inclusive, limit: String(issue.minimum) })
    : message("messages.faultBig", { origin, inclusive, limit: String(issue.maximum) });
}

const MAX_LISTED = 30;

function listed(values: unknown): string {
  const all = (Array.isArray(values) ? values : [values]) as readonly unknown[];
  const shown = all.slice(0, MAX_LISTED).map((each) => JSON.stringify(each) ?? String(each));
  return all.length > MAX_LISTED ? `${shown.join(", ")}, …` : shown.join(", ");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isNaN(value) ? "nan" : typeof value;
}
