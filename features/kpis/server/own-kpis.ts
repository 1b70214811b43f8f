import { documentChange, DoppelwerkError, hashedId, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { needsOf, parseExpression } from "@doppelwerk/operations";
import type { BranchId, Change, RecordId } from "@doppelwerk/world";
import type { OwnKpi } from "../contract.ts";
import type {} from "../message-codes.ts";
import { formulaFault } from "../model/formula-findings.ts";
import { ownKpi, type OwnKpiFields } from "../model/own-kpi-kind.ts";

interface Edit {
  readonly fields: OwnKpiFields;
  readonly expected?: OwnKpiFields | null | undefined;
  readonly reason?: string | undefined;
}

/** The record that holds a KPI of people, by its name. */
export function ownKpiDocumentId(name: string): RecordId {
  return hashedId("ownKpi", "name", name);
}

/** By name; those over a signal that may not be read are left out. */
export function listOwnKpis(view: PlantView, branch: BranchId): OwnKpi[] {
  const records = view.documents.reader(branch).query({ kind: ownKpi.record });
  return records
    .flatMap((record) => {
      const document = readDocument(ownKpi, record);
      if (document === undefined) return [];
      const { name, ...fields } = document;
      return isReadable(view, fields.formula) ? [{ name, fields }] : [];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Stores one under its name. Throws DW_INVALID where its formula names nothing, a circle or unlike units, DW_CONFLICT where another one stands than was
 * expected (`null`: none).
 */
export async function storeOwnKpi(view: PlantView, branch: BranchId, name: string, { fields, expected, reason }: Edit): Promise<OwnKpi> {
  const id = ownKpiDocumentId(name);
  if (view.hides(branch, id)) throw notFound(name);
  const others = listOwnKpis(view, branch);
  const known = others.find((each) => each.name === name);
  if (expected !== undefined && !isSameJson(known?.fields ?? null, expected))
    throw new DoppelwerkError("DW_CONFLICT", message("kpis.own.changedMeanwhile", { name }));
  const fault = formulaFault(
    { name, formula: fields.formula },
    others.map((each) => ({ name: each.name, formula: each.fields.formula })),
    (signal) => view.signal(signal),
  );
  if (fault) throw new DoppelwerkError("DW_INVALID", fault);
  const before = view.documents.reader(branch).get(id);
  const change = documentChange(ownKpi, id, before, { ...fields, name });
  if (change)
    await view.documents.apply({ branch, reason: reason || message("kpis.own.logStored", { title: fields.title }), changes: [change] });
  return { name, fields };
}

/** Throws DW_NOT_FOUND, DW_CONFLICT where another one names it. */
export async function removeOwnKpi(view: PlantView, branch: BranchId, name: string, reason: string | undefined): Promise<void> {
  const known = listOwnKpis(view, branch);
  const own = known.find((each) => each.name === name);
  const record = view.documents.reader(branch).get(ownKpiDocumentId(name));
  if (own === undefined || record === undefined) throw notFound(name);
  const user = known.find(({ fields }) => namesOf(fields.formula).includes(name));
  if (user) throw new DoppelwerkError("DW_CONFLICT", message("kpis.own.isUsed", { name, by: user.fields.title }));
  const change: Change = { op: "delete", record };
  await view.documents.apply({ branch, reason: reason || message("kpis.own.logRemoved", { title: own.fields.title }), changes: [change] });
}

function notFound(name: string): DoppelwerkError {
  return new DoppelwerkError("DW_NOT_FOUND", message("kpis.own.none", { name: name.slice(0, 60) }));
}

function namesOf(formula: string): readonly string[] {
  const parsed = parseExpression(formula);
  return parsed.fault ? [] : needsOf(parsed.expression).names;
}

function isReadable(view: PlantView, formula: string): boolean {
  const parsed = parseExpression(formula);
  return parsed.fault !== undefined || needsOf(parsed.expression).signals.every(({ signal }) => view.mayReadSignal(signal));
}
