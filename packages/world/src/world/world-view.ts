import { message } from "@doppelwerk/messages";
import { LIVE, type BranchId, type Change, type LogEntry } from "../change.ts";
import { confirmation } from "../branches/planned.ts";
import { DoppelwerkError } from "../error.ts";
import { createEventView } from "../events/event-view.ts";
import { changedId, changedKind } from "../fold.ts";
import { requestKinds } from "../merge-request/merge-request.ts";
import { checkApproved, createMergeRequests } from "../merge-request/review.ts";
import type { Action, Principal } from "../ports/access-gate.ts";
import type { RecordId, WorldRecord } from "../record.ts";
import type { Branch, Commit, DiffItem, MergePlan, RecordKind, RecordReader, World, WorldOptions, WorldView } from "../world.ts";
import { newestVersion } from "../branches/branch-reader.ts";

/** The world through the gate. What a principal may not read does not exist for him: not in a read, a diff, a version, a commit or an error. */
export function createWorldView(
  world: World,
  principal: Principal,
  { gate, clock, ids }: WorldOptions,
  kinds: ReadonlyMap<string, RecordKind>,
): WorldView {
  const seesAll = (): boolean => gate.mayReadAll(principal);
  const sees = (record: WorldRecord): boolean => gate.mayRead(principal, record);
  const may = (action: Action, branch: BranchId) => gate.decide(principal, action, branch);
  const need = (action: Action, branch: BranchId): void => {
    const decision = may(action, branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
  };

  const branchOf = (id: BranchId): Branch => {
    const branch = world.branches.get(id);
    if (branch === undefined || !may("read", id).allowed) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noBranch", { id }));
    return branch;
  };

  /** Readers of the newest state, made again when there is a newer one: every record and change that passes is asked for there. */
  const heads = { revision: -1, readers: new Map<BranchId, RecordReader>() };
  const head = (branch: BranchId): RecordReader => {
    if (heads.revision !== world.revision()) {
      heads.readers.clear();
      heads.revision = world.revision();
    }
    let newest = heads.readers.get(branch);
    if (newest === undefined) heads.readers.set(branch, (newest = world.reader(branch)));
    return newest;
  };

  /** Today's secret was perhaps yesterday's open page: a version is shown only if the newest ones on its branch and on live may be seen too. */
  const visible = (record: WorldRecord, branch: BranchId): boolean => {
    if (seesAll()) return true;
    if (!sees(record)) return false;
    return newestIsSeen(record, LIVE) && (branch === LIVE || newestIsSeen(record, branch));
  };
  const newestIsSeen = (record: WorldRecord, branch: BranchId): boolean => {
    const newest = newestVersion(head(branch), record.id);
    return newest === undefined || newest === record || sees(newest);
  };

  const reader = (branch: BranchId, at?: Parameters<World["reader"]>[1]): RecordReader => {
    branchOf(branch);
    const raw = world.reader(branch, at);
    const made = world.revision();
    /** While nothing was written since, what stands on live is the newest version there is, and decides alone. */
    const isShown = (record: WorldRecord): boolean =>
      branch === LIVE && at === undefined && world.revision() === made ? sees(record) : visible(record, branch);
    const shown = (record: WorldRecord | undefined): WorldRecord | undefined =>
      record !== undefined && isShown(record) ? record : undefined;
    const counts = (id: RecordId): boolean => shown(newestVersion(raw, id)) !== undefined;
    return {
      get: (id) => shown(raw.get(id)),
      query(query) {
        if (query.limit === undefined) return raw.query(query).filter(isShown);
        const found: WorldRecord[] = [];
        for (let after = query.after; ;) {
          const page = raw.query({ ...query, after });
          for (const record of page) if (found.length < query.limit && isShown(record)) found.push(record);
          if (page.length < query.limit || found.length >= query.limit) return found;
          after = page.at(-1)!.id;
        }
      },
      versions(id, limit) {
        const all = raw.versions(id);
        const newest = all.find(({ record }) => record !== undefined)?.record;
        if (newest === undefined || !visible(newest, branch)) return [];
        const seen = all.filter(({ record }) => record === undefined || sees(record));
        return limit === undefined ? seen : seen.slice(0, limit);
      },
      written: (id) => (shown(raw.get(id)) === undefined ? undefined : raw.written(id)),
      lastWritten: (query) => raw.lastWritten(query, counts),
      changedSince: (revision) => raw.changedSince(revision).filter(counts),
      holding: (kind, texts) => raw.holding?.(kind, texts),
      edition: () =>
        world.revision() === made ? JSON.stringify([made, branch, at ?? {}, seesAll() || gate.classOf(principal)]) : undefined,
    };
  };

  /** What a new record would stand below. */
  const holderOf = (branch: BranchId, change: Change): WorldRecord | undefined => {
    const submodel = change.op === "create" ? change.record["submodel"] : undefined;
    return typeof submodel === "string" ? head(branch).get(submodel) : undefined;
  };

  const checkChange = (branch: BranchId, change: Change, current: WorldRecord | undefined): void => {
    const id = changedId(change);
    if (requestKinds.has(changedKind(change)))
      throw new DoppelwerkError("DW_FORBIDDEN", message("world.mergeRequestsCommentsWrittenThroughTheir", { id }));
    const isSeen = current !== undefined && (branch === LIVE ? sees(current) : visible(current, branch));
    if (change.op !== "create" && !isSeen) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noRecord", { id }), { id });
    const decision = gate.mayChange(principal, branch, change, isLinked(current ?? holderOf(branch, change)));
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", message("world.changeRefused", { reason: decision.why, id }));
  };

  const shownItem = (item: DiffItem, branch: BranchId): boolean =>
    (item.before === undefined || visible(item.before, branch)) && (item.after === undefined || visible(item.after, branch));

  const planMerge = (branch: BranchId): MergePlan => {
    branchOf(branch);
    const plan = world.planMerge(branch);
    const parent = world.branches.get(branch)!.parent!;
    const readers = [world.reader(branch), world.reader(parent)];
    const shown = (id: RecordId): boolean =>
      readers.every((side) => {
        const record = newestVersion(side, id);
        return record === undefined || visible(record, branch);
      });
    const changes = plan.changes.filter((change) => shown(changedId(change)));
    const conflicts = plan.conflicts.filter(({ id }) => shown(id));
    return { ...plan, changes, conflicts, complete: changes.length === plan.changes.length && conflicts.length === plan.conflicts.length };
  };

  const shownCommit = ({ entry }: Commit): Commit | undefined => {
    if (!may("read", entry.branch).allowed) return undefined;
    if (seesAll()) return { entry };
    return shownToClass(world, entry, gate.classOf(principal), () => readableCommit(entry));
  };

  const readableCommit = (entry: LogEntry): Commit => {
    const after = world.reader(entry.branch, { revision: entry.revision });
    const before = world.reader(entry.branch, { revision: entry.revision - 1 });
    const changes = entry.changes.filter((change) => {
      const id = changedId(change);
      return [before.get(id), after.get(id)].every((record) => record === undefined || visible(record, entry.branch));
    });
    return { entry: changes.length === entry.changes.length ? entry : { ...entry, changes } };
  };

  /** What was made on live after a fork may be the subject of what happened before it. */
  const seesSubject = (subject: RecordId, branch: BranchId): boolean => {
    const record = newestVersion(head(branch), subject) ?? newestVersion(head(LIVE), subject);
    return record !== undefined && visible(record, branch);
  };

  const view: WorldView = {
    principal,
    branches: () => [...world.branches.values()].filter(({ id }) => may("read", id).allowed),
    branch: branchOf,
    revision: () => world.revision(),
    timeOf: (revision) => world.timeOf(revision),
    revisionAt: (time) => world.revisionAt(time),
    reader,
    may,
    planMerge,
    async apply(transaction) {
      const { branch } = transaction;
      branchOf(branch);
      return world.apply({ ...transaction, actor: principal.id }, (change, current) => checkChange(branch, change, current));
    },
    async fork(options) {
      branchOf(options.parent);
      need("fork", options.parent);
      return world.fork({ ...options, actor: principal.id });
    },
    async abandon(branch, reason) {
      if (branchOf(branch).createdBy !== principal.id) need("administer", branch);
      await world.abandon(branch, principal.id, reason);
    },
    diff(branch) {
      branchOf(branch);
      return world.diff(branch).filter((item) => shownItem(item, branch));
    },
    async merge(options) {
      const { parent } = branchOf(options.branch);
      need("propose", parent ?? options.branch);
      const plan = planMerge(options.branch);
      if (!plan.complete)
        throw new DoppelwerkError("DW_FORBIDDEN", message("world.branchHoldsChangesYouMayNot", { branch: options.branch }));
      const { planned } = checkApproved(view, options.request, options.branch, plan.diffHash);
      return world.merge({ ...options, planned, actor: principal.id });
    },
    async undo(branch, clientId) {
      branchOf(branch);
      need("edit", branch);
      return world.undo(branch, principal.id, clientId);
    },
    async confirm(id, reason) {
      const record = reader(LIVE).get(id);
      if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noRecord", { id }));
      checkChange(LIVE, confirmation(record, kinds), record);
      return world.confirm(id, principal.id, reason);
    },
    onCommit: (listener) =>
      world.onCommit((commit) => {
        const shown = shownCommit(commit);
        if (shown !== undefined) listener(shown);
      }),
    visible: (entry) => shownCommit({ entry })?.entry,
    events: createEventView({ book: world.events, principal, branch: branchOf, may, sees: seesSubject }),
    get requests() {
      return requests;
    },
  };
  const requests = createMergeRequests({ world, view, clock, ids });
  return view;
}

/** It shows a record of another world. */
function isLinked(record: WorldRecord | undefined): boolean {
  return record?.["linked"] !== undefined;
}

/** What each class of principals may read of the newest commit: a long one is looked through once for all who are told of it. */
const shown = new WeakMap<World, { readonly entry: LogEntry; readonly revision: number; readonly byClass: Map<string, Commit> }>();

function shownToClass(world: World, entry: LogEntry, name: string, read: () => Commit): Commit {
  let last = shown.get(world);
  if (last?.entry !== entry || last.revision !== world.revision()) {
    last = { entry, revision: world.revision(), byClass: new Map() };
    shown.set(world, last);
  }
  let commit = last.byClass.get(name);
  if (commit === undefined) last.byClass.set(name, (commit = read()));
  return commit;
}
