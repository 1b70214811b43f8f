import type { MergeRequest, MergeRequestDetail } from "@doppelwerk/client";
import { message, textOf } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { MergeRequestRecord, MergeRequestState, WorldView } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { parse } from "../http/query.ts";
import { linesOfDiff } from "../log/diff-line.ts";
import { realisedOfRequest } from "./realised-of-request.ts";

const planned = z.object({
  owner: z.string().trim().min(1).max(120),
  effectiveFrom: z.iso.date().or(z.iso.datetime()),
  action: z.string().trim().min(1).max(500),
});
export const openBody = z.object({
  branch: z.string(),
  title: z.string().trim().min(1).max(200),
  text: z.string().max(10_000),
  runs: z.array(z.string()).max(20),
  planned,
});
export const seenBody = z.object({ diffHash: z.string().optional(), resultHash: z.string().optional() });
export const textBody = z.object({ text: z.string().trim().min(1).max(10_000) });

/** Merge requests: propose a branch, discuss, approve by someone else, merge as one revision. */
export function registerMergeRequests(app: FastifyInstance, site: Site): void {
  app.get("/merge-requests", async (request) => {
    const view = site.viewOf(request);
    const records = view.reader(LIVE).query({ kind: "mergeRequest" }) as readonly MergeRequestRecord[];
    return records.map((record) => shown(site, view, view.requests.state(record.id))).sort((a, b) => b.createdAt - a.createdAt);
  });

  app.post("/merge-requests", async (request, reply) => {
    const body = parse(openBody, request.body, "a merge request");
    const view = site.viewOf(request);
    const resultHash = site.runs.resultHash(body.runs);
    const record = await view.requests.open({ branch: body.branch, title: body.title, text: body.text, planned: body.planned, resultHash });
    return reply.status(201).send(shown(site, view, view.requests.state(record.id)));
  });

  app.get<RequestParams>("/merge-requests/:id", async (request) => detail(site, site.viewOf(request), request.params.id));

  app.post<RequestParams>("/merge-requests/:id/comments", async (request) => {
    const view = site.viewOf(request);
    await view.requests.comment(request.params.id, parse(textBody, request.body, "a comment").text);
    return detail(site, view, request.params.id);
  });

  app.post<RequestParams>("/merge-requests/:id/approve", async (request) => {
    const view = site.viewOf(request);
    const { plan, request: record } = view.requests.state(request.params.id);
    if (!plan) throw new DoppelwerkError("DW_CONFLICT", message("changes.branchRequestClosed", { id: request.params.id }));
    const seen = parse(seenBody, request.body ?? {}, "an approval");
    await view.requests.approve(request.params.id, {
      diffHash: seen.diffHash ?? plan.diffHash,
      resultHash: seen.resultHash ?? record.resultHash,
    });
    return detail(site, view, request.params.id);
  });

  app.post<RequestParams>("/merge-requests/:id/merge", async (request) => {
    const view = site.viewOf(request);
    await view.requests.merge(request.params.id);
    return detail(site, view, request.params.id);
  });

  app.post<RequestParams>("/merge-requests/:id/reject", async (request) => {
    const view = site.viewOf(request);
    const body = textBody.safeParse(request.body);
    if (body.success) await view.requests.comment(request.params.id, body.data.text);
    await view.requests.reject(request.params.id);
    return detail(site, view, request.params.id);
  });

  app.post<RequestParams>("/merge-requests/:id/withdraw", async (request) => {
    const view = site.viewOf(request);
    await view.requests.withdraw(request.params.id);
    return detail(site, view, request.params.id);
  });

  app.post<ElementParams>("/elements/:id/confirm", async (request) => {
    const commit = await site.viewOf(request).confirm(request.params.id, "confirmed on the plant");
    return { revision: commit.entry.revision };
  });
}

interface RequestParams {
  Params: { id: string };
}

type ElementParams = RequestParams;

function shown(site: Site, view: WorldView, state: MergeRequestState): MergeRequest {
  const { request, plan, validApprovals } = state;
  const open = request.status === "open" || request.status === "approved";
  return {
    id: request.id,
    branch: request.branch,
    branchName: view.branches().find((branch) => branch.id === request.branch)?.name ?? request.branch,
    title: request.title,
    text: request.text,
    author: { id: request.author, name: site.nameOf(request.author) },
    createdAt: request.createdAt,
    status: request.status,
    stale: open && request.approvals.length > validApprovals.length,
    approvals: request.approvals.map((approval) => ({
      by: approval.by,
      name: site.nameOf(approval.by),
      at: approval.at,
      valid: request.status === "merged" || (plan !== undefined && validApprovals.includes(approval)),
    })),
    comments: view.requests
      .comments(request.id)
      .map((comment) => ({ by: comment.author, name: site.nameOf(comment.author), at: comment.at, text: comment.text })),
    planned: request.planned,
  };
}

async function detail(site: Site, view: WorldView, id: string): Promise<MergeRequestDetail> {
  const state = view.requests.state(id);
  const { request, plan } = state;
  const reader = view.reader(request.branch);
  const diffItems = view.diff(request.branch);
  const whyNot = whyNotApprove(view, state);
  const merged = await mergedAs(site, view, request);
  return {
    ...shown(site, view, state),
    diff: diffItems.flatMap((item) => linesOfDiff(reader, item)),
    conflicts: (plan?.conflicts ?? []).map((conflict) => `${conflict.reason} ${conflict.field ?? ""} ${conflict.id}`),
    results: site.runs.resultsOfHash(request.resultHash),
    diffItems,
    diffHash: plan?.diffHash ?? request.diffHash,
    resultHash: request.resultHash,
    ...realisedOfRequest(site, view, request, diffItems),
    ...(whyNot === undefined ? {} : { mayNotApprove: whyNot.text, mayNotApproveCode: whyNot.code }),
    ...(merged === undefined ? {} : { merged }),
  };
}

/** The revision that closed its branch, as the log has it. */
async function mergedAs(site: Site, view: WorldView, request: MergeRequestRecord): Promise<MergeRequestDetail["merged"]> {
  const closed = view.branches().find(({ id }) => id === request.branch)?.closed;
  if (request.status !== "merged" || closed?.as !== "merged") return undefined;
  const [entry] = await site.logBefore(view, closed.revision + 1, 1);
  if (entry?.merge?.request !== request.id) return undefined;
  return { revision: entry.revision, at: entry.time, by: entry.actor, name: site.nameOf(entry.actor) };
}

interface WhyNot {
  readonly code: NonNullable<MergeRequestDetail["mayNotApproveCode"]>;
  readonly text: string;
}

function whyNotApprove(view: WorldView, { request, plan }: MergeRequestState): WhyNot | undefined {
  if (request.status !== "open" && request.status !== "approved") return { code: "closed", text: `the request is ${request.status}` };
  if (request.author === view.principal.id) return { code: "author", text: "the author cannot approve his own request" };
  if (plan && plan.conflicts.length > 0) return { code: "conflict", text: "the branch conflicts with live" };
  const decision = view.may("approve", LIVE);
  return decision.allowed ? undefined : { code: "forbidden", text: textOf(decision.why) };
}
