import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { elementOf, needsOf, parseExpression } from "@doppelwerk/operations";
import type { KnownLine } from "@doppelwerk/ports";
import type { BranchId, Change, RecordId } from "@doppelwerk/world";
import type { AssignedInput } from "../contract.ts";
import type {} from "../message-codes.ts";
import { formulaFault } from "../model/formula-findings.ts";
import { kpiInput } from "../model/kpi-input-kind.ts";

/** A line or station that elements are of. `place`: the id of the station, or the id of the line. */
export interface InputPlace {
  readonly place: string;
  readonly shell: string;
  readonly title: AssignedInput["title"];
}

export function placesOf(lines: readonly KnownLine[]): readonly InputPlace[] {
  return lines.flatMap(({ id, shell, title, stations }) => [
    { place: id, shell, title },
    ...stations.map((station) => ({ place: station.id, shell: station.shell, title: station.title })),
  ]);
}

export function inputDocumentId(symbol: string, shell: string): RecordId {
  return hashedId("kpiInput", symbol, shell);
}

/** By place in the order of the lines, then by symbol; those over a signal that may not be read are left out. */
export function listInputs(view: PlantView, branch: BranchId, places: readonly InputPlace[]): AssignedInput[] {
  const known = new Map(places.map((each, at) => [each.shell, { ...each, at }]));
  return view.documents
    .reader(branch)
    .query({ kind: kpiInput.record })
    .flatMap((record) => {
      const document = readDocument(kpiInput, record);
      const place = document && known.get(document.shell);
      if (document === undefined || place === undefined || !isReadable(view, document.formula)) return [];
      return [{ id: record.id, symbol: document.symbol, place: place.place, title: place.title, formula: document.formula, at: place.at }];
    })
    .toSorted((a, b) => a.at - b.at || (a.symbol < b.symbol ? -1 : 1))
    .map(({ id, symbol, place, title, formula }) => ({ id, symbol, place, title, formula }));
}

export interface WantedInput {
  readonly symbol: string;
  /** Id of a station or a line, or the AAS id of its shell, or the English title of a line. */
  readonly place: string;
  readonly formula: string;
}

/** What storing an input would change; undefined: it is so already. Throws DW_NOT_FOUND (no such place), DW_INVALID. */
export function inputChange(
  view: PlantView,
  branch: BranchId,
  places: readonly InputPlace[],
  { symbol, place: name, formula }: WantedInput,
): { readonly id: RecordId; readonly change: Change | undefined } {
  const place = places.find(({ place: id, shell, title }) => id === name || shell === name || title.en === name);
  const id = place && inputDocumentId(symbol, place.shell);
  if (place === undefined || id === undefined || view.hides(branch, id))
    throw new DoppelwerkError("DW_NOT_FOUND", message("kpis.inputs.noPlace", { place: name.slice(0, 200) }));
  const fault = inputFault(view, symbol, formula);
  if (fault) throw new DoppelwerkError("DW_INVALID", fault);
  return { id, change: documentChange(kpiInput, id, view.documents.reader(branch).get(id), { symbol, shell: place.shell, formula }) };
}

/** A formula of an element names elements and signals, itself not. */
function inputFault(view: PlantView, symbol: string, formula: string) {
  const parsed = parseExpression(formula);
  const names = parsed.fault ? [] : needsOf(parsed.expression).names;
  if (names.includes(symbol)) return message("kpis.formula.cycle", { names: `${symbol} → ${symbol}` });
  const other = names.find((name) => elementOf(name) === undefined);
  if (other !== undefined) return message("kpis.inputs.onlyElements", { name: other.slice(0, 60) });
  return formulaFault({ name: symbol, formula }, [], (signal) => view.signal(signal));
}

export async function storeInput(
  view: PlantView,
  branch: BranchId,
  places: readonly InputPlace[],
  { reason, ...wanted }: WantedInput & { readonly reason?: string | undefined },
): Promise<AssignedInput> {
  const { id, change } = inputChange(view, branch, places, wanted);
  if (change)
    await view.documents.apply({
      branch,
      reason: reason || message("kpis.inputs.logStored", { symbol: wanted.symbol }),
      changes: [change],
    });
  return listInputs(view, branch, places).find((each) => each.id === id)!;
}

/** Throws DW_NOT_FOUND. */
export async function removeInput(
  view: PlantView,
  branch: BranchId,
  places: readonly InputPlace[],
  id: RecordId,
  reason: string | undefined,
): Promise<void> {
  const known = listInputs(view, branch, places).find((each) => each.id === id);
  const record = view.documents.reader(branch).get(id);
  if (known === undefined || record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("kpis.inputs.none"));
  await view.documents.apply({
    branch,
    reason: reason || message("kpis.inputs.logRemoved", { symbol: known.symbol }),
    changes: [{ op: "delete", record }],
  });
}

function isReadable(view: PlantView, formula: string): boolean {
  const parsed = parseExpression(formula);
  return parsed.fault !== undefined || needsOf(parsed.expression).signals.every(({ signal }) => view.mayReadSignal(signal));
}
