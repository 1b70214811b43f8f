import { alarmEventOf, alarmEventsOf, alarmSignalId, isListed, type AlarmEvent, type AlarmRule } from "@doppelwerk/operations";
import { LIVE, MINUTE, type History, type Instant, type RecordId } from "@doppelwerk/world";
import { nextOf, type TransitionCursor } from "../transition-page.ts";
import { newestSteps } from "./newest-steps.ts";
import { firstOuts, isOpen, occurrencesOf, type FirstOutGroup, type Occurrence } from "./occurrences.ts";

export interface OccurrenceSource {
  readonly history: Pick<History, "raw" | "at">;
  /** Those that may be read, also the ones that are no more. */
  readonly rules: readonly AlarmRule[];
  /** What an alarm is judged together with. */
  groupOf(raise: AlarmEvent): FirstOutGroup;
}

export interface OccurrenceQuery {
  readonly from: Instant;
  readonly to: Instant;
  /** Most that the page holds. */
  readonly limit: number;
  isAsked(rule: Pick<AlarmRule, "id" | "station">): boolean;
}

export interface OccurrencePage {
  /** Newest raise first. */
  readonly occurrences: readonly Occurrence[];
  /** The first out of each of them that follows one. */
  readonly firstOutOf: ReadonlyMap<Occurrence, Occurrence>;
  readonly next?: string;
}

/** Steps of a rule that are read at once after a page. */
const AHEAD = 64;
/** Steps that one page is made from at most; an occurrence has two to four. */
const MAX_STEPS = 100_000;

/**
 * The newest occurrences that were raised in [from, to), and those from before that were not over at `from`, as they were at `to`. An occurrence whose first
 * out lies beyond what one page reads does not name it.
 */
export async function readOccurrences(
  source: OccurrenceSource,
  query: OccurrenceQuery,
  cursor?: TransitionCursor,
): Promise<OccurrencePage> {
  const { from, to, limit, isAsked } = query;
  const end = cursor === undefined ? to : Math.min(to, cursor.instant + 1);
  const asked = new Set(source.rules.filter(isAsked).map(({ id }) => id));
  const wanted = limit + (cursor?.skip ?? 0) + 1;
  let read = await raisedIn(source, { from, end, count: wanted * 3 });
  for (let count = wanted * 6; read.cutAt !== undefined && matching(read.occurrences, asked) < wanted && count <= MAX_STEPS; count *= 2)
    read = await raisedIn(source, { from, end, count });
  const carried = read.cutAt === undefined ? await carriedInto(source, from, to, end) : [];
  const all = [...(await Promise.all(read.occurrences.map((each) => completed(source, each, end, to)))), ...carried];
  const later = cursor === undefined ? [] : await raisedAfter(source, end, to);
  const firstOutOf = firstOuts([...all, ...later], (raise) => source.groupOf(raise));
  const found = all.filter(({ raise }) => asked.has(raise.rule)).toSorted(newestFirst);
  const rest = cursor === undefined ? found : found.filter(({ raise }) => raise.instant <= cursor.instant).slice(cursor.skip);
  const page = rest.slice(0, limit);
  const isMore = rest.length > page.length || read.cutAt !== undefined;
  const next = isMore ? (nextOf(page, ({ raise }) => raise.instant, cursor) ?? `${read.cutAt!}-0`) : undefined;
  return { occurrences: page, firstOutOf, ...(next !== undefined && { next }) };
}

function newestFirst(a: Occurrence, b: Occurrence): number {
  return b.raise.instant - a.raise.instant || (a.raise.rule < b.raise.rule ? -1 : 1);
}

const matching = (occurrences: readonly Occurrence[], asked: ReadonlySet<RecordId>): number =>
  occurrences.filter(({ raise }) => asked.has(raise.rule)).length;

/** What was raised in [from, end); `cutAt`: there is more, up to this instant. */
async function raisedIn(
  { history, rules }: OccurrenceSource,
  { from, end, count }: { readonly from: Instant; readonly end: Instant; readonly count: number },
): Promise<{ readonly occurrences: readonly Occurrence[]; readonly cutAt?: Instant }> {
  if (from >= end) return { occurrences: [] };
  const steps = await newestSteps(history, rules, { from, to: end, count });
  const occurrences = [...stepsByRule(steps.toReversed()).values()].flatMap(occurrencesOf);
  if (steps.length < count) return { occurrences };
  const cutAt = steps.at(-1)!.instant;
  const whole = occurrences.filter(({ raise }) => raise.instant > cutAt);
  return { occurrences: whole.length > 0 ? whole : occurrences, cutAt: whole.length > 0 ? cutAt : cutAt - 1 };
}

function stepsByRule(steps: readonly AlarmEvent[]): ReadonlyMap<RecordId, AlarmEvent[]> {
  const byRule = new Map<RecordId, AlarmEvent[]>();
  for (const step of steps) {
    const own = byRule.get(step.rule);
    if (own) own.push(step);
    else byRule.set(step.rule, [step]);
  }
  return byRule;
}

/** The first occurrence of what is recorded of a rule from an instant on. */
async function firstFrom({ history }: OccurrenceSource, rule: RecordId, from: Instant, to: Instant): Promise<Occurrence | undefined> {
  const steps = alarmEventsOf(await history.raw({ branch: LIVE, signal: alarmSignalId(rule) }, from, to, AHEAD));
  return occurrencesOf(steps)[0];
}

/** An occurrence that was not over where the page ends, as it became until `to`. */
async function completed(source: OccurrenceSource, occurrence: Occurrence, end: Instant, to: Instant): Promise<Occurrence> {
  if (end >= to || !isOpen(occurrence)) return occurrence;
  return (await firstFrom(source, occurrence.raise.rule, occurrence.raise.instant, to)) ?? occurrence;
}

/** Those that were raised before `from` and before `end`, and were not over at `from`. */
async function carriedInto(source: OccurrenceSource, from: Instant, to: Instant, end: Instant): Promise<readonly Occurrence[]> {
  const { history, rules } = source;
  const last = await history.at(
    rules.map(({ id }) => ({ branch: LIVE, signal: alarmSignalId(id) })),
    from - 1,
  );
  const found = await Promise.all(
    last.map(alarmEventOf).map(async (step) => {
      if (step === undefined || !isListed(step.state)) return [];
      const raised = step.raisedAt ?? step.instant;
      const occurrence = raised < Math.min(from, end) ? await firstFrom(source, step.rule, raised, to) : undefined;
      return occurrence === undefined || occurrence.raise.instant >= from ? [] : [occurrence];
    }),
  );
  return found.flat();
}

/** What was raised soon after a page: it may follow what the page holds. */
async function raisedAfter({ history, rules }: OccurrenceSource, end: Instant, to: Instant): Promise<readonly Occurrence[]> {
  if (end >= to) return [];
  const steps = await newestSteps(history, rules, { from: end, to: Math.min(to, end + MINUTE), count: MAX_STEPS });
  return [...stepsByRule(steps.toReversed()).values()].flatMap(occurrencesOf);
}
