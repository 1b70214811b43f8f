import type { Entry } from "../transparency/entry.ts";

/** RFC 5424, 6.2.1. */
export const SEVERITIES = { alert: 1, error: 3, warning: 4, notice: 5, informational: 6 } as const;

/** What a receiver tells events by. A code never changes its meaning; the guide lists each (a test compares). */
export const EVENT_CODES = {
  "DW-START": "informational",
  "DW-STOP": "notice",
  "DW-RESTORED": "alert",
  "DW-BEFORE": "informational",
  "DW-LOST": "alert",
  "DW-SIGN-IN": "notice",
  "DW-SIGN-IN-REFUSED": "warning",
  "DW-SIGN-OUT": "informational",
  "DW-ACCESS-REFUSED": "warning",
  "DW-REQUEST": "notice",
  "DW-EXPORT": "notice",
  "DW-COMMIT": "informational",
  "DW-RECORD": "informational",
  "DW-JOB": "informational",
  "DW-ATTENTION": "warning",
  "DW-ATTENTION-OVER": "notice",
  "DW-UNKNOWN": "error",
} as const satisfies Readonly<Record<string, keyof typeof SEVERITIES>>;

export type EventCode = keyof typeof EVENT_CODES;

const OF_KINDS = {
  start: "DW-START",
  stop: "DW-STOP",
  restored: "DW-RESTORED",
  before: "DW-BEFORE",
  lost: "DW-LOST",
  commit: "DW-COMMIT",
  export: "DW-EXPORT",
  record: "DW-RECORD",
  job: "DW-JOB",
} as const satisfies Partial<Record<Entry["what"], EventCode>>;

/** What the operations are by which people and machines come in, and go. */
export interface Doors {
  readonly entering: ReadonlySet<string>;
  readonly leaving: ReadonlySet<string>;
}

/** Undefined for what is no event of security: a sealed segment of the history. Undefined entries are those that a later version wrote. */
export function codeOf(entry: Entry | undefined, { entering, leaving }: Doors): EventCode | undefined {
  if (entry === undefined) return "DW-UNKNOWN";
  switch (entry.what) {
    case "segment":
      return undefined;
    case "refused":
      return entry.status === 403 ? "DW-ACCESS-REFUSED" : "DW-SIGN-IN-REFUSED";
    case "request":
      if (entering.has(entry.operation)) return "DW-SIGN-IN";
      return leaving.has(entry.operation) ? "DW-SIGN-OUT" : "DW-REQUEST";
    case "attention":
      return entry.state === "begun" ? "DW-ATTENTION" : "DW-ATTENTION-OVER";
    default:
      return OF_KINDS[entry.what] ?? "DW-UNKNOWN";
  }
}
