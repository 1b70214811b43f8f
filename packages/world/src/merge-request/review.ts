import { message, textOf } from "@doppelwerk/messages";
import { LIVE, type Change, type FieldChange, type Reason } from "../change.ts";
import { DoppelwerkError } from "../error.ts";
import { changedId } from "../fold.ts";
import type { AccessGate } from "../ports/access-gate.ts";
import type { ChangeLog } from "../ports/change-log.ts";
import type { Clock } from "../ports/clock.ts";
import type { IdSource } from "../ports/id-source.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { MergePlan, World, WorldView } from "../world.ts";
import {
  validApprovals,
  type Approval,
  type CommentRecord,
  type MergeRequestRecord,
  type MergeRequests,
  type MergeRequestState,
} from "./merge-request.ts";
import { branchesWithin, classStates, mayAll, wroteOn, type ClassState } from "./approval-class.ts";
import { soloAllowed, soloChange } from "./solo-approval.ts";

interface Review {
  readonly world: World;
  /** Decides what the principal sees and may do; the world writes what was decided. */
  readonly view: WorldView;
  readonly gate: AccessGate;
  readonly log: ChangeLog;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Opening, discussing, approving and merging for one principal. P18: the proposer is not the approver. */
export function createMergeRequests({ world, view, gate, log, clock, ids }: Review): MergeRequests {
  const actor = view.principal.id;
  const write = (reason: Reason, change: Change): Promise<unknown> => world.apply({ branch: LIVE, actor, reason, changes: [change] });
  const isSolo = (): boolean => soloAllowed(world.reader(LIVE));
  const need = (action: "propose" | "comment" | "approve" | "administer", subject?: RecordId): void => {
    const decision = subject === undefined ? view.mayAnywhere(action, LIVE) : view.may(action, LIVE, subject);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
  };
  const read = (id: RecordId): MergeRequestRecord => {
    const record = view.reader(LIVE).get(id);
    if (record?.kind !== "mergeRequest") throw new DoppelwerkError("DW_NOT_FOUND", message("world.noMergeRequest", { id }));
    return record as MergeRequestRecord;
  };
  const readUnsettled = (id: RecordId): MergeRequestRecord => {
    const request = read(id);
    if (request.status !== "open" && request.status !== "approved")
      throw new DoppelwerkError("DW_CONFLICT", message("world.mergeRequest", { status: request.status, id }));
    return request;
  };
  const update = async (
    request: MergeRequestRecord,
    reason: Reason,
    fields: Readonly<Record<string, Json>>,
  ): Promise<MergeRequestRecord> => {
    const changes: Record<string, FieldChange> = {};
    for (const [name, to] of Object.entries(fields)) changes[name] = { from: request[name], to };
    await write(reason, { op: "update", id: request.id, fields: changes });
    return read(request.id);
  };
  const state = (id: RecordId): MergeRequestState => {
    const request = read(id);
    if (world.branches.get(request.branch)?.closed !== undefined) return { request, plan: undefined, validApprovals: [], classes: [] };
    const plan = view.planMerge(request.branch);
    const valid = validApprovals(request, plan.diffHash, isSolo());
    return { request, plan, validApprovals: valid, classes: classesOf(request, plan, valid) };
  };
  const classesOf = (request: MergeRequestRecord, plan: MergePlan, valid: readonly Approval[]): readonly ClassState[] =>
    world.branches.get(request.branch)?.parent === LIVE
      ? classStates(gate.classes, plan.changes, { request, valid, now: clock.now(), grants: grants ?? [] })
      : [];
  const grants = gate.classes?.grantsOf(view.principal);
  /** What is proposed and approved is so at the place of each change. */
  const needAtPlaces = (action: "propose" | "approve", { changes }: MergePlan): void => {
    for (const id of new Set(changes.map(changedId))) need(action, id);
  };
  /** Who would approve none of it does not reject it either. */
  const needAtSomePlace = ({ branch }: MergeRequestRecord): void => {
    const { parent, closed } = world.branches.get(branch) ?? {};
    const ids = parent === LIVE && closed === undefined ? [...new Set(view.planMerge(branch).changes.map(changedId))] : [];
    if (ids.length > 0 && !ids.some((id) => view.may("approve", LIVE, id).allowed)) need("approve", ids[0]);
  };
  /** An author needs a role of every class that he proposes a change of. */
  const needToPropose = (plan: MergePlan): void => {
    needAtPlaces("propose", plan);
    for (const [record, found] of gate.classes?.of(plan.changes) ?? []) {
      for (const { name, propose } of found)
        if (!mayAll(gate.classes!, grants ?? [], propose, [record]))
          throw new DoppelwerkError("DW_FORBIDDEN", message("world.classNeedsRoleToPropose", { class: name, roles: propose.join(", ") }));
    }
  };
  /** Who wrote a change of a class is no second pair of eyes for it. */
  const needSecondEyes = async (request: MergeRequestRecord, classes: readonly ClassState[]): Promise<void> => {
    const [first] = classes;
    if (first === undefined) return;
    if (!classes.some(({ mayApprove }) => mayApprove)) {
      const { name, approve } = first.class;
      throw new DoppelwerkError("DW_FORBIDDEN", message("world.classNeedsRoleToApprove", { class: name, roles: approve.join(", ") }));
    }
    const branches = branchesWithin(request.branch, world.branches);
    const since = Math.min(...[...branches].map((id) => world.branches.get(id)!.baseRevision));
    for (const { class: of, records } of classes)
      if (await wroteOn(log, { branches, since, actor }, new Set(records)))
        throw new DoppelwerkError("DW_SAME_PERSON", message("world.classWrittenByApprover", { class: of.name }));
  };

  return {
    state,
    async open({ branch, title, text, planned, resultHash = "" }) {
      need("propose");
      const plan = view.planMerge(branch);
      if (view.branch(branch).parent === LIVE) needToPropose(plan);
      const id = ids.next("mergeRequest");
      const record: WorldRecord = {
        id,
        kind: "mergeRequest",
        branch,
        title,
        text,
        author: actor,
        ...(grants !== undefined && { authorGrants: grants }),
        createdAt: clock.now(),
        diffHash: plan.diffHash,
        resultHash,
        baseRevision: view.branch(branch).baseRevision,
        status: "open",
        approvals: [],
        planned: { owner: planned.owner, effectiveFrom: planned.effectiveFrom, action: planned.action },
      };
      await write(message("changes.logPropose", { name: title }), { op: "create", record });
      return read(id);
    },
    async comment(request, text) {
      need("comment");
      read(request);
      const record: WorldRecord = { id: ids.next("comment"), kind: "comment", request, author: actor, text, at: clock.now() };
      await write(message("changes.logRequestComment"), { op: "create", record });
      return record as CommentRecord;
    },
    async describe(id, text) {
      const request = readUnsettled(id);
      if (request.author !== actor && !view.may("administer", LIVE).allowed)
        throw new DoppelwerkError("DW_FORBIDDEN", message("world.authorChangesMergeRequest", { id }));
      return request.text === text ? request : update(request, message("changes.logRequestDescribed"), { text });
    },
    comments(request) {
      const found = view.reader(LIVE).query({ kind: "comment", index: { name: "request", value: request } }) as readonly CommentRecord[];
      return [...found].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    },
    async update(id, resultHash) {
      const request = readUnsettled(id);
      if (request.author !== actor) throw new DoppelwerkError("DW_FORBIDDEN", message("world.authorChangesMergeRequest", { id }));
      const { diffHash } = view.planMerge(request.branch);
      return update(request, message("changes.logRequestResults"), {
        ...(grants !== undefined && { authorGrants: grants }),
        resultHash,
        diffHash,
        status: "open",
        approvals: [],
      });
    },
    async approve(id, seen) {
      need("approve");
      const request = readUnsettled(id);
      const own = request.author === actor;
      if (own && !isSolo()) throw new DoppelwerkError("DW_SAME_PERSON", message("world.authorMergeRequestCannotApprove", { id }));
      const plan = view.planMerge(request.branch);
      if (!plan.complete) throw new DoppelwerkError("DW_FORBIDDEN", message("world.requestHoldsChangesYouMayNot", { id }));
      if (plan.diffHash !== seen.diffHash || request.resultHash !== seen.resultHash)
        throw new DoppelwerkError("DW_STALE_APPROVAL", message("world.youSawNoLongerWouldMerged", { id }), {
          diffHash: plan.diffHash,
          resultHash: request.resultHash,
        });
      if (world.branches.get(request.branch)?.parent === LIVE) needAtPlaces("approve", plan);
      await needSecondEyes(request, classesOf(request, plan, []));
      const others = validApprovals(request, plan.diffHash, isSolo()).filter(({ by }) => by !== actor);
      const approval = {
        by: actor,
        at: clock.now(),
        diffHash: seen.diffHash,
        resultHash: seen.resultHash,
        ...(own && { solo: true }),
        ...(grants !== undefined && { grants }),
        ...(seen.presence === true && { presence: true }),
      };
      const reason = message(own ? "changes.logApproveSolo" : "changes.logApprove", { name: request.title });
      return update(request, reason, { status: "approved", approvals: [...others, approval] as readonly Json[] });
    },
    async reject(id) {
      need("approve");
      const request = readUnsettled(id);
      needAtSomePlace(request);
      return update(request, message("changes.logReject", { name: request.title }), { status: "rejected" });
    },
    async withdraw(id) {
      const request = readUnsettled(id);
      if (request.author !== actor) throw new DoppelwerkError("DW_FORBIDDEN", message("world.authorWithdrawsMergeRequest", { id }));
      return update(request, message("changes.logWithdraw", { name: request.title }), { status: "withdrawn" });
    },
    async merge(id) {
      const request = readUnsettled(id);
      const { diffHash } = view.planMerge(request.branch);
      return view.merge({
        branch: request.branch,
        diffHash,
        request: id,
        reason: message("changes.logMerge", { name: request.title }),
        planned: request.planned,
      });
    },
    isSoloAllowed: isSolo,
    async allowSolo(allowed) {
      need("administer");
      const setting = soloChange(world.reader(LIVE), allowed);
      if (setting !== undefined) await write(setting.reason, setting.change);
    },
  };
}

/** What `WorldView.merge` asks before it lets a merge through. */
export function checkApproved(view: WorldView, id: RecordId, branch: string, diffHash: string): MergeRequestRecord {
  const solo = view.requests.isSoloAllowed();
  const request = view.reader(LIVE).get(id) as MergeRequestRecord | undefined;
  if (request?.kind !== "mergeRequest" || request.branch !== branch)
    throw new DoppelwerkError("DW_NOT_FOUND", message("world.noMergeRequestBranch", { id }));
  if (request.approvals.length === 0) throw new DoppelwerkError("DW_FORBIDDEN", message("world.mergeRequestNotApproved", { id }));
  if (request.status !== "approved")
    throw new DoppelwerkError("DW_CONFLICT", message("world.mergeRequest", { status: request.status, id }));
  if (validApprovals(request, diffHash, solo).length === 0)
    throw new DoppelwerkError("DW_STALE_APPROVAL", message("world.approvedSomethingElse", { id }));
  const missing = view.requests.state(id).classes.filter((one) => one.missing > 0 || one.authorMayNot);
  if (missing.length > 0)
    throw new DoppelwerkError("DW_FORBIDDEN", message("world.classesMissing", { missing: missing.map(missingText).join("; ") }), {
      missing: missing.map(({ class: { id: of, name, approve }, missing: count, authorMayNot }) => ({
        class: of,
        name,
        roles: approve,
        approvals: count,
        ...(authorMayNot && { authorMayNot }),
      })),
    });
  return request;
}

/** `Quality: 1 more approval (quality lead)`. */
function missingText({ class: { name, propose, approve }, missing, authorMayNot }: ClassState): string {
  if (authorMayNot) return textOf(message("world.classAuthorMayNot", { class: name, roles: propose.join(", ") }));
  return textOf(message("world.classMissing", { class: name, count: missing, roles: approve.length === 0 ? "–" : approve.join(", ") }));
}
