import type { PlantView } from "@doppelwerk/kit/server";
import { zoneOffsetOf } from "@doppelwerk/operations";
import type { OpenWorkOrder, ShiftFold } from "@doppelwerk/ports";
import { DAY, LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type { KnownRound, KnownWalk } from "../contract.ts";
import { dueSpans, plannedSpans, type Span } from "../model/due.ts";
import type { RoundFields } from "../model/round-kind.ts";
import { isBeyond, walksOf, type Walk } from "../model/walks.ts";
import { codesOf, type Entries } from "./entries.ts";
import { isZone, roundsOf } from "./rounds.ts";

const BEFORE: Instant = 7 * DAY;
const AHEAD: Instant = 8 * DAY;

export interface ShownOptions {
  readonly entries: Entries;
  now(): Instant;
  nameOf(actor: string): string;
  shifts(): ShiftFold | undefined;
}

/** Rounds with their walks, at an instant of a branch. */
export class ShownRounds {
  readonly #options: ShownOptions;

  constructor(options: ShownOptions) {
    this.#options = options;
  }

  async list(view: PlantView, branch: BranchId, t?: Instant) {
    const at = t ?? this.nowOf(view, branch);
    const rounds: KnownRound[] = [];
    for (const fields of roundsOf(view, branch, t)) if (!fields.isRetired) rounds.push(await this.one(view, branch, fields, t));
    const urgency = ({ due }: KnownRound): number => ["due", "missed"].indexOf(due?.at(-1)?.state ?? "") + 2 || 3;
    return { at, rounds: rounds.toSorted((a, b) => urgency(a) - urgency(b) || (a.round < b.round ? -1 : 1)) };
  }

  async one(view: PlantView, branch: BranchId, fields: RoundFields, t?: Instant): Promise<KnownRound> {
    const at = t ?? this.nowOf(view, branch);
    const walks = walksOf(await this.#options.entries.facts(branch, fields.code, t));
    const spans = await this.#spans(fields, at);
    const begun = spans?.filter(({ from }) => from <= at);
    const next = spans?.find(({ from }) => from > at)?.from;
    const last = walks.at(-1);
    return {
      round: fields.code,
      fields,
      ...(begun && { due: dueSpans(begun, walks, at) }),
      ...(next !== undefined && { next }),
      ...(last && { lastWalk: this.#lastOf(fields, last) }),
      codes: Object.fromEntries(fields.points.map((point) => [point.id, codesOf(view, point)])),
    };
  }

  /** Newest first. */
  async walks(
    view: PlantView,
    branch: BranchId,
    fields: RoundFields,
    { t, limit }: { readonly t?: Instant | undefined; readonly limit: number },
    orders: readonly OpenWorkOrder[],
  ): Promise<KnownWalk[]> {
    const walks = walksOf(await this.#options.entries.facts(branch, fields.code, t));
    return walks
      .toReversed()
      .slice(0, limit)
      .map((walk) => this.#walk(fields, walk, orders));
  }

  /** What was measured by one check, oldest first. */
  async trend(branch: BranchId, fields: RoundFields, point: string, check: string, t?: Instant) {
    const own = fields.points.find(({ id }) => id === point)?.checks.find(({ id }) => id === check);
    if (own === undefined) return undefined;
    const walks = walksOf(await this.#options.entries.facts(branch, fields.code, t));
    const values = walks.flatMap((walk) => {
      const answer = walk.points.get(point);
      const value = answer?.answers[check];
      if (answer === undefined || typeof value !== "number") return [];
      return [{ at: answer.at, value, isBeyond: isBeyond(own, value) === true, isScanned: answer.isScanned }];
    });
    const { unit, low, high } = own;
    return { ...(unit !== undefined && { unit }), ...(low !== undefined && { low }), ...(high !== undefined && { high }), values };
  }

  /** What a branch says is of its instant. */
  nowOf(view: PlantView, branch: BranchId): Instant {
    return branch === LIVE ? this.#options.now() : view.documents.branch(branch).instant;
  }

  async #spans({ schedule }: RoundFields, at: Instant): Promise<readonly Span[] | undefined> {
    if (schedule.kind === "none") return undefined;
    if (schedule.kind === "shift") {
      const found = await this.#options.shifts()?.results(at, schedule.line);
      // what was folded of the one that runs ends a moment before now; its span is the planned one
      return found?.shifts
        .filter(({ to }) => to > at - BEFORE)
        .map(({ id, from, to }) => ({ from, to: id === found.running?.id ? found.running.end : to }));
    }
    if (!isZone(schedule.timeZone)) return undefined;
    const weeks = schedule.kind === "week" ? 4 : 1;
    return plannedSpans(schedule, at - weeks * BEFORE, at + AHEAD, zoneOffsetOf(schedule.timeZone));
  }

  #lastOf(fields: RoundFields, { walk, startedAt, finishedAt, by, points }: Walk): NonNullable<KnownRound["lastWalk"]> {
    const beyond = fields.points.flatMap(({ id, checks }) => checks.filter((check) => isBeyond(check, points.get(id)?.answers[check.id])));
    return {
      walk,
      at: finishedAt ?? startedAt,
      by: this.#options.nameOf(by ?? ""),
      beyond: beyond.length,
      notScanned: [...points.values()].filter(({ isScanned }) => !isScanned).length,
      isFinished: finishedAt !== undefined,
    };
  }

  #walk(fields: RoundFields, { walk, startedAt, finishedAt, by, note, points }: Walk, orders: readonly OpenWorkOrder[]): KnownWalk {
    const { nameOf } = this.#options;
    return {
      walk,
      startedAt,
      ...(finishedAt !== undefined && { finishedAt }),
      by: nameOf(by ?? ""),
      ...(note !== undefined && { note }),
      points: [...points].map(([point, answer]) => {
        const known = fields.points.find(({ id }) => id === point);
        const order = orders.find(({ source, shell }) => source.kind === "round" && source.at === answer.at && shell === known?.shell);
        return {
          point,
          entry: answer.entry,
          at: answer.at,
          known: answer.known,
          by: nameOf(answer.by ?? by ?? ""),
          isScanned: answer.isScanned,
          ...(answer.how !== undefined && { how: answer.how }),
          corrected: answer.corrected,
          ...(answer.note !== undefined && { note: answer.note }),
          answers: Object.entries(answer.answers).map(([check, value]) => {
            const own = known?.checks.find(({ id }) => id === check);
            return { check, value, isBeyond: own !== undefined && isBeyond(own, value) === true };
          }),
          ...(order && { workOrder: order.id }),
        };
      }),
    };
  }
}
