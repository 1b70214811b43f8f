import { branch, changesBody, diffItem, endpoint, instant, logEntry, z } from "@doppelwerk/kit";
import { forecastRealisedShape, runResultShape, messageShape } from "@doppelwerk/ports";

/** One line of a change as people read it. */
export const DiffLine = z.object({
  shell: z.string(),
  path: z.string(),
  label: z.string(),
  before: z.string(),
  after: z.string(),
  unit: z.string(),
  /** Of a record that was created or deleted as a whole and has no value: its kind. `before` or `after` holds it too. */
  kind: z.string().optional(),
  classes: z.array(z.string()).readonly().optional().describe("names of the property classes that the change is of"),
});
export type DiffLine = z.output<typeof DiffLine>;

/** One entry of the log. Times are microseconds since 1970. */
export const LogLine = z.object({
  revision: z.int(),
  at: z.int(),
  actor: z.string(),
  name: z.string(),
  branch: z.string(),
  reason: z.string(),
  /** The reason as a code with values where the server wrote it; absent where a person did. */
  message: messageShape.optional(),
  told: messageShape.optional().describe("deprecated: use message"),
  why: z.string().optional().describe("what a person wrote in the request or the comment that the entry is about"),
  described: z.literal(true).optional().describe("the reason only says what was changed: nobody gave one"),
  kind: z.enum(["edit", "fork", "merge", "import"]),
  /** Changes of the entry; `lines` shows the first of them. */
  changes: z.int(),
  lines: z.array(DiffLine),
  hash: z.string(),
});
export type LogLine = z.output<typeof LogLine>;

const remark = z.object({ by: z.string(), name: z.string(), at: z.int(), text: z.string() });

export const MergeRequest = z.object({
  id: z.string(),
  branch: z.string(),
  branchName: z.string(),
  title: z.string(),
  text: z.string(),
  author: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.int(),
  status: z.enum(["open", "approved", "merged", "rejected", "withdrawn"]),
  /** It has approvals that are void by now. */
  stale: z.boolean(),
  approvals: z.array(
    z.object({
      by: z.string(),
      name: z.string(),
      at: z.int(),
      valid: z.boolean(),
      /** Given by the author himself, where the world allows it. */
      solo: z.literal(true).optional(),
    }),
  ),
  /** Of an open request: what each property class of its changes requires, and what is missing of it. */
  classes: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        /** Roles of which an approver has one; none: whoever may approve. */
        roles: z.array(z.string()).readonly(),
        approvers: z.int(),
        missing: z.int(),
        presence: z.boolean(),
        authorMayNot: z.literal(true).optional().describe("the author has none of the roles that propose such a change"),
        /** Those that count now; `until`: when they end. */
        approvals: z.array(z.object({ by: z.string(), name: z.string(), at: z.int(), until: z.int().optional() })).readonly(),
      }),
    )
    .readonly(),
  comments: z.array(remark),
  planned: z.object({ owner: z.string(), effectiveFrom: z.string(), action: z.string() }),
});
export type MergeRequest = z.output<typeof MergeRequest>;

export const MergeRequestDetail = MergeRequest.extend({
  diff: z.array(DiffLine),
  conflicts: z.array(z.string()),
  /** Runs that it rests on. */
  results: z.array(runResultShape).readonly(),
  /** Simulation is off in this world: `results` is empty whatever the request rests on, and `realised` is absent. */
  resultsOff: z.literal(true).optional(),
  /** Of a merged request that rests on a run. */
  realised: forecastRealisedShape.optional(),
  diffItems: z.array(diffItem).readonly(),
  /** What an approval is bound to: sent back with it, so that what was seen is what is approved. */
  diffHash: z.string(),
  resultHash: z.string(),
  /** Why the asking person may not approve, absent when allowed. */
  mayNotApprove: z.string().optional(),
  mayNotApproveCode: z.enum(["closed", "author", "conflict", "forbidden", "role"]).optional(),
  /** The revision of live that wrote the plan; absent until then. */
  merged: z.object({ revision: z.int(), at: z.int(), by: z.string(), name: z.string() }).optional(),
});
export type MergeRequestDetail = z.output<typeof MergeRequestDetail>;

export const branches = endpoint({
  id: "changes.branches",
  route: "GET /branches",
  people: { as: "author" },
  summary: "Every branch, live among them",
  action: "read",
  tool: { name: "branches", effect: "read", description: "Every branch that there is, live among them." },
  answer: z.array(branch).readonly(),
});

export const fork = endpoint({
  id: "changes.fork",
  route: "POST /branches",
  summary: "Fork live at an instant; without at: now",
  action: "fork",
  body: z.object({ name: z.string().trim().min(1).max(120), at: instant.optional() }),
  answer: branch,
  status: 201,
});

const onBranch = { branch: "params.branch", errors: ["DW_NOT_FOUND"] } as const;

export const branchOf = endpoint({
  id: "changes.branch",
  route: "GET /branches/:branch",
  summary: "One branch",
  action: "read",
  ...onBranch,
  answer: branch,
});

