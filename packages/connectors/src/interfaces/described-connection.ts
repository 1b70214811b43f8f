import type { Finding } from "@doppelwerk/aas";
import { recordOfAasId, submodelOf, type ConnectionRecord, type RecordReader } from "@doppelwerk/world";
import { readAssetInterfaces } from "./asset-interfaces.ts";

const WRITTEN = "urn:doppelwerk:interface:";

/** AAS id of the Asset Interfaces Description that is written of a connection. */
export function writtenInterfaceId(connection: string): string {
  return WRITTEN + connection;
}

/** The connection of which this description was written. */
export function writtenConnection(reader: RecordReader, submodel: string): ConnectionRecord | undefined {
  const record = submodel.startsWith(WRITTEN) ? reader.get(submodel.slice(WRITTEN.length)) : undefined;
  return record?.kind === "connection" ? (record as ConnectionRecord) : undefined;
}

const SHOWN = 50;

/** What is wrong with the descriptions of a connection, newest reading of each; at most fifty, and how many more. */
export function interfaceFindings(
  reader: RecordReader,
  { describedBy = [] }: ConnectionRecord,
): { readonly findings: readonly (Finding & { readonly submodel: string })[]; readonly more: number } {
  const all = describedBy.flatMap((aasId) => {
    const record = recordOfAasId(reader, "submodel", aasId);
    const submodel = record === undefined ? undefined : submodelOf(reader, record.id);
    return submodel === undefined ? [] : readAssetInterfaces(submodel).findings.map((finding) => ({ ...finding, submodel: aasId }));
  });
  return { findings: all.slice(0, SHOWN), more: Math.max(0, all.length - SHOWN) };
}
