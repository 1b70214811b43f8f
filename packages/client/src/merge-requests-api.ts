import type { Message } from "@doppelwerk/messages";
import type { BranchId, DiffItem, Instant, RecordId } from "@doppelwerk/world";
import type { ForecastRealised, RunResult } from "./runs-api.ts";

// Merge requests, and the log of what was written.

export interface MergeRequest {
  readonly id: RecordId;
  readonly branch: BranchId;
  readonly branchName: string;
  readonly title: string;
  readonly text: string;
  readonly author: { readonly id: string; readonly name: string };
  readonly createdAt: Instant;
  readonly status: "open" | "approved" | "merged" | "rejected" | "withdrawn";
  readonly stale: boolean;
  /** `solo`: given by the author himself, where the world allows it. */
  readonly approvals: readonly {
    readonly by: string;
    readonly name: string;
    readonly at: Instant;
    readonly valid: boolean;
    readonly solo?: true | undefined;
  }[];
  /** Of an open request: what each property class of its changes requires. Absent from servers of older releases. */
  readonly classes?: readonly RequestClass[];
  readonly comments: readonly { readonly by: string; readonly name: string; readonly at: Instant; readonly text: string }[];
  readonly planned: { readonly owner: string; readonly effectiveFrom: string; readonly action: string };
}

export interface RequestClass {
  readonly id: RecordId;
  readonly name: string;
  /** Roles of which an approver has one; none: whoever may approve. */
  readonly roles: readonly string[];
  readonly approvers: number;
  readonly missing: number;
  readonly presence: boolean;
  /** The author has none of the roles that propose such a change. */
  readonly authorMayNot?: true | undefined;
  readonly approvals: readonly { readonly by: string; readonly name: string; readonly at: Instant; readonly until?: Instant | undefined }[];
}

export interface MergeRequestDetail extends MergeRequest {
  readonly diff: readonly DiffLine[];
  readonly conflicts: readonly string[];
  readonly results: readonly RunResult[];
  /** Of a merged request that rests on a run. */
  readonly realised?: ForecastRealised;
  readonly diffItems: readonly DiffItem[];
  /** What an approval is bound to: send both back with it, so that what was seen is what is approved. */
  readonly diffHash: string;
  readonly resultHash: string;
  /** Why the asking person may not approve, absent when allowed; the code says the same for programs. */
  readonly mayNotApprove?: string;
  readonly mayNotApproveCode?: "closed" | "author" | "conflict" | "forbidden" | "role";
  /** The revision of live that wrote the plan, who merged it and when; absent until then. */
  readonly merged?: { readonly revision: number; readonly at: Instant; readonly by: string; readonly name: string };
}

export interface DiffLine {
  readonly shell: string;
  readonly path: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly unit: string;
  /** Of what came or went whole, where it has no value: what it is. `before` or `after` holds it too. */
  readonly kind?: string;
  /** Names of the property classes that the change is of. */
  readonly classes?: readonly string[] | undefined;
}

export interface LogLine {
  readonly revision: number;
  readonly at: Instant;
  readonly actor: string;
  readonly name: string;
  readonly branch: BranchId;
  readonly reason: string;
  /** The reason as a code with values where the server wrote it; absent where a person did. */
  readonly told?: Message;
  /** What a person wrote in the request or the comment that the entry is about. */
  readonly why?: string | undefined;
  /** The reason only says what was changed: nobody gave one. */
  readonly described?: true | undefined;
  readonly kind: "edit" | "fork" | "merge" | "import";
  readonly changes: number;
  readonly lines: readonly DiffLine[];
  readonly hash: string;
}
