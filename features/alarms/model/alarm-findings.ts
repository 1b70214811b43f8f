import { alarmReport, type AlarmEvent, type LocalText } from "@doppelwerk/operations";
import { DAY, MINUTE } from "@doppelwerk/world";

/** An occurrence as far as the findings need it. Times are microseconds since 1970. */
export interface CountedOccurrence {
  readonly rule: string;
  readonly title: LocalText;
  readonly priority: 1 | 2 | 3 | 4;
  readonly raised: number;
  readonly returned?: number | undefined;
  readonly suppressed?: number | undefined;
  readonly raisedAgain?: number | undefined;
}

/** What a span of alarms shows, by ISA-18.2 (clause 16) and EEMUA 191. Shares are 0 to 1. */
export interface AlarmFindings {
  readonly count: number;
  readonly per10Min: number;
  readonly floods: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  readonly floodShare: number;
  /** Columns of the span, each with the largest number of alarms in ten minutes of it. */
  readonly columns: readonly number[];
  /** Most frequent first. */
  readonly rules: readonly { readonly rule: string; readonly title: LocalText; readonly count: number; readonly upTo: number }[];
  /** Of priorities 1 to 3; diagnostic ones are not part of the split. */
  readonly split: readonly { readonly priority: 1 | 2 | 3; readonly count: number; readonly share: number; readonly aim: number }[];
  /** Rules that raised three or more within a minute. */
  readonly chattering: number;
  /** Active for more than a day. */
  readonly stale: number;
}

/** Alarms in ten minutes above which there is a flood. */
export const FLOOD_COUNT = 10;
const BUCKET = 10 * MINUTE;
const MAX_COLUMNS = 144;
/** What EEMUA 191 recommends of priorities 1 to 3. */
const AIMS = { 1: 0.05, 2: 0.15, 3: 0.8 } as const;

export function alarmFindings(occurrences: readonly CountedOccurrence[], from: number, to: number, maxRules: number): AlarmFindings {
  const raised = occurrences.filter((each) => each.raised >= from && each.raised < to);
  const report = alarmReport(raised.map(asEvent), from, to);
  const ranked = report.topTen.slice(0, maxRules);
  let sum = 0;
  const diagnostic = report.byPriority[4];
  const judged = report.annunciations - diagnostic;
  const isOver = ({ returned, suppressed, raisedAgain }: CountedOccurrence): boolean =>
    (returned ?? suppressed ?? raisedAgain) !== undefined;
  return {
    count: report.annunciations,
    per10Min: report.per10Min,
    floods: report.floods,
    floodShare: report.floodShare,
    columns: columnsOf(
      raised.map((each) => each.raised),
      from,
      to,
    ),
    rules: ranked.map(({ rule, title, count }) => ({ rule, title, count, upTo: (sum += count) / report.annunciations })),
    split: ([1, 2, 3] as const).map((priority) => {
      const count = report.byPriority[priority];
      return { priority, count, share: judged === 0 ? 0 : count / judged, aim: AIMS[priority] };
    }),
    chattering: report.chattering.length,
    stale: occurrences.filter((each) => !isOver(each) && each.raised < to - DAY).length,
  };
}

function asEvent({ rule, title, priority, raised }: CountedOccurrence): AlarmEvent {
  return {
    rule,
    title,
    priority,
    instance: `${rule}@${raised}`,
    action: "alarm",
    from: "normal",
    state: "unacknowledged",
    instant: raised,
    firstOut: false,
  };
}

function columnsOf(times: readonly number[], from: number, to: number): readonly number[] {
  const buckets = Math.max(1, Math.ceil((to - from) / BUCKET));
  const each = Math.ceil(buckets / MAX_COLUMNS);
  const counts = new Map<number, number>();
  for (const time of times) {
    const bucket = Math.floor((time - from) / BUCKET);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return Array.from({ length: Math.ceil(buckets / each) }, (_, column) =>
    Math.max(...Array.from({ length: each }, (__, at) => counts.get(column * each + at) ?? 0)),
  );
}
