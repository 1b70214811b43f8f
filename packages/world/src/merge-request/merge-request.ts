import type { BranchId, Change } from "../change.ts";
import type { Instant } from "../instant.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { ClassState } from "./approval-class.ts";
import type { Commit, MergePlan, PlannedMeta, RecordReader } from "../world.ts";

/** The request to merge a branch: an ordinary record on live, written only through `MergeRequests`. Indexes `branch`, `status`. */
export interface MergeRequestRecord extends WorldRecord {
  readonly kind: "mergeRequest";
  readonly branch: BranchId;
  readonly title: string;
  readonly text: string;
  readonly author: string;
  /** Roles of the author when it was opened or last given a result; absent in requests of worlds without property classes. */
  readonly authorGrants?: readonly string[];
  readonly createdAt: Instant;
  /** Hash of the merge plan when it was opened or last given a result. */
  readonly diffHash: string;
  /** Hash of the run results the proposer shows, "" when he shows none. */
  readonly resultHash: string;
  readonly baseRevision: number;
  readonly status: "open" | "approved" | "merged" | "rejected" | "withdrawn";
  readonly approvals: readonly Approval[];
  readonly planned: PlannedMeta & { readonly [key: string]: Json };
}

/** Bound to the diff and the result: worth nothing once either differs (P18). */
export interface Approval {
  readonly by: string;
  readonly at: Instant;
  readonly diffHash: string;
  readonly resultHash: string;
  /** Given by the author himself, where the world allows it. */
  readonly solo?: true;
  /** Roles of the approver then; absent in worlds without property classes. */
  readonly grants?: readonly string[];
  /** Given with a fresh proof of presence. */
  readonly presence?: true;
  readonly [key: string]: Json | undefined;
}

/** One remark on a merge request. Index `request`. */
export interface CommentRecord extends WorldRecord {
  readonly kind: "comment";
  readonly request: RecordId;
  readonly author: string;
  readonly text: string;
  readonly at: Instant;
}

/** Where a request stands against the plant as it is now. */
export interface MergeRequestState {
  readonly request: MergeRequestRecord;
  /** Undefined once the branch is closed. */
  readonly plan: MergePlan | undefined;
  /** Approvals still bound to the present diff and result, by someone other than the author; by the author while the world allows it. */
  readonly validApprovals: readonly Approval[];
  /** What each property class of its changes requires, and what is missing of it. Changes that the principal may not see are not in it. */
  readonly classes: readonly ClassState[];
}

/** Errors: DW_NOT_FOUND, DW_FORBIDDEN, DW_SAME_PERSON (author approves), DW_STALE_APPROVAL (diff, result or base moved), DW_CONFLICT (closed request, merge conflicts). */
export interface MergeRequests {
  open(options: {
    readonly branch: BranchId;
    readonly title: string;
    readonly text: string;
    readonly planned: PlannedMeta;
    readonly resultHash?: string;
  }): Promise<MergeRequestRecord>;
  comment(request: RecordId, text: string): Promise<CommentRecord>;
  /** Says again what it is about; approvals stay, for they are of what it changes. Its author, or an administrator. */
  describe(id: RecordId, text: string): Promise<MergeRequestRecord>;
  comments(request: RecordId): readonly CommentRecord[];
  state(request: RecordId): MergeRequestState;
  /** The author shows other results or a changed branch: earlier approvals are void. */
  update(request: RecordId, resultHash: string): Promise<MergeRequestRecord>;
  /** `diffHash` and `resultHash` are those the approver saw on his screen; `presence`: he proved to be there. */
  approve(
    request: RecordId,
    seen: { readonly diffHash: string; readonly resultHash: string; readonly presence?: true },
  ): Promise<MergeRequestRecord>;
  reject(request: RecordId): Promise<MergeRequestRecord>;
  withdraw(request: RecordId): Promise<MergeRequestRecord>;
  merge(request: RecordId): Promise<Commit>;
  /** Whether authors may approve their own requests. */
  isSoloAllowed(): boolean;
  /** Allows it or ends it, as an entry of the log. Errors: DW_FORBIDDEN to who may not administer. */
  allowSolo(allowed: boolean): Promise<void>;
}

/** Kinds that are written only through `MergeRequests`, and that undo leaves alone. */
export const requestKinds: ReadonlySet<string> = new Set(["mergeRequest", "comment", "approvalSetting"]);

/** The request's own part of the revision that merges it. */
export function statusMerged(target: RecordReader, request: RecordId): readonly Change[] {
  const record = target.get(request);
  if (record?.kind !== "mergeRequest") return [];
  return [{ op: "update", id: request, fields: { status: { from: record["status"], to: "merged" } } }];
}

/** Those that count; `solo`: the world allows authors to approve their own. */
export function validApprovals(request: MergeRequestRecord, diffHash: string, solo: boolean): readonly Approval[] {
  return request.approvals.filter(
    (approval) =>
      (approval.by !== request.author || (solo && approval.solo === true)) &&
      approval.diffHash === diffHash &&
      approval.resultHash === request.resultHash,
  );
}
