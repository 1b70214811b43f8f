import type { Instant } from "@doppelwerk/world";
import type { EntryFact } from "./entry.ts";
import type { Check, RoundFields } from "./round-kind.ts";

type Answered = Extract<EntryFact, { kind: "answered" }>;
type Value = Answered["answers"][string];

/** Answers of a point on one walk: the last that was given counts. */
export interface PointAnswer {
  readonly entry: string;
  readonly at: Instant;
  readonly known: Instant;
  readonly by?: string;
  readonly answers: Answered["answers"];
  readonly note?: string;
  readonly isScanned: boolean;
  readonly how?: "camera" | "typed";
  /** Times that the point was answered before on this walk. */
  readonly corrected: number;
}

/** One walk of a round. */
export interface Walk {
  readonly walk: string;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly by?: string;
  readonly note?: string;
  readonly points: ReadonlyMap<string, PointAnswer>;
}

/** Walks of one round from what was said on them, in any order, oldest first. What is said twice counts once. */
export function walksOf(facts: readonly EntryFact[]): readonly Walk[] {
  const byWalk = new Map<string, EntryFact[]>();
  for (const fact of once(facts).toSorted((a, b) => a.at - b.at || a.known - b.known)) {
    const own = byWalk.get(fact.walk);
    if (own === undefined) byWalk.set(fact.walk, [fact]);
    else own.push(fact);
  }
  return [...byWalk].map(([walk, own]) => walkOf(walk, own)).toSorted((a, b) => a.startedAt - b.startedAt || (a.walk < b.walk ? -1 : 1));
}

function walkOf(walk: string, facts: readonly EntryFact[]): Walk {
  const points = new Map<string, PointAnswer>();
  for (const fact of facts) {
    if (fact.kind !== "answered") continue;
    const { entry, at, known, by, answers, note, how, isScanned = false } = fact;
    const corrected = (points.get(fact.point)?.corrected ?? -1) + 1;
    const who = by === undefined ? {} : { by };
    points.set(fact.point, { entry, at, known, ...who, answers, isScanned, corrected, ...(note && { note }), ...(how && { how }) });
  }
  const finished = facts.findLast((fact) => fact.kind === "finished");
  const { at: startedAt, by } = facts.find(({ kind }) => kind === "started") ?? facts[0]!;
  return {
    walk,
    startedAt: Math.min(startedAt, facts[0]!.at),
    points,
    ...(by !== undefined && { by }),
    ...(finished !== undefined && {
      finishedAt: finished.at,
      ...(finished.kind === "finished" && finished.note && { note: finished.note }),
    }),
  };
}

function once(facts: readonly EntryFact[]): readonly EntryFact[] {
  const first = new Map<string, EntryFact>();
  for (const fact of facts) {
    const other = first.get(fact.entry);
    if (other === undefined || fact.known < other.known) first.set(fact.entry, fact);
  }
  return [...first.values()];
}

/** Whether an answer is beyond what should be; undefined: nothing says what should be, or nothing was answered. */
export function isBeyond(check: Check, value: Value | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  switch (check.kind) {
    case "value": {
      if (typeof value !== "number" || (check.low === undefined && check.high === undefined)) return undefined;
      return value < (check.low ?? -Infinity) || value > (check.high ?? Infinity);
    }
    case "yesNo":
      return typeof check.good === "boolean" && typeof value === "boolean" ? value !== check.good : undefined;
    case "choice":
      return Array.isArray(check.good) && typeof value === "string" ? !check.good.includes(value) : undefined;
    default:
      return undefined;
  }
}

/** What of a point was not answered though it has to be. */
export function missingChecks(checks: readonly Check[], answers: Readonly<Record<string, Value>>): readonly string[] {
  return checks.filter(({ id, isRequired }) => isRequired && (answers[id] === undefined || answers[id] === "")).map(({ id }) => id);
}

/** Why an answer is none of this round, by the check; undefined: it is one. */
export function answerFault({ points }: RoundFields, point: string, answers: Readonly<Record<string, Value>>): string | undefined {
  const checks = points.find(({ id }) => id === point)?.checks;
  if (checks === undefined) return point;
  for (const [id, value] of Object.entries(answers)) {
    const check = checks.find((each) => each.id === id);
    const fits =
      check !== undefined &&
      (check.kind === "yesNo"
        ? typeof value === "boolean"
        : check.kind === "value"
          ? typeof value === "number" && Number.isFinite(value)
          : typeof value === "string" && (check.kind !== "choice" || check.choices!.includes(value)));
    if (!fits) return id;
  }
  return undefined;
}
