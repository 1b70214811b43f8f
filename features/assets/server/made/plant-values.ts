import { DoppelwerkError, message } from "@doppelwerk/kit";
import { roleOfName } from "@doppelwerk/operations";
import { recordOfAasId } from "@doppelwerk/world";
import type { ConnectionRecord, RecordReader, ShellRecord, SignalRecord, ValueType } from "@doppelwerk/world";
import type { AssetProposal, PlantValue, PlantValues } from "../../contract.ts";
import { likenessOf, type PlacedValue } from "../../model/like-assets.ts";
import { textOfShell } from "./shell-text.ts";

const MAX_VALUES = 20_000;
const MAX_LIKE = 500;

/** Values of the connected plants with their place, and the assets that they belong to. */
export function plantValuesOf(reader: RecordReader): PlantValues {
  const connections = (reader.query({ kind: "connection" }) as readonly ConnectionRecord[]).map(({ id, name }) => ({ id, name }));
  const all = measuredSignals(reader);
  const counts = new Map<string, number>();
  for (const { shell } of all) if (shell !== undefined) counts.set(shell, (counts.get(shell) ?? 0) + 1);
  const assets = [...counts].flatMap(([aasId, values]): PlantValues["assets"][number][] => {
    const shell = recordOfAasId(reader, "shell", aasId) as ShellRecord | undefined;
    if (shell === undefined) return [];
    return [{ shell: aasId, idShort: shell.idShort, name: textOfShell(shell), values, isStation: isStation(reader, shell) }];
  });
  const inOrder = new Intl.Collator("en", { numeric: true });
  return {
    connections,
    values: all.slice(0, MAX_VALUES).map(shownValue),
    more: Math.max(0, all.length - MAX_VALUES),
    assets: assets.toSorted((a, b) => inOrder.compare(a.name.en, b.name.en)),
  };
}

/** Errors: DW_NOT_FOUND (a signal of no plant, or one that may not be read), DW_INVALID (signals of several plants). */
export function likenessOfSignals(reader: RecordReader, ids: readonly string[]): AssetProposal {
  const signals = [...new Set(ids)].map((id) => plantSignal(reader, id));
  const selected = signals.map(placed);
  if (selected.some(({ connection }) => connection !== selected[0]!.connection))
    throw new DoppelwerkError("DW_INVALID", message("assets.valuesOfOnePlant"));
  // what belongs to an asset is not made into another
  const free = measuredSignals(reader)
    .filter(({ shell }) => shell === undefined)
    .map(placed);
  const { name, columns, like } = likenessOf(free, selected);
  return {
    name,
    columns,
    roles: rolesOf(columns, signals),
    like: like.slice(0, MAX_LIKE).map((each) => ({ ...each, signals: each.signals.map((signal) => signal ?? null) })),
    more: Math.max(0, like.length - MAX_LIKE),
  };
}

/** What the names of values say that they are, with their types and units; a role that two of them would fill is asserted of neither. */
function rolesOf(
  columns: readonly string[],
  values: readonly { readonly valueType: ValueType; readonly unit?: string }[],
): AssetProposal["roles"] {
  const roles = columns.map((column, at) => roleOfName(column, values[at]!));
  return roles.map((role) => (role === undefined || roles.filter((other) => other === role).length > 1 ? null : role));
}

/** A signal that a connected plant tells. Errors: DW_NOT_FOUND. */
export function plantSignal(reader: RecordReader, id: string): SignalRecord & { readonly connection: string } {
  const signal = reader.get(id) as SignalRecord | undefined;
  if (signal?.kind !== "signal" || signal.connection === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noPlantValue", { id: id.slice(0, 100) }));
  return signal as SignalRecord & { readonly connection: string };
}

function measuredSignals(reader: RecordReader): readonly (SignalRecord & { readonly connection: string })[] {
  return (reader.query({ kind: "signal" }) as readonly SignalRecord[]).filter(
    (signal): signal is SignalRecord & { readonly connection: string } => signal.connection !== undefined,
  );
}

/** Signals of earlier versions do not know their folders: their names are the last three of them. */
function pathOf({ path, name }: SignalRecord): readonly string[] {
  return path !== undefined && path.length > 0 ? path : name.split(".");
}

function placed(signal: SignalRecord & { readonly connection: string }): PlacedValue {
  return { signal: signal.id, connection: signal.connection, path: pathOf(signal), valueType: signal.valueType };
}

function shownValue(signal: SignalRecord & { readonly connection: string }): PlantValue {
  const { id, connection, name, valueType, unit, shell, role } = signal;
  return {
    signal: id,
    connection,
    path: pathOf(signal),
    name,
    valueType,
    ...(unit === undefined ? {} : { unit }),
    ...(shell === undefined ? {} : { shell }),
    ...(role === undefined ? {} : { role }),
  };
}

function isStation(reader: RecordReader, shell: ShellRecord): boolean {
  return shell.submodels.some((aasId) => recordOfAasId(reader, "submodel", aasId)?.["idShort"] === "Station");
}