export const abandon = endpoint({
  id: "changes.abandon",
  route: "DELETE /branches/:branch",
  summary: "Abandon a branch",
  // its creator, or an administrator: decided by the world
  action: "read",
  ...onBranch,
  answer: undefined,
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT"],
});

export const apply = endpoint({
  id: "changes.apply",
  route: "POST /branches/:branch/changes",
  summary: "Apply one transaction",
  action: "edit",
  isDecidedByRecord: true,
  ...onBranch,
  body: z.object({ reason: z.string().trim().min(1).max(2_000), changes: changesBody }),
  answer: logEntry,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_LIVE_BOUND", "DW_UNAVAILABLE"],
});

export const undo = endpoint({
  id: "changes.undo",
  route: "POST /branches/:branch/undo",
  summary: "Take back one's own last transaction",
  action: "edit",
  isDecidedByRecord: true,
  ...onBranch,
  answer: logEntry,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const diff = endpoint({
  id: "changes.diff",
  route: "GET /branches/:branch/diff",
  people: { as: "author" },
  summary: "What the branch changes against live",
  action: "read",
  ...onBranch,
  answer: z.array(diffItem).readonly(),
});

export const requests = endpoint({
  id: "changes.requests",
  route: "GET /merge-requests",
  people: { as: "author" },
  summary: "Every merge request, newest first",
  action: "read",
  answer: z.array(MergeRequest),
});

export const propose = endpoint({
  id: "changes.propose",
  route: "POST /merge-requests",
  summary: "Propose a branch",
  action: "propose",
  isDecidedByRecord: true,
  body: z.object({
    branch: z.string(),
    title: z.string().trim().min(1).max(200),
    text: z.string().max(10_000),
    /** Runs whose results it rests on. */
    runs: z.array(z.string()).max(20),
    planned: z.object({
      owner: z.string().trim().min(1).max(120),
      effectiveFrom: z.iso.date().or(z.iso.datetime()),
      action: z.string().trim().min(1).max(500),
    }),
  }),
  answer: MergeRequest,
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

const onRequest = { subject: "params.id", answer: MergeRequestDetail, errors: ["DW_NOT_FOUND", "DW_CONFLICT"] } as const;
const text = z.string().trim().min(1).max(10_000);

export const request = endpoint({
  id: "changes.request",
  route: "GET /merge-requests/:id",
  people: { as: "author" },
  summary: "A merge request with diff, results and what an approval is bound to",
  action: "read",
  ...onRequest,
});

export const comment = endpoint({
  id: "changes.comment",
  route: "POST /merge-requests/:id/comments",
  summary: "Comment",
  action: "comment",
  ...onRequest,
  body: z.object({ text }),
});

export const approve = endpoint({
  id: "changes.approve",
  route: "POST /merge-requests/:id/approve",
  summary: "Approve what was seen; by the author only where the world allows it",
  action: "approve",
  isDecidedByRecord: true,
  ...onRequest,
  body: z.object({ diffHash: z.string().optional(), resultHash: z.string().optional() }),
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT", "DW_STALE_APPROVAL", "DW_SAME_PERSON"],
});

const approvalSetting = z.object({
  /** Authors may approve their own requests; each such approval is marked in the request and in the log. */
  solo: z.boolean(),
});

export const readApprovalSetting = endpoint({
  id: "changes.readApprovalSetting",
  route: "GET /approval-setting",
  summary: "Whether authors may approve their own merge requests",
  action: "read",
  answer: approvalSetting,
});

export const changeApprovalSetting = endpoint({
  id: "changes.changeApprovalSetting",
  route: "PUT /approval-setting",
  summary: "Allow authors to approve their own merge requests, for a world with one person, or end it; both are entries of the log",
  action: "administer",
  body: approvalSetting,
  answer: approvalSetting,
});

export const merge = endpoint({
  id: "changes.merge",
  route: "POST /merge-requests/:id/merge",
  summary: "Write the plan to live as one revision",
  action: "propose",
  isDecidedByRecord: true,
  ...onRequest,
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT", "DW_STALE_APPROVAL"],
});

export const reject = endpoint({
  id: "changes.reject",
  route: "POST /merge-requests/:id/reject",
  summary: "Reject, with a reason if one is given",
  action: "approve",
  isDecidedByRecord: true,
  ...onRequest,
  body: z.object({ text: z.string().trim().max(10_000).optional() }),
});

export const withdraw = endpoint({
  id: "changes.withdraw",
  route: "POST /merge-requests/:id/withdraw",
  summary: "Withdraw one's own request",
  // its author: decided by the world
  action: "read",
  ...onRequest,
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT"],
});

export const confirm = endpoint({
  id: "changes.confirm",
  route: "POST /elements/:id/confirm",
  summary: "The plant was changed as planned: the plan becomes as-is",
  action: "edit",
  subject: "params.id",
  answer: z.object({ revision: z.int() }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const log = endpoint({
  id: "changes.log",
  route: "GET /log",
  people: { as: "author" },
  summary: "Who changed what, when and why, newest first",
  action: "read",
  tool: { name: "log", effect: "read", description: "Who changed what in the documents, when and why, newest first." },
  query: z.object({
    before: z.coerce.number().int().min(1).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  answer: z.array(LogLine),
});
