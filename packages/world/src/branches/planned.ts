import { message } from "@doppelwerk/messages";
import type { Change, FieldChange } from "../change.ts";
import { DoppelwerkError } from "../error.ts";
import { changedKind } from "../fold.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { PlannedMeta, RecordKind, RecordReader } from "../world.ts";

/**
 * P17: a merge into live plans, it does not rewrite the plant. A change of a planned field becomes the field `planned`; the as-is value stays.
 * New records and deletions go through as they are. A planned removal is the value `null`.
 */
export function plannedChanges(
  changes: readonly Change[],
  target: RecordReader,
  kinds: ReadonlyMap<string, RecordKind>,
  plan: PlannedMeta & { readonly request: RecordId },
): readonly Change[] {
  return changes.map((change) => {
    const field = plannedFieldOf(kinds.get(changedKind(change)));
    if (change.op !== "update" || field === undefined || change.fields[field] === undefined) return change;
    const { [field]: asIs, ["planned"]: _replaced, ...rest } = change.fields;
    const value: Json = asIs!.to ?? null;
    const to: Json = { value, effectiveFrom: plan.effectiveFrom, owner: plan.owner, action: plan.action, request: plan.request };
    const fields: Record<string, FieldChange> = { ...rest, planned: { from: target.get(change.id)?.["planned"], to } };
    return { op: "update", id: change.id, fields };
  });
}

/** The plan became real: as-is takes the planned value and the plan is gone. Refuses DW_CONFLICT when there is no plan. */
export function confirmation(record: WorldRecord, kinds: ReadonlyMap<string, RecordKind>): Change {
  const field = plannedFieldOf(kinds.get(record.kind));
  const planned = record["planned"];
  if (field === undefined || typeof planned !== "object" || planned === null || !("value" in planned))
    throw new DoppelwerkError("DW_CONFLICT", message("world.nothingPlannedConfirm", { id: record.id }), { id: record.id });
  const to = planned.value === null ? undefined : planned.value;
  return { op: "update", id: record.id, fields: { [field]: { from: record[field], to }, planned: { from: planned, to: undefined } } };
}

/** `planned` holds one value, so a kind has at most one planned field. */
export function plannedFieldOf(kind: RecordKind | undefined): string | undefined {
  return kind?.plannedFields?.[0];
}
