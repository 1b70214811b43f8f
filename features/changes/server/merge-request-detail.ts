import type { PlantView } from "@doppelwerk/kit/server";
import type { RunResults } from "@doppelwerk/ports";
import { textOf } from "@doppelwerk/kit";
import { LIVE } from "@doppelwerk/world";
import type { DiffItem, MergeRequestRecord, MergeRequestState, WorldView } from "@doppelwerk/world";
import type { MergeRequest, MergeRequestDetail } from "../contract.ts";
import { linesOfDiff } from "./diff-line.ts";
import { inEffectSince } from "./in-effect-since.ts";

type NameOf = (actor: string) => string;

/** A merge request as lists show it. */
export function shown(view: WorldView, state: MergeRequestState, nameOf: NameOf): MergeRequest {
  const { request, plan, validApprovals } = state;
  const open = request.status === "open" || request.status === "approved";
  return {
    id: request.id,
    branch: request.branch,
    branchName: view.branches().find((branch) => branch.id === request.branch)?.name ?? request.branch,
    title: request.title,
    text: request.text,
    author: { id: request.author, name: nameOf(request.author) },
    createdAt: request.createdAt,
    status: request.status,
    stale: open && request.approvals.length > validApprovals.length,
    approvals: request.approvals.map((approval) => ({
      by: approval.by,
      name: nameOf(approval.by),
      at: approval.at,
      valid: request.status === "merged" || (plan !== undefined && validApprovals.includes(approval)),
      ...(approval.solo === true && { solo: approval.solo }),
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
    diff: diffItems.flatMap((item) => linesOfDiff(reader, item)),
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

function whyNotApprove(view: WorldView, { request, plan }: MergeRequestState): WhyNot | undefined {
  if (request.status !== "open" && request.status !== "approved") return { code: "closed", text: `the request is ${request.status}` };
  if (request.author === view.principal.id && !view.requests.isSoloAllowed())
    return { code: "author", text: "the author cannot approve his own request" };
  if (plan && plan.conflicts.length > 0) return { code: "conflict", text: "the branch conflicts with live" };
  const decision = view.may("approve", LIVE);
  return decision.allowed ? undefined : { code: "forbidden", text: textOf(decision.why) };
}
