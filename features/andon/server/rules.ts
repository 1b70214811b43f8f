import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, RecordId } from "@doppelwerk/world";
import type { AndonRule } from "../contract.ts";
import type {} from "../message-codes.ts";
import { andonRule, type AndonRuleFields } from "../model/andon-kinds.ts";

export function listRules(view: PlantView, branch: BranchId): AndonRule[] {
  return view.documents
    .reader(branch)
    .query({ kind: andonRule.record })
    .flatMap((record) => {
      const fields = readDocument(andonRule, record);
      return fields === undefined ? [] : [{ id: record.id, fields }];
    })
    .toSorted((a, b) => (a.fields.name < b.fields.name ? -1 : 1));
}

export async function storeRule(view: PlantView, branch: BranchId, fields: AndonRuleFields): Promise<AndonRule> {
  const id = hashedId("andonRule", "name", fields.name);
  const change = documentChange(andonRule, id, view.documents.reader(branch).get(id), fields);
  if (change) await view.documents.apply({ branch, reason: message("andon.log.rule", { name: fields.name }), changes: [change] });
  return { id, fields };
}

/** Throws DW_NOT_FOUND. */
export async function removeRule(view: PlantView, branch: BranchId, id: RecordId): Promise<void> {
  const known = listRules(view, branch).find((each) => each.id === id);
  const record = view.documents.reader(branch).get(id);
  if (known === undefined || record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("andon.noRule"));
  await view.documents.apply({
    branch,
    reason: message("andon.log.ruleRemoved", { name: known.fields.name }),
    changes: [{ op: "delete", record }],
  });
}
