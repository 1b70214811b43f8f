import { DoppelwerkError, message } from "@doppelwerk/kit";
import { lineDocuments, uniqueIdShort, type MadeLine, type MadeStation } from "@doppelwerk/operations";
import { importChanges, LIVE, recordOfAasId } from "@doppelwerk/world";
import type { Change, IdSource, RecordReader, ShellRecord, SignalRecord, WorldView } from "@doppelwerk/world";
import type { MakeLine } from "../../contract.ts";
import { roleFields, signalChange } from "./make-assets.ts";
import { plantSignal } from "./plant-values.ts";

/**
 * A line over assets that are there, in one revision. Errors: DW_NOT_FOUND (a shell, a signal), DW_INVALID (a shell twice; a count of another asset, or one
 * that is no number; a constraint that is no station of it).
 */
export async function makeLineOf(
  view: WorldView,
  ids: IdSource,
  { name, stations, constraint, ...given }: MakeLine,
): Promise<{ readonly shell: string; readonly idShort: string }> {
  const reader = view.reader(LIVE);
  const seen = new Set<string>();
  const made: MadeStation[] = [];
  const shells: ShellRecord[] = [];
  const roles: Change[] = [];
  for (const { shell: aasId, good } of stations) {
    const shell = recordOfAasId(reader, "shell", aasId) as ShellRecord | undefined;
    if (shell === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("assets.noShellId", { aasId: aasId.slice(0, 200) }));
    if (seen.has(aasId)) throw new DoppelwerkError("DW_INVALID", message("assets.stationTwice", { name: shell.idShort }));
    seen.add(aasId);
    shells.push(shell);
    const signals = reader.query({ kind: "signal", index: { name: "shell", value: aasId } }) as readonly SignalRecord[];
    const changes = good === undefined ? [] : goodChanges(reader, shell, signals, good);
    roles.push(...changes);
    made.push(stationOf(reader, shell, signals, good));
  }
  const limiting = constraint === undefined ? undefined : shells.find(({ aasId }) => aasId === constraint);
  if (constraint !== undefined && limiting === undefined)
    throw new DoppelwerkError("DW_INVALID", message("assets.constraintElsewhere", { aasId: constraint.slice(0, 200) }));
  const taken = new Set((reader.query({ kind: "shell" }) as readonly ShellRecord[]).map(({ idShort }) => idShort.toLowerCase()));
  const id = ids.next("shell").split(":").at(-1)!;
  const shell = `urn:doppelwerk:shell:${id}`;
  const idShort = uniqueIdShort(name, taken);
  const line = {
    shell,
    globalAssetId: `urn:doppelwerk:asset:${id}`,
    idShort,
    name,
    stations: made,
    ...givenOf(given),
    ...(limiting === undefined ? {} : { constraint: limiting.idShort }),
  };
  const { environment, added } = lineDocuments(line);
  const { changes } = importChanges(reader, environment, `made by hand ${ids.next("import")}`);
  const stated = shells.flatMap((record): Change[] => {
    const more = added.get(record.aasId) ?? [];
    const submodels = { from: record.submodels, to: [...record.submodels, ...more] };
    return more.length === 0 ? [] : [{ op: "update", id: record.id, fields: { submodels } }];
  });
  await view.apply({
    branch: LIVE,
    reason: message("changes.logLineMade", { name, count: made.length }),
    changes: [...changes, ...stated, ...roles],
  });
  return { shell, idShort };
}

function givenOf({
  taktS,
  shifts,
  timeZone,
}: Pick<MakeLine, "taktS" | "shifts" | "timeZone">): Pick<MadeLine, "taktS" | "shifts" | "timeZone"> {
  return {
    ...(taktS === undefined ? {} : { taktS }),
    ...(shifts === undefined ? {} : { shifts }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

function stationOf(reader: RecordReader, shell: ShellRecord, signals: readonly SignalRecord[], good: string | undefined): MadeStation {
  const has = shell.submodels.flatMap((aasId) => {
    const idShort = recordOfAasId(reader, "submodel", aasId)?.["idShort"];
    return typeof idShort === "string" ? [idShort] : [];
  });
  const roles = signals.flatMap(({ role }) => role ?? []);
  return {
    idShort: shell.idShort,
    shell: shell.aasId,
    has: new Set(has),
    roles: new Set(good === undefined ? roles : [...roles, "Good"]),
  };
}

/** The chosen value counts good parts; another that did has no role any more. */
function goodChanges(reader: RecordReader, shell: ShellRecord, signals: readonly SignalRecord[], good: string): readonly Change[] {
  const signal = plantSignal(reader, good);
  const facts = { value: signal.name, name: shell.idShort };
  if (signal.shell !== shell.aasId) throw new DoppelwerkError("DW_INVALID", message("assets.valueOfOtherAsset", facts));
  if (signal.valueType !== "integer" && signal.valueType !== "double")
    throw new DoppelwerkError("DW_INVALID", message("assets.noCount", facts));
  if (signal.role === "Good") return [];
  const before = signals.filter(({ id, role }) => role === "Good" && id !== good).map((other) => signalChange(other, { role: undefined }));
  return [...before, signalChange(signal, roleFields(signal, "Good"))];
}
