import { parseEnvironment, readAasx, readXml } from "@doppelwerk/aas";
import type { Environment, Finding } from "@doppelwerk/aas";
import { isAssetInterfaces, readAssetInterfaces } from "@doppelwerk/connectors";
import { DoppelwerkError, hashedId, importChanges, LIVE } from "@doppelwerk/world";
import type { Blobs, Change, ConnectionRecord, Json, RecordReader, SignalRecord, WorldRecord, WorldView } from "@doppelwerk/world";

export interface ImportReport {
  readonly created: number;
  readonly changed: number;
  readonly conflicts: number;
  readonly findings: readonly Finding[];
}

export interface Importer {
  /** Reads AASX, JSON or XML by content, merges three-way into live in one revision, makes signals of the interfaces it describes. */
  importFile(view: WorldView, name: string, bytes: Uint8Array, options?: { readonly demo?: boolean }): Promise<ImportReport>;
}

/** The importer over a place for supplementary files. */
export function createImporter(blobs: Blobs): Importer {
  return {
    async importFile(view, name, bytes, options = {}) {
      const decision = view.may("import", LIVE);
      if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
      const { environment, files, findings } = readFile(name, bytes);
      for (const { contentType, bytes: content } of files) await blobs.put(content, contentType);
      const reader = view.reader(LIVE);
      const documents = importChanges(reader, environment, name);
      const interfaces = interfaceRecords(environment, options.demo === true);
      const changes = [...documents.changes, ...interfaces.records.flatMap((record) => upsert(reader, record))];
      if (changes.length > 0) await view.apply({ branch: LIVE, reason: `import ${name}`, changes });
      return {
        created: changes.filter(({ op }) => op === "create").length,
        changed: changes.filter(({ op }) => op !== "create").length,
        conflicts: documents.conflicts.length,
        findings: [...findings, ...interfaces.findings],
      };
    },
  };
}

interface FileContent {
  readonly environment: Environment;
  readonly files: readonly { readonly contentType: string; readonly bytes: Uint8Array }[];
  readonly findings: readonly Finding[];
}

/** Kind by content, never by name: zip, XML or JSON. */
function readFile(name: string, bytes: Uint8Array): FileContent {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const { environment, files, findings } = readAasx(bytes);
    return { environment: demand(environment, name, findings), files: [...files.values()], findings };
  }
  const text = new TextDecoder("utf-8").decode(bytes);
  if (text.trimStart().startsWith("<")) {
    const { environment, findings } = readXml(text);
    return { environment: demand(environment, name, findings), files: [], findings };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DoppelwerkError("DW_INVALID", `neither AASX, XML nor JSON (${(error as Error).message}): ${name}`);
  }
  const { environment, findings } = parseEnvironment(json);
  return { environment: demand(environment, name, findings), files: [], findings };
}

function demand(environment: Environment | undefined, name: string, findings: readonly Finding[]): Environment {
  const empty = !environment || ((environment.assetAdministrationShells ?? []).length === 0 && (environment.submodels ?? []).length === 0 && (environment.conceptDescriptions ?? []).length === 0);
  if (empty) throw new DoppelwerkError("DW_INVALID", `no shell, submodel or concept description in the file (${findings[0]?.message ?? "it is empty"}): ${name}`, findings.slice(0, 20) as unknown as Json);
  return environment;
}

/** Connections and signals of every Asset Interfaces Description in the file; ids hashed from what they are, so that a second import finds them. */
function interfaceRecords(environment: Environment, demo: boolean): { readonly records: readonly WorldRecord[]; readonly findings: readonly Finding[] } {
  const shellOfSubmodel = new Map((environment.assetAdministrationShells ?? []).flatMap((shell) => (shell.submodels ?? []).map((reference) => [reference.keys?.at(-1)?.value, shell.id] as const)));
  const records = new Map<string, WorldRecord>();
  const findings: Finding[] = [];
  for (const submodel of environment.submodels ?? []) {
    if (!isAssetInterfaces(submodel)) continue;
    const described = readAssetInterfaces(submodel, shellOfSubmodel.get(submodel.id));
    findings.push(...described.findings);
    const connections = described.connections.map(({ protocol, url, title }): ConnectionRecord => {
      // One connection per protocol and source of the file: a plant that comes back on another port is the same connection with a new url.
      const id = hashedId("connection", "interfaces", `${protocol}/${demo ? "demo" : url}`);
      return { id, kind: "connection", name: title || url, protocol, url, enabled: true, ...(demo ? { demo: true } : {}) };
    });
    for (const connection of connections) records.set(connection.id, connection);
    for (const { connection, path, enumeration: _names, ...draft } of described.signals) {
      const id = hashedId("signal", submodel.id, path);
      const signal: SignalRecord = { id, kind: "signal", ...draft, connection: connections[connection]!.id };
      records.set(id, signal);
    }
  }
  return { records: [...records.values()], findings };
}

/** Creates the record or changes the fields that differ; fields that people added stay. */
function upsert(reader: RecordReader, record: WorldRecord): Change[] {
  const existing = reader.get(record.id);
  if (!existing) return [{ op: "create", record }];
  const fields = Object.entries(record)
    .filter(([name, value]) => value !== undefined && name !== "enabled" && JSON.stringify(existing[name]) !== JSON.stringify(value))
    .map(([name, to]) => [name, { from: existing[name], to }] as const);
  return fields.length === 0 ? [] : [{ op: "update", id: record.id, fields: Object.fromEntries(fields) }];
}
