import { message, SECOND, type Message } from "@doppelwerk/kit";
import { isActiveAlarm, type AlarmItem } from "@doppelwerk/sync";
import type { AuditItem, AuditTerm, FigureAudit } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { AlarmOccurrence } from "../contract.ts";
import type {} from "../message-codes.ts";

/** What is counted of alarms, and out of what. */
export interface CountedAlarms {
  readonly at: Instant;
  /** Everything that is not normal at the instant. */
  readonly known: readonly AlarmItem[];
  readonly span: { readonly from: Instant; readonly to: Instant } | undefined;
  /** What lasted within the span, also what was raised before it. */
  readonly occurrences: readonly AlarmOccurrence[];
  /** Everything that is not normal at the end of the span. */
  readonly knownAtEnd: readonly AlarmItem[];
}

const PRIORITIES = [1, 2, 3, 4] as const;
const RECENT = 600 * SECOND;
const standard = "IEC 62682";

/** Counts of alarms: those that ask for attention at the instant, and those that were raised in the shift, each with what is counted and what is not. */
export function auditedAlarms({ at, known, span, occurrences, knownAtEnd }: CountedAlarms): readonly FigureAudit[] {
  const active = known.filter(isActiveAlarm);
  const now = { from: at, to: at };
  const items = known.map((alarm) => itemOf(alarm, whyNotActive(alarm)));
  return [
    { ...counted("active", active, now), items },
    {
      ...counted("unacknowledged", known.filter(isUnacknowledged), now),
      items: known.map((alarm) =>
        itemOf(alarm, why(alarm) ?? (isUnacknowledged(alarm) ? undefined : message("alarms.audit.acknowledged"))),
      ),
    },
    {
      ...counted(
        "recent",
        // the rate is of what was raised, however soon it returned
        known.filter((alarm) => why(alarm) === undefined && alarm.state !== "normal" && at - alarm.since < RECENT),
        { from: at - RECENT, to: at },
      ),
      items: known.map((alarm) => itemOf(alarm, why(alarm) ?? (at - alarm.since < RECENT ? undefined : message("alarms.audit.older")))),
    },
    ...(span === undefined ? [] : [raisedWithin(span, occurrences, knownAtEnd)]),
  ];
}

function raisedWithin(
  span: NonNullable<CountedAlarms["span"]>,
  occurrences: readonly AlarmOccurrence[],
  knownAtEnd: readonly AlarmItem[],
): FigureAudit {
  const raised = occurrences.filter((each) => each.raised >= span.from && each.raised < span.to);
  const listed: readonly AuditItem[] = occurrences.map((each) => {
    const isCounted = raised.includes(each);
    const { station, title, raised: from, returned, suppressed } = each;
    const to = returned ?? suppressed;
    const note = isCounted
      ? suppressed === undefined
        ? undefined
        : message("alarms.audit.endedBySuppression")
      : message("alarms.audit.before");
    return {
      title: titleOf(station, title),
      from,
      ...(to !== undefined && { to }),
      value: 1,
      unit: "alarms",
      isCounted,
      ...(note && { why: note }),
    };
  });
  const held = knownAtEnd.filter((alarm) => why(alarm) !== undefined).map((alarm) => itemOf(alarm, why(alarm)));
  return { ...counted("raised", raised, span), items: [...listed, ...held] };
}

function counted(
  name: "active" | "unacknowledged" | "recent" | "raised",
  alarms: readonly { readonly priority: number }[],
  span: { readonly from: Instant; readonly to: Instant },
): FigureAudit {
  const terms = PRIORITIES.map((priority): AuditTerm => ({
    title: message("alarms.audit.priority", { priority }),
    value: alarms.filter((alarm) => alarm.priority === priority).length,
    unit: "alarms",
  }));
  return {
    id: `alarms.${name}`,
    group: "alarms",
    title: message(`alarms.audit.${name}` as "alarms.audit.active"),
    value: alarms.length,
    unit: "alarms",
    ...span,
    rule: message(`alarms.audit.${name}Rule` as "alarms.audit.activeRule"),
    standard,
    operator: "sum",
    terms,
    notes: [],
  };
}

function itemOf({ station, title, since }: AlarmItem, reason: Message | undefined): AuditItem {
  return {
    title: titleOf(station, title),
    from: since,
    value: 1,
    unit: "alarms",
    isCounted: reason === undefined,
    ...(reason && { why: reason }),
  };
}

function titleOf(station: string, title: AlarmItem["title"]): Message {
  if (station === "") return message("alarms.audit.title", { title });
  // many titles begin with the station
  return message("alarms.audit.titleAt", { station, title, named: title.en.includes(station) ? "yes" : "no" });
}

/** Why an alarm is not counted; undefined where it is. */
function why({ state, reason = "–" }: AlarmItem): Message | undefined {
  if (state === "shelved") return message("alarms.audit.shelved", { reason });
  if (state === "suppressedByDesign") return message("alarms.audit.suppressed");
  return state === "outOfService" ? message("alarms.audit.outOfService", { reason }) : undefined;
}

/** The same, of the active ones: one that returned waits for its acknowledgement alone. */
function whyNotActive(alarm: AlarmItem): Message | undefined {
  return why(alarm) ?? (isActiveAlarm(alarm) ? undefined : message("alarms.audit.returned"));
}

function isUnacknowledged({ state }: AlarmItem): boolean {
  return state === "unacknowledged" || state === "returnedUnacknowledged";
}
