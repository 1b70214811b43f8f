import type { Instant } from "../instant.ts";
import type { RecordId } from "../record.ts";
import type { SampleBatch } from "../signals/sample.ts";
import { codeOfOrigin } from "../signals/origin.ts";
import type { AnyFold, Concluded } from "./fold.ts";
import { depthOfFolds } from "./fold-order.ts";
import { FoldGroup } from "./fold-group.ts";
import { FoldMember, type FoldFault, type RunMember } from "./fold-member.ts";
import type { FoldState } from "./fold-state.ts";
import type { IntakeCounts } from "./sample-intake.ts";

/** Instances of folds at work over one stream of samples. The same samples give the same conclusions however they are cut into batches. */
export interface FoldRun {
  /** Ids of all signals that some instance takes. */
  readonly signals: readonly RecordId[];
  /** Takes samples; `signalIds[i]` names index i of the batch, the same array may grow. They act when `advance` passes their time. */
  step(batch: SampleBatch, signalIds: readonly RecordId[]): void;
  /** Something recorded, in order of time with the samples; `id` tells it from others of its instant. */
  record(type: string, event: unknown, at: Instant, id: string): void;
  /** An act of a person: folded at once, though samples of that moment may still be on their way. */
  act(fold: string, subject: RecordId, type: string, event: unknown, at: Instant): void;
  /** What an act would conclude; throws what refuses it. */
  judge(fold: string, subject: RecordId, act: unknown, at: Instant): readonly Pick<Concluded, "fold" | "output" | "origin">[];
  /** Declares that time has come to `instant`: acts on all samples and timers up to it. */
  advance(instant: Instant): void;
  now(): Instant;
  /** What was concluded since the last call, in the order in which it became known. */
  drain(): readonly Concluded[];
  /** The instance at work, to be asked; undefined where there is none, or it was stopped. */
  folding(fold: string, subject: RecordId): unknown;
  /** Stops an instance, with what needs it. */
  stop(fold: string, subject: RecordId, error: unknown): void;
  /** Instances that threw, or need one that did. The others go on. */
  faults(): readonly FoldFault[];
  counts(fold: string, subject: RecordId): IntakeCounts | undefined;
  /** Undefined where there is none, or it was stopped. */
  snapshot(fold: string, subject: RecordId): FoldState | undefined;
}

interface Target {
  readonly group: FoldGroup;
  readonly member: FoldMember;
  readonly slot: number;
}

/** The folds of a run. A need that no instance takes from may be missing: alarms of a world without a line take no states. */
function withNeeds(members: readonly RunMember[]): Pick<AnyFold, "id" | "version" | "needs">[] {
  const folds = new Set(members.map(({ fold }) => fold));
  const ids = new Set([...folds].map(({ id }) => id));
  const isAsked = (fold: AnyFold, id: string): boolean =>
    members.some((member) => member.fold === fold && member.inputs.some((input) => "fold" in input && input.fold === id));
  return [...folds].map((fold) => ({
    id: fold.id,
    version: fold.version,
    needs: fold.needs.filter((need) => ids.has(need.split("@")[0]!) || isAsked(fold, need.split("@")[0]!)),
  }));
}

