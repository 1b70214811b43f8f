import { message, textOf } from "@doppelwerk/messages";
import { LIVE, type BranchId, type Change, type LogEntry } from "../change.ts";
import { confirmation } from "../branches/planned.ts";
import { DoppelwerkError } from "../error.ts";
import { createEventView } from "../events/event-view.ts";
import { changedId, changedKind } from "../fold.ts";
import { requestKinds } from "../merge-request/merge-request.ts";
import { mayAll } from "../merge-request/approval-class.ts";
import { checkApproved, createMergeRequests } from "../merge-request/review.ts";
import type { AccessGate, Action, ListedRecords, Principal } from "../ports/access-gate.ts";
import type { ApprovalClass, CommandClass } from "../ports/approval-classes.ts";
import type { RecordQuery } from "../ports/record-store.ts";
import type { RecordId, WorldRecord } from "../record.ts";
import type { Branch, Commit, DiffItem, MergePlan, RecordKind, RecordReader, World, WorldOptions, WorldView } from "../world.ts";
import { newestVersion } from "../branches/branch-reader.ts";

/** The server's own work: no request comes as this one. */
const OWN_WORK = "system";

const REASON_HIDDEN = message("world.reasonHidden");

/** The world through the gate. What a principal may not read does not exist for him: not in a read, a diff, a version, a commit or an error. */
export function createWorldView(
  world: World,
  principal: Principal,
  { gate, clock, ids, log }: WorldOptions,
  kinds: ReadonlyMap<string, RecordKind>,
): WorldView {
  const seesAll = (): boolean => gate.mayReadAll(principal);
  const partOf = (record: WorldRecord): WorldRecord => (seesAll() ? record : (gate.shown?.(principal, record) ?? record));
  const sees = (record: WorldRecord): boolean => gate.mayRead(principal, record);
  const may = (action: Action, branch: BranchId, subject?: RecordId) => gate.decide(principal, action, branch, subject);
  const mayAnywhere = (action: Action, branch: BranchId) => (gate.mayAnywhere ?? gate.decide)(principal, action, branch);
  /** What is changed is decided one by one then. */
  const need = (action: Action, branch: BranchId): void => {
    const decision = mayAnywhere(action, branch);
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
    const isNewest = (): boolean => branch === LIVE && at === undefined && world.revision() === made;
    const isShown = (record: WorldRecord): boolean => (isNewest() ? sees(record) : visible(record, branch));
    const shown = (record: WorldRecord | undefined): WorldRecord | undefined =>
      record !== undefined && isShown(record) ? partOf(record) : undefined;
    /** Nothing is found by a part that is hidden. */
    const found = ({ kind, index }: RecordQuery, records: readonly WorldRecord[]): readonly WorldRecord[] =>
      records.flatMap((record) => {
        if (!isShown(record)) return [];
        const part = partOf(record);
        return part === record || index === undefined || isIndexed(kinds.get(kind), index, part) ? [part] : [];
      });
    const queried = (query: RecordQuery): readonly WorldRecord[] => {
      if (query.limit === undefined) return found(query, raw.query(query));
      const all: WorldRecord[] = [];
      for (let after = query.after; ;) {
        const page = raw.query({ ...query, after });
        for (const record of page) if (all.length < query.limit) all.push(...found(query, [record]));
        if (page.length < query.limit || all.length >= query.limit) return all;
        after = page.at(-1)!.id;
      }
    };
    const counts = (id: RecordId): boolean => shown(newestVersion(raw, id)) !== undefined;
    return {
      get: (id) => shown(raw.get(id)),
      query(query) {
        const listed = isNewest() && query.deleted === undefined && !seesAll() ? gate.listed?.(principal, query.kind) : undefined;
        if (listed !== undefined && query.index === undefined) return listedRecords(listed, raw, query, (record) => found(query, [record]));
        return queried(listed === undefined ? query : { ...query, skip: (id) => listed.isHidden(id) });
      },
      versions(id, limit) {
        const all = raw.versions(id);
        const newest = all.find(({ record }) => record !== undefined)?.record;
        if (newest === undefined || !visible(newest, branch)) return [];
        const seen = all.flatMap((version) => {
          if (version.record === undefined) return [version];
          return sees(version.record) ? [{ ...version, record: partOf(version.record) }] : [];
        });
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

  /** What stands below goes with what holds it, seen or not. */
  const refuseHiddenBelow = (branch: BranchId, id: RecordId): void => {
    if (seesAll() || !/^(?:submodel|element):/.test(id)) return;
    const below = head(branch).query({ kind: "element", index: { name: "parent", value: id } });
    if (below.some((record) => !visible(record, branch) || partOf(record) !== record))
      throw new DoppelwerkError("DW_FORBIDDEN", message("world.partHidden", { id }), { id });
  };

  const checkChange = (branch: BranchId, change: Change, current: WorldRecord | undefined): void => {
    const id = changedId(change);
    if (requestKinds.has(changedKind(change)))
      throw new DoppelwerkError("DW_FORBIDDEN", message("world.mergeRequestsCommentsWrittenThroughTheir", { id }));
    const isSeen = current !== undefined && (branch === LIVE ? sees(current) : visible(current, branch));
    if (change.op !== "create" && !isSeen) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noRecord", { id }), { id });
    if (current !== undefined) refuseHidden(change, current, partOf(current));
    if (change.op === "delete") refuseHiddenBelow(branch, id);
    const decision = gate.mayChange(principal, branch, change, isLinked(current ?? holderOf(branch, change)), current);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", message("world.changeRefused", { reason: decision.why, id }));
  };

  /** What a class covers is written to live by way of a merge request, whoever writes it. */
  const refuseClassed = (branch: BranchId, changes: readonly Change[]): ((change: Change) => void) => {
    let classed: ReadonlyMap<RecordId, readonly ApprovalClass[]> | undefined;
    return (change) => {
      if (branch !== LIVE || gate.classes === undefined || isOwnWork(principal)) return;
      classed ??= gate.classes.of(changes);
      const id = changedId(change);
      const strict = (classed.get(id) ?? []).filter(({ directWrites }) => !directWrites);
      if (strict.length === 0) return;
      const names = strict.map(({ name }) => name).join(", ");
      throw new DoppelwerkError("DW_FORBIDDEN", message("world.proposeClassed", { classes: names, id }), {
        id,
        classes: strict.map((one) => one.id),
      });
    };
  };

  /** Whatever was approved: nothing leaves rules that nobody could change again. */
  const refuseTogether = (branch: BranchId | undefined, changes: readonly Change[]): void => {
    const reason = branch === LIVE && !isOwnWork(principal) ? gate.classes?.refusal?.(changes) : undefined;
    if (reason !== undefined) throw new DoppelwerkError("DW_CONFLICT", reason);
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
        return record === undefined || (visible(record, branch) && partOf(record) === record);
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
      return [before.get(id), after.get(id)].every(
        (record) => record === undefined || (visible(record, entry.branch) && partOf(record) === record),
      );
    });
    if (changes.length === entry.changes.length) return { entry };
    // a reason may name what is hidden
    const { undo: _undo, ...rest } = entry;
    return { entry: { ...rest, changes, reason: textOf(REASON_HIDDEN), message: REASON_HIDDEN } };
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
    mayAnywhere,
    commandClasses: (connection, signal = connection) => commandClassesOf(gate, principal, connection, signal),
    planMerge,
    async apply(transaction) {
      const { branch } = transaction;
      branchOf(branch);
      const refuse = refuseClassed(branch, transaction.changes);
      refuseTogether(branch, transaction.changes);
      return world.apply({ ...transaction, actor: principal.id }, (change, current) => {
        checkChange(branch, change, current);
        refuse(change);
      });
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
      const shown = world.diff(branch).filter((item) => shownItem(item, branch));
      return shown.map((item) => ({ ...item, before: item.before && partOf(item.before), after: item.after && partOf(item.after) }));
    },
    async merge(options) {
      const { parent } = branchOf(options.branch);
      need("propose", parent ?? options.branch);
      const plan = planMerge(options.branch);
      if (!plan.complete)
        throw new DoppelwerkError("DW_FORBIDDEN", message("world.branchHoldsChangesYouMayNot", { branch: options.branch }));
      if (parent === LIVE)
        for (const id of new Set(plan.changes.map(changedId))) {
          const decision = may("propose", LIVE, id);
          if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
        }
      refuseTogether(parent, plan.changes);
      const { planned } = checkApproved(view, options.request, options.branch, plan.diffHash);
      return world.merge({ ...options, planned, actor: principal.id });
    },
    async undo(branch, clientId) {
      branchOf(branch);
      need("edit", branch);
      return world.undo(branch, principal.id, clientId, (changes) => {
        const refuse = refuseClassed(branch, changes);
        refuseTogether(branch, changes);
        return (change, current) => {
          checkChange(branch, change, current);
          refuse(change);
        };
      });
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
  const requests = createMergeRequests({ world, view, gate, log, clock, ids });
  return view;
}

function isOwnWork({ id }: Principal): boolean {
  return id === OWN_WORK || id.startsWith(`${OWN_WORK}:`);
}

/** Records of a kind from a list that leaves out what is hidden; each is decided as it is read all the same. */
function listedRecords(
  listed: ListedRecords,
  reader: RecordReader,
  { after = "", limit = Infinity }: RecordQuery,
  shownOf: (record: WorldRecord) => readonly WorldRecord[],
): readonly WorldRecord[] {
  const all: WorldRecord[] = [];
  if (limit <= 0) return all;
  for (const id of listed.idsAfter(after)) {
    const record = reader.get(id);
    if (record === undefined) continue;
    const shown = shownOf(record);
    if (shown.length === 0) listed.wasHidden(record);
    else if (all.push(...shown) >= limit) break;
  }
  return all;
}

/** Who sees a part of a document neither changes the part that is hidden nor deletes the whole. */
function refuseHidden(change: Change, current: WorldRecord, part: WorldRecord): void {
  if (part === current) return;
  const isHidden = change.op !== "update" || Object.keys(change.fields).some((field) => current[field] !== part[field]);
  if (isHidden) throw new DoppelwerkError("DW_FORBIDDEN", message("world.partHidden", { id: current.id }), { id: current.id });
}

/** Whether a record is found in an index by a value. */
function isIndexed(kind: RecordKind | undefined, { name, value }: NonNullable<RecordQuery["index"]>, record: WorldRecord): boolean {
  const values = kind?.indexes?.[name]?.(record);
  return Array.isArray(values) ? values.includes(value) : values === value;
}

function commandClassesOf({ classes }: AccessGate, principal: Principal, connection: RecordId, subject: RecordId): readonly CommandClass[] {
  const grants = classes?.grantsOf(principal) ?? [];
  const has = (roles: readonly string[]): boolean => mayAll(classes!, grants, roles, [subject]);
  return (classes?.ofCommand(connection) ?? []).map((one) => ({ class: one, mayRequest: has(one.propose), mayConfirm: has(one.approve) }));
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
