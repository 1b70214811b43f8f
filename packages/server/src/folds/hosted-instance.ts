import { carriedIntakeState, definitionHash } from "@doppelwerk/world";
import type { AnyFold, FoldInstance, FoldState, Instant } from "@doppelwerk/world";
import type { Recorded } from "./fold-worker.ts";

/** An instance as it is hosted. */
export interface HostedInstance extends FoldInstance {
  readonly fold: AnyFold;
  /** The module whose default export the fold is. */
  readonly url: string;
  /** What was recorded in [from, to), in order of time. */
  recorded?(from: Instant, to: Instant): Promise<readonly Recorded[]>;
}

export function withState<Member extends HostedInstance>(
  member: Member,
  from: FoldState | undefined,
): Member & { readonly from?: FoldState } {
  return from === undefined ? member : { ...member, from };
}

export function keyOf({ fold, subject }: Pick<HostedInstance, "fold" | "subject">): string {
  return `${fold.id}\n${subject}`;
}

/** Those instances, and those whose outputs they take, in the order of all. */
export function withNeeded(members: readonly HostedInstance[], only: ReadonlySet<string>): readonly HostedInstance[] {
  const wanted = new Set(only);
  for (let size = 0; size < wanted.size;) {
    size = wanted.size;
    for (const member of members)
      if (wanted.has(keyOf(member))) for (const input of member.inputs) if ("fold" in input) wanted.add(`${input.fold}\n${input.subject}`);
  }
  return members.filter((member) => wanted.has(keyOf(member)));
}

/** The keys of those instances, and of all that take what they conclude. */
export function withDependents(members: readonly HostedInstance[], of: readonly HostedInstance[]): ReadonlySet<string> {
  const due = new Set(of.map(keyOf));
  for (let size = 0; size < due.size;) {
    size = due.size;
    for (const member of members)
      if (member.inputs.some((input) => "fold" in input && due.has(`${input.fold}\n${input.subject}`))) due.add(keyOf(member));
  }
  return due;
}

export function isOfOne(a: HostedInstance, b: HostedInstance): boolean {
  return a.fold === b.fold && a.subject === b.subject;
}

export function isSame(a: HostedInstance, b: HostedInstance): boolean {
  return a.fold === b.fold && definitionHash(a.fold, a) === definitionHash(b.fold, b);
}

export function isSameList(a: readonly HostedInstance[], b: readonly HostedInstance[]): boolean {
  return a.length === b.length && a.every((one, at) => isSame(one, b[at]!));
}

/** A state for other inputs: what waits, and what came last, goes by signal. */
export function carriedState(state: FoldState, adopted: unknown, before: FoldInstance, after: FoldInstance): FoldState {
  const names = (instance: FoldInstance): string[] => instance.inputs.map((input) => JSON.stringify(input));
  const [old, now] = [names(before), names(after)];
  return {
    ...state,
    state: adopted,
    intake: carriedIntakeState(state.intake, old, now),
    origins: now.map((name) => state.origins[old.indexOf(name)] ?? 0),
  };
}