export function createFoldRun(members: readonly RunMember[]): FoldRun {
  const depths = depthOfFolds(withNeeds(members));
  let drained: Concluded[] = [];
  const own = members.map((member) => new FoldMember(member, depths.get(member.fold.id)!)).toSorted((a, b) => a.depth - b.depth);
  const byKey = new Map(own.map((member) => [member.key, member]));
  const groups = groupsOf(own, byKey, (concluded) => drained.push(concluded));
  const groupOf = new Map(groups.flatMap((group) => group.members.map((member) => [member, group] as const)));
  const targets = new Map<RecordId, Target[]>();
  for (const member of own)
    for (const [slot, input] of member.inputs.entries())
      if ("signal" in input)
        targets.set(input.signal, [...(targets.get(input.signal) ?? []), { group: groupOf.get(member)!, member, slot }]);
  const rows = new RowTargets(targets);
  let now: Instant = Math.max(0, ...own.map(({ at }) => at));

  const find = (fold: string, subject: RecordId): FoldMember | undefined => {
    const member = byKey.get(keyOf(fold, subject));
    return member?.fault === undefined ? member : undefined;
  };
  return {
    signals: [...targets.keys()],
    step(batch, signalIds) {
      const ofRow = rows.of(signalIds);
      const batchOrigin = codeOfOrigin(batch.origin);
      for (let row = 0; row < batch.count; row++) {
        const wanted = ofRow[batch.signals[row]!];
        if (wanted === undefined) continue;
        const time = batch.sourceTimes[row]!;
        const origin = batch.origins?.[row] ?? batchOrigin;
        for (const { group, member, slot } of wanted) {
          if (member.fault !== undefined) continue;
          group.waits(time);
          member.intake.put(slot, batch.values[row]!, batch.texts.get(row), batch.qualities[row]!, time, origin);
        }
      }
    },
    record(type, event, at, id) {
      for (const member of own)
        for (const [slot, input] of member.inputs.entries())
          if ("recorded" in input && input.recorded === type && member.fault === undefined) {
            groupOf.get(member)!.waits(at);
            member.intake.putEvent(slot, event, at, id);
          }
    },
    act(fold, subject, type, event, at) {
      const member = find(fold, subject);
      if (member) groupOf.get(member)!.act(member, type, event, at);
    },
    judge: (fold, subject, act, at) => find(fold, subject)?.judge(act, at) ?? [],
    advance(instant) {
      for (const group of groups) if (group.next <= instant) group.advance(instant);
      now = Math.max(now, instant);
    },
    now: () => now,
    drain() {
      const out = drained;
      drained = [];
      // groups are advanced one after the other
      return groups.length > 1 ? out.toSorted((a, b) => a.known - b.known) : out;
    },
    folding: (fold, subject) => find(fold, subject)?.folding,
    stop(fold, subject, error) {
      const member = find(fold, subject);
      if (member) groupOf.get(member)!.stop(member, error);
    },
    faults: () => own.flatMap(({ fault }) => (fault === undefined ? [] : [fault])),
    counts: (fold, subject) => byKey.get(keyOf(fold, subject))?.intake.counts,
    snapshot: (fold, subject) => find(fold, subject)?.snapshot(now),
  };
}

export function keyOf(fold: string, subject: RecordId): string {
  return `${fold}\n${subject}`;
}

/** Instances that depend on each other, each group for itself: what nothing comes to costs nothing. */
function groupsOf(
  members: readonly FoldMember[],
  byKey: ReadonlyMap<string, FoldMember>,
  give: (concluded: Concluded) => void,
): readonly FoldGroup[] {
  const setOf = new Map<FoldMember, Set<FoldMember>>(members.map((member) => [member, new Set([member])]));
  for (const member of members)
    for (const [slot, input] of member.inputs.entries()) {
      if (!("fold" in input)) continue;
      const source = byKey.get(keyOf(input.fold, input.subject));
      if (source === undefined) continue;
      source.feeds.push({ type: input.type, member, slot });
      const joined = new Set([...setOf.get(source)!, ...setOf.get(member)!]);
      for (const each of joined) setOf.set(each, joined);
    }
  return [...new Set(setOf.values())].map(
    (set) =>
      new FoldGroup(
        members.filter((member) => set.has(member)),
        give,
      ),
  );
}

/** Where each row of the table goes; the ids are looked up once. */
class RowTargets {
  readonly #targets: ReadonlyMap<RecordId, readonly Target[]>;
  #named: readonly RecordId[] = [];
  #rows: (readonly Target[] | undefined)[] = [];

  constructor(targets: ReadonlyMap<RecordId, readonly Target[]>) {
    this.#targets = targets;
  }

  of(ids: readonly RecordId[]): readonly (readonly Target[] | undefined)[] {
    if (ids !== this.#named) this.#rows = [];
    this.#named = ids;
    for (let row = this.#rows.length; row < ids.length; row++) this.#rows.push(this.#targets.get(ids[row]!));
    return this.#rows;
  }
}
