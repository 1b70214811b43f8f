import type { PlantView } from "@doppelwerk/kit/server";
import type { RunResults } from "@doppelwerk/ports";
import { message, textOf } from "@doppelwerk/kit";
import { changedId, LIVE } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import type { ClassState, Decision, DiffItem, MergeRequestRecord, MergeRequestState, WorldView } from "@doppelwerk/world";
import type { MergeRequest, MergeRequestDetail } from "../contract.ts";
import { linesOfDiff } from "./diff-line.ts";
import { inEffectSince } from "./in-effect-since.ts";

type NameOf = (actor: string) => string;

/** A merge request as lists show it. */
export function shown(view: WorldView, state: MergeRequestState, nameOf: NameOf): MergeRequest {
  const { request, plan, validApprovals, classes } = state;
  const open = request.status === "open" || request.status === "approved";
  return {
    id: request.id,
    branch: request.branch,
    branchName: view.branches().find((branch) => branch.id === request.branch)?.name ?? request.branch,
    title: request.title,
    text: request.text,
    author: { id: request.author, name: nameOf(request.author) },
    createdAt: request.createdAt,
    // the first approval is not all that a class requires
    status: request.status === "approved" && classes.some(isOpenClass) ? "open" : request.status,
    stale: open && request.approvals.length > validApprovals.length,
    approvals: request.approvals.map((approval) => ({
      by: approval.by,
      name: nameOf(approval.by),
      at: approval.at,
      valid: request.status === "merged" || (plan !== undefined && validApprovals.includes(approval)),
      ...(approval.solo === true && { solo: approval.solo }),
    })),
    classes: classes.map(({ class: of, missing, authorMayNot, approvals }) => ({
      id: of.id,
      name: of.name,
      roles: of.approve,
      approvers: of.approvers,
      missing,
      presence: of.presence,
      ...(authorMayNot && { authorMayNot }),
      approvals: approvals.map((approval) => ({ ...approval, name: nameOf(approval.by) })),
    })),
    comments: view.requests
      .comments(request.id)
      .map((comment) => ({ by: comment.author, name: nameOf(comment.author), at: comment.at, text: comment.text })),
    planned: request.planned,
  };
}

/** A merge request with what it changes; `runs` is undefined while simulation is off. */
export async function detailOf(
  { documents, logBefore }: PlantView,
  id: string,
  nameOf: NameOf,
  runs: RunResults | undefined,
): Promise<MergeRequestDetail> {
  const state = documents.requests.state(id);
  const { request, plan } = state;
  const reader = documents.reader(request.branch);
  const diffItems = documents.diff(request.branch);
  const whyNot = whyNotApprove(documents, state);
  const merged = await mergedAs({ documents, logBefore }, request, nameOf);
  const realised = await realisedOf(documents, request, diffItems, runs);
  return {
    ...shown(documents, state, nameOf),
    diff: diffItems.flatMap((item) => {
      const names = state.classes.filter(({ records }) => records.includes(item.id)).map(({ class: { name } }) => name);
      return linesOfDiff(reader, item).map((line) => (names.length === 0 ? line : { ...line, classes: names }));
    }),
    conflicts: (plan?.conflicts ?? []).map((conflict) => `${conflict.reason} ${conflict.field ?? ""} ${conflict.id}`),
    results: (await runs?.ofHash(request.resultHash)) ?? [],
    ...(runs === undefined ? { resultsOff: true as const } : {}),
    diffItems,
    diffHash: plan?.diffHash ?? request.diffHash,
    resultHash: request.resultHash,
    ...(realised === undefined ? {} : { realised }),
    ...(whyNot === undefined ? {} : { mayNotApprove: whyNot.text, mayNotApproveCode: whyNot.code }),
    ...(merged === undefined ? {} : { merged }),
  };
}

/** The first run of a merged request against the shifts since. */
async function realisedOf(
  view: WorldView,
  request: MergeRequestRecord,
  changed: readonly DiffItem[],
  runs: RunResults | undefined,
): Promise<MergeRequestDetail["realised"]> {
  const closed = view.branches().find(({ id }) => id === request.branch)?.closed;
  if (request.status !== "merged" || closed?.as !== "merged") return undefined;
  const ids = changed.map(({ id }) => id);
  const since = inEffectSince(view, request.id, ids);
  return runs?.realised(request.resultHash, { at: closed.at, ...(since === undefined ? {} : { inEffectSince: since }) });
}

/** The revision that closed its branch, as the log has it. */
async function mergedAs(
  { documents, logBefore }: Pick<PlantView, "documents" | "logBefore">,
  request: MergeRequestRecord,
  nameOf: NameOf,
): Promise<MergeRequestDetail["merged"]> {
  const closed = documents.branches().find(({ id }) => id === request.branch)?.closed;
  if (request.status !== "merged" || closed?.as !== "merged") return undefined;
  const [entry] = await logBefore(closed.revision + 1, 1);
  if (entry?.merge?.request !== request.id) return undefined;
  return { revision: entry.revision, at: entry.time, by: entry.actor, name: nameOf(entry.actor) };
}

interface WhyNot {
  readonly code: NonNullable<MergeRequestDetail["mayNotApproveCode"]>;
  readonly text: string;
}

function whyNotApprove(view: WorldView, { request, plan, classes }: MergeRequestState): WhyNot | undefined {
  if (request.status !== "open" && request.status !== "approved") return { code: "closed", text: `the request is ${request.status}` };
  if (request.author === view.principal.id && !view.requests.isSoloAllowed())
    return { code: "author", text: "the author cannot approve his own request" };
  if (plan && plan.conflicts.length > 0) return { code: "conflict", text: "the branch conflicts with live" };
  const decision = mayApproveSome(view, plan);
  if (!decision.allowed) return { code: "forbidden", text: textOf(decision.why) };
  const [first] = classes;
  if (first === undefined || classes.some(({ mayApprove }) => mayApprove)) return undefined;
  return { code: "role", text: textOf(message("changes.classRole", { class: first.class.name, roles: first.class.approve.join(", ") })) };
}

/** At the place of the first change that somebody may not approve. */
function mayApproveSome(view: WorldView, plan: MergeRequestState["plan"]): Decision {
  const general = view.mayAnywhere("approve", LIVE);
  if (!general.allowed || plan === undefined) return general;
  const ids = new Set(plan.changes.map(changedId));
  return [...ids].map((id) => view.may("approve", LIVE, id)).find(({ allowed }) => !allowed) ?? general;
}

function isOpenClass({ missing, authorMayNot }: ClassState): boolean {
  return missing > 0 || authorMayNot;
}
