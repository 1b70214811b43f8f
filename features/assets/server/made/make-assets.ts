import { DoppelwerkError, message } from "@doppelwerk/kit";
import { assetDocuments, operationalDataOf, uniqueIdShort, type MadeAsset, type MadeValue } from "@doppelwerk/operations";
import { importChanges, LIVE } from "@doppelwerk/world";
import type { Change, FieldChange, IdSource, Json, ShellRecord, SignalRecord, WorldView } from "@doppelwerk/world";
import type { MakeAssets } from "../../contract.ts";
import { plantSignal } from "./plant-values.ts";

type Made = { readonly assets: readonly { readonly shell: string; readonly idShort: string; readonly name: string }[] };

/**
 * A shell for each asset with its operational data bound to its signals, in one revision. Errors: DW_NOT_FOUND (a signal), DW_CONFLICT (it belongs to an
 * asset already), DW_INVALID (twice in the request; another number of signals than of columns; an asset without any).
 */
export async function makeAssetsOf(view: WorldView, ids: IdSource, { columns, assets }: MakeAssets): Promise<Made> {
  const reader = view.reader(LIVE);
  const chosen = assets.map(({ signals }) => signals.map((id) => (id === null ? undefined : plantSignal(reader, id))));
  refuse(columns.length, assets, chosen);
  const names = valueNames(columns);
  const taken = new Set((reader.query({ kind: "shell" }) as readonly ShellRecord[]).map(({ idShort }) => idShort.toLowerCase()));
  const made = assets.map(({ name }, at): MadeAsset => {
    const id = ids.next("shell").split(":").at(-1)!;
    return {
      shell: `urn:doppelwerk:shell:${id}`,
      globalAssetId: `urn:doppelwerk:asset:${id}`,
      idShort: uniqueIdShort(name, taken),
      name,
      values: chosen[at]!.flatMap((signal, column) =>
        signal === undefined ? [] : [valueOf(names[column]!, columns[column]!.name, signal)],
      ),
    };
  });
  const { changes } = importChanges(reader, assetDocuments(made), `made by hand ${ids.next("import")}`);
  await view.apply({
    branch: LIVE,
    reason: message("changes.logAssetsMade", { count: made.length, name: made[0]!.name }),
    changes: bound(changes, made, chosen, columns, names),
  });
  return { assets: made.map(({ shell, idShort, name }) => ({ shell, idShort, name })) };
}

function refuse(columns: number, assets: MakeAssets["assets"], chosen: readonly (readonly (SignalRecord | undefined)[])[]): void {
  const seen = new Set<string>();
  for (const [at, signals] of chosen.entries()) {
    const { name } = assets[at]!;
    if (signals.length !== columns) throw new DoppelwerkError("DW_INVALID", message("assets.signalForEachColumn", { name, columns }));
    if (signals.every((signal) => signal === undefined))
      throw new DoppelwerkError("DW_INVALID", message("assets.assetWithoutValue", { name }));
    for (const signal of signals) {
      if (signal === undefined) continue;
      if (signal.shell !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("assets.valueHasAsset", { value: signal.name }));
      if (seen.has(signal.id)) throw new DoppelwerkError("DW_INVALID", message("assets.valueTwice", { value: signal.name }));
      seen.add(signal.id);
    }
  }
}

/** The role, or the name in letters that an idShort may have; each once. */
function valueNames(columns: MakeAssets["columns"]): readonly string[] {
  const taken = new Set<string>();
  return columns.map(({ name, role }) => uniqueIdShort(role ?? name, taken).replace(/^Asset_/, "Value_"));
}

function valueOf(idShort: string, name: string, { valueType, unit }: SignalRecord): MadeValue {
  return { idShort, valueType, ...(unit === undefined ? {} : { unit }), ...(name === idShort ? {} : { displayName: name }) };
}

/** The changes of the documents with each property showing its signal, and each signal knowing its asset, property and role. */
function bound(
  changes: readonly Change[],
  made: readonly MadeAsset[],
  chosen: readonly (readonly (SignalRecord | undefined)[])[],
  columns: MakeAssets["columns"],
  names: readonly string[],
): readonly Change[] {
  const shellOf = new Map<unknown, string>(made.map(({ shell }) => [operationalDataOf(shell), shell]));
  const shellOfSubmodel = new Map<unknown, string>();
  for (const change of changes)
    if (change.op === "create" && change.record.kind === "submodel")
      shellOfSubmodel.set(change.record.id, shellOf.get(change.record["aasId"])!);
  const signalAt = new Map(
    made.flatMap(({ shell }, at) =>
      chosen[at]!.flatMap((signal, column) => (signal === undefined ? [] : [[`${shell}\n${names[column]}`, signal] as const])),
    ),
  );
  const elementOf = new Map<string, string>();
  const documents = changes.map((change): Change => {
    if (change.op !== "create" || change.record.kind !== "element") return change;
    const { id, submodel, idShort } = change.record;
    const signal = signalAt.get(`${shellOfSubmodel.get(submodel)}\n${String(idShort)}`);
    if (signal === undefined) return change;
    elementOf.set(signal.id, id);
    return { op: "create", record: { ...change.record, signal: signal.id } };
  });
  const signals = made.flatMap(({ shell, idShort }, at) =>
    chosen[at]!.flatMap((signal, column): Change[] => {
      if (signal === undefined) return [];
      const { role } = columns[column]!;
      const fields = { shell, element: elementOf.get(signal.id), name: `${idShort}.${names[column]}`, ...roleFields(signal, role) };
      return [signalChange(signal, fields)];
    }),
  );
  return [...documents, ...signals];
}

/** A count is a totaliser until somebody declares it otherwise. */
export function roleFields({ counter }: SignalRecord, role: string | undefined): Readonly<Record<string, Json>> {
  if (role === undefined) return {};
  const isCount = role === "Good" || role === "Total" || role === "Reject";
  return { role, ...(isCount && counter === undefined ? { counter: { type: "totaliser" } } : {}) };
}

/** Only what differs. */
export function signalChange(signal: SignalRecord, fields: Readonly<Record<string, Json | undefined>>): Change {
  const changed = Object.entries(fields).filter(([name, to]) => JSON.stringify(signal[name]) !== JSON.stringify(to));
  const entries = changed.map(([name, to]): [string, FieldChange] => [name, { from: signal[name] as Json | undefined, to }]);
  return { op: "update", id: signal.id, fields: Object.fromEntries(entries) };
}
