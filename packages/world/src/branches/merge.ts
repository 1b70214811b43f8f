import type { BranchId, Change, FieldChange } from "../change.ts";
import { equalJson } from "../canonical-json.ts";
import { contentHash } from "../content-hash.ts";
import { foldChange, changedId } from "../fold.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { Conflict, DiffItem, RecordKind, RecordReader } from "../world.ts";
import { plannedFieldOf } from "./planned.ts";
import { compareIds } from "./branch-reader.ts";

export interface MergeSides {
  /** The parent at the branch's base. */
  readonly base: RecordReader;
  /** The parent's head. */
  readonly ours: RecordReader;
  /** The branch's head. */
  readonly theirs: RecordReader;
  readonly kinds: ReadonlyMap<string, RecordKind>;
  /** P17: the target is live, so planned fields become plans; a plan that someone else made since the fork is a conflict. */
  readonly planning: boolean;
}

/** The position of a record in its parent: two fields that move together. */
const position = ["parent", "order"] as const;

/** Three-way merge of what the branch changed (`diff`, base to theirs) into ours. Everything the branch did is in `changes`, in ours already, or a conflict. */
export function threeWay(
  diff: readonly DiffItem[],
  sides: MergeSides,
): { readonly changes: readonly Change[]; readonly conflicts: readonly Conflict[] } {
  const changes: Change[] = [];
  const conflicts: Conflict[] = [];
  for (const item of diff) mergeRecord(item, sides, changes, conflicts);
  checkTree(changes, sides, conflicts);
  conflicts.sort((a, b) => compareIds(a.id, b.id) || compareIds(a.field ?? "", b.field ?? ""));
  return { changes, conflicts };
}

/** What an approval is bound to: the branch and its base, the changes, and the touched records as the parent holds them. */
export function hashOfMerge(
  branch: BranchId,
  baseRevision: number,
  merge: { readonly changes: readonly Change[]; readonly conflicts: readonly Conflict[] },
  ours: RecordReader,
): string {
  const touched = [...new Set([...merge.changes.map(changedId), ...merge.conflicts.map(({ id }) => id)])].sort(compareIds);
  const target = touched.map((id) => [id, (ours.get(id) ?? null) as Json]);
  return contentHash([branch, baseRevision, merge.changes as unknown as Json, merge.conflicts as unknown as Json, target]);
}

function mergeRecord(item: DiffItem, { ours: oursReader, kinds, planning }: MergeSides, changes: Change[], conflicts: Conflict[]): void {
  const { id, before: base, after: theirs } = item;
  const ours = oursReader.get(id);
  if (equalJson(ours as Json | undefined, theirs as Json | undefined)) return;
  const conflict = (reason: Conflict["reason"]): void =>
    void conflicts.push({ id, field: undefined, reason, base: base as Json, ours: ours as Json, theirs: theirs as Json });
  if (base === undefined) {
    if (ours === undefined) changes.push({ op: "create", record: theirs! });
    else conflict("create/create");
  } else if (theirs === undefined) {
    if (ours === undefined) return;
    if (equalJson(ours as Json, base as Json)) changes.push({ op: "delete", record: ours });
    else conflict("edit/delete");
  } else if (ours === undefined) conflict("delete/edit");
  else mergeFields(id, { base, ours, theirs, planned: planning ? plannedFieldOf(kinds.get(ours.kind)) : undefined }, changes, conflicts);
}

interface RecordSides {
  readonly base: WorldRecord;
  readonly ours: WorldRecord;
  readonly theirs: WorldRecord;
  /** The field that becomes a plan. */
  readonly planned: string | undefined;
}

function mergeFields(id: RecordId, sides: RecordSides, changes: Change[], conflicts: Conflict[]): void {
  const { base, ours, theirs } = sides;
  const fields: Record<string, FieldChange> = {};
  const movedBy = (side: WorldRecord): boolean => position.some((name) => !equalJson(side[name], base[name]));
  const samePlace = position.every((name) => equalJson(ours[name], theirs[name]));
  const bothMoved = movedBy(ours) && movedBy(theirs) && !samePlace;
  if (bothMoved)
    conflicts.push({ id, field: "parent", reason: "move/move", base: placeOf(base), ours: placeOf(ours), theirs: placeOf(theirs) });
  for (const name of [...new Set([...Object.keys(base), ...Object.keys(theirs)])].sort(compareIds)) {
    if (equalJson(base[name], theirs[name]) || equalJson(ours[name], theirs[name])) continue;
    if ((position as readonly string[]).includes(name) && bothMoved) continue;
    if (equalJson(base[name], ours[name])) fields[name] = { from: ours[name], to: theirs[name] };
    else conflicts.push({ id, field: name, reason: "edit/edit", base: base[name], ours: ours[name], theirs: theirs[name] });
  }
  if (sides.planned !== undefined && fields[sides.planned] !== undefined && !equalJson(ours["planned"], base["planned"])) {
    conflicts.push({
      id,
      field: "planned",
      reason: "edit/edit",
      base: base["planned"],
      ours: ours["planned"],
      theirs: theirs[sides.planned],
    });
    delete fields[sides.planned];
  }
  if (Object.keys(fields).length > 0) changes.push({ op: "update", id, fields });
}

function placeOf(record: WorldRecord): Json {
  return { parent: record["parent"], order: record["order"] };
}

/** A merge that is right record by record may still tear the tree: a cycle, a child without its parent, a parent deleted under a new child. */
function checkTree(changes: readonly Change[], { base, ours, theirs, kinds }: MergeSides, conflicts: Conflict[]): void {
  const written = new Map(changes.map((change) => [changedId(change), change]));
  const merged = (id: RecordId): WorldRecord | undefined => {
    const change = written.get(id);
    return change === undefined ? ours.get(id) : foldChange(ours.get(id), change);
  };
  const parentIndexed = [...kinds.values()].filter((kind) => kind.indexes?.["parent"] !== undefined);
  for (const change of changes) {
    const id = changedId(change);
    const parent = merged(id)?.["parent"];
    if (change.op === "delete") {
      for (const { kind } of parentIndexed)
        for (const child of ours.query({ kind, index: { name: "parent", value: id } }))
          if (merged(child.id) !== undefined && merged(child.id)?.["parent"] === id && base.get(child.id)?.["parent"] !== id)
            conflicts.push({ id, field: undefined, reason: "edit/delete", base: base.get(id) as Json, ours: child as Json });
    } else if (typeof parent === "string" && (change.op === "create" || change.fields["parent"] !== undefined)) {
      if (merged(parent) === undefined && theirs.get(parent) !== undefined && !conflicts.some((known) => known.id === parent))
        conflicts.push({
          id: parent,
          field: undefined,
          reason: "delete/edit",
          base: base.get(parent) as Json | undefined,
          theirs: merged(id) as Json,
        });
      if (hasCycle(id, merged))
        conflicts.push({
          id,
          field: "parent",
          reason: "cycle",
          base: base.get(id)?.["parent"],
          ours: ours.get(id)?.["parent"],
          theirs: parent,
        });
    }
  }
}

function hasCycle(start: RecordId, merged: (id: RecordId) => WorldRecord | undefined): boolean {
  const seen = new Set<RecordId>();
  for (let id: Json | undefined = start; typeof id === "string"; id = merged(id)?.["parent"]) {
    if (seen.has(id)) return true;
    seen.add(id);
  }
  return false;
}
