import { message } from "@doppelwerk/kit";
import { editedMapping, stateMappingSubmodel } from "@doppelwerk/operations";
import type { LineDefinition, MappingEdit, StateMapping, StationDefinition } from "@doppelwerk/operations";
import {
  createDocument,
  DoppelwerkError,
  recordOfAasId,
  shellOf,
  submodelOf,
  submodelReference,
  updateDocument,
  type Change,
  type IdSource,
  type RecordReader,
  type ShellRecord,
  type WorldRecord,
} from "@doppelwerk/world";
import type { MappingEdit as Edit } from "../../contract.ts";

const WORDS_MAX = 2_000;

export function stationOf(definition: LineDefinition, id: string): StationDefinition {
  const station = definition.stations.find((each) => each.id === id);
  if (station === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noStationId", { id: id.slice(0, 100) }));
  return station;
}

export function edited(
  definition: LineDefinition,
  id: string,
  edit: Omit<Edit, "expected" | "reason">,
): { readonly station: StationDefinition; readonly mapping: StateMapping } {
  const station = stationOf(definition, id);
  const { from, words, blockedBit, starvedBit, neighbours } = edit;
  const request: MappingEdit = {
    // the document keeps milliseconds
    ...(from === undefined ? {} : { from: Math.floor(from / 1_000) * 1_000 }),
    ...(words === undefined ? {} : { words }),
    ...(blockedBit === undefined ? {} : { blockedBit }),
    ...(starvedBit === undefined ? {} : { starvedBit }),
    ...(neighbours === undefined ? {} : { neighbours }),
  };
  const mapping = editedMapping(station.mapping, request);
  const count = [mapping, ...(mapping.later ?? [])].reduce((sum, version) => sum + Object.keys(version.words).length, 0);
  if (count > WORDS_MAX)
    throw new DoppelwerkError("DW_INVALID", message("connect.mappingHoldsMostWordsOverAll", { max: WORDS_MAX, count, id: station.id }));
  return { station, mapping };
}

export function newestOf(mapping: StateMapping): number {
  return Math.max(...[mapping, ...(mapping.later ?? [])].map(({ version }) => version));
}

function shellRecordOf(reader: RecordReader, station: StationDefinition): ShellRecord | undefined {
  return station.shell === undefined ? undefined : (recordOfAasId(reader, "shell", station.shell) as ShellRecord | undefined);
}

/** The submodel in which the mapping of a station is; undefined where it has none yet. */
export function mappingRecordOf(reader: RecordReader, station: StationDefinition): WorldRecord | undefined {
  return shellRecordOf(reader, station)
    ?.submodels.map((aasId) => recordOfAasId(reader, "submodel", aasId))
    .find((submodel) => submodel?.["idShort"] === "StateMapping");
}

/** The mapping into the station's submodel; what else stands in it stays. */
export function mappingChanges(reader: RecordReader, station: StationDefinition, mapping: StateMapping, ids: IdSource): readonly Change[] {
  const shell = shellRecordOf(reader, station);
  if (shell === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noShellId", { shell: station.shell ?? station.id }));
  const record = mappingRecordOf(reader, station);
  if (record !== undefined) {
    const known = submodelOf(reader, record.id)!;
    const written = stateMappingSubmodel(known.id, mapping).submodelElements!;
    const ours = new Set(["Version", "Words", "BlockedBit", "StarvedBit", "Neighbours", "Versions"]);
    const others = (known.submodelElements ?? []).filter(({ idShort }) => !ours.has(idShort ?? ""));
    return updateDocument(reader, record.id, { ...known, submodelElements: [...written, ...others] }, ids);
  }
  const id = `${shell.aasId}/StateMapping`;
  if (recordOfAasId(reader, "submodel", id) !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("connect.submodelId", { id }));
  const owner = shellOf(reader, shell.id)!;
  return [
    ...createDocument(stateMappingSubmodel(id, mapping), ids),
    ...updateDocument(reader, shell.id, { ...owner, submodels: [...(owner.submodels ?? []), submodelReference(id)] }, ids),
  ];
}
