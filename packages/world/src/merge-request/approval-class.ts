import type { BranchId, Change } from "../change.ts";
import { changedId } from "../fold.ts";
import type { Instant } from "../instant.ts";
import type { ApprovalClass, ApprovalClasses } from "../ports/approval-classes.ts";
import type { ChangeLog } from "../ports/change-log.ts";
import type { RecordId } from "../record.ts";
import type { Branch } from "../world.ts";
import type { Approval, MergeRequestRecord } from "./merge-request.ts";

/** Where a request stands for one class. */
export interface ClassState {
  readonly class: ApprovalClass;
  /** Records of the class that the merge would write. */
  readonly records: readonly RecordId[];
  /** Those that count now. */
  readonly approvals: readonly { readonly by: string; readonly at: Instant; readonly until?: Instant }[];
  /** How many people still have to approve. */
  readonly missing: number;
  /** The author has none of the roles that propose a change of it. */
  readonly authorMayNot: boolean;
  /** Who asks has one of the roles that approve it. */
  readonly mayApprove: boolean;
}

export interface Reviewed {
  readonly request: MergeRequestRecord;
  /** Approvals of what would be merged. */
  readonly valid: readonly Approval[];
  readonly now: Instant;
  /** Of who asks. */
  readonly grants: readonly string[];
}

/** What each class of the changes still requires */
export function classStates(
  classes: ApprovalClasses | undefined,
  changes: readonly Change[],
  { request, valid, now, grants }: Reviewed,
): readonly ClassState[] {
  const recordsOf = new Map<RecordId, { readonly class: ApprovalClass; readonly records: RecordId[] }>();
  for (const [record, found] of classes?.of(changes) ?? []) {
    for (const one of found) {
      const known = recordsOf.get(one.id);
      if (known === undefined) recordsOf.set(one.id, { class: one, records: [record] });
      else known.records.push(record);
    }
  }
  return [...recordsOf.values()].map((of) => {
    const approvals = valid
      .filter(
        (approval) => counts(approval, of.class, request, now) && mayAll(classes!, approval.grants ?? [], of.class.approve, of.records),
      )
      .map(({ by, at }) => ({ by, at, ...(of.class.expiresAfter !== undefined && { until: at + of.class.expiresAfter }) }));
    const people = new Set(approvals.map(({ by }) => by)).size;
    return {
      ...of,
      approvals,
      missing: Math.max(0, of.class.approvers - people),
      mayApprove: mayAll(classes!, grants, of.class.approve, of.records),
      authorMayNot: !mayAll(classes!, request.authorGrants ?? [], of.class.propose, of.records),
    };
  });
}

function counts(approval: Approval, { expiresAfter, presence }: ApprovalClass, request: MergeRequestRecord, now: Instant): boolean {
  // whatever the world allows one person, a class is of several
  if (approval.by === request.author || approval.solo === true) return false;
  if (presence && approval.presence !== true) return false;
  return expiresAfter === undefined || now < approval.at + expiresAfter;
}

/** Whether the grants hold one of the roles for every record; no roles are anybody's. */
export function mayAll(
  classes: ApprovalClasses,
  grants: readonly string[],
  roles: readonly string[],
  records: readonly RecordId[],
): boolean {
  return roles.length === 0 || records.every((record) => classes.qualifies(grants, roles, record));
}

/** A branch with those that were merged into it. */
export function branchesWithin(branch: BranchId, all: ReadonlyMap<BranchId, Branch>): ReadonlySet<BranchId> {
  const found = new Set([branch]);
  // a set that grows while it is looked through: what was merged into what was merged is in it too
  for (const id of found) for (const one of all.values()) if (one.parent === id && one.closed?.as === "merged") found.add(one.id);
  return found;
}

/** Whether somebody wrote one of the records on one of the branches; who merged a branch wrote nothing of it. */
export async function wroteOn(
  log: Pick<ChangeLog, "read">,
  { branches, since, actor }: { readonly branches: ReadonlySet<BranchId>; readonly since: number; readonly actor: string },
  records: ReadonlySet<RecordId>,
): Promise<boolean> {
  for await (const entry of log.read(since)) {
    if (entry.actor !== actor || entry.merge !== undefined || !branches.has(entry.branch)) continue;
    if (entry.changes.some((change) => records.has(changedId(change)))) return true;
  }
  return false;
}
