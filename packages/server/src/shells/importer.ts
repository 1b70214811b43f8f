import type { Environment, FileContent, Finding, Submodel, ValueType } from "@doppelwerk/aas";
import { isAssetInterfaces, isMappingConfiguration, readAssetInterfaces, writeAssetInterfaces } from "@doppelwerk/connectors/interfaces";
import { setImmediate as turn } from "node:timers/promises";
import { changedId, DoppelwerkError, hashedId, importChangesInTurns, LIVE, recordOfAasId, said } from "@doppelwerk/world";
import { bindMappings } from "./mapping-bindings.ts";
import { importedFiles } from "../aas-api/index.ts";
import type { FileReport, RepairWish } from "./file-report.ts";
import { createFileReader, type ReadBesideOptions } from "./read-beside.ts";
import type { Blobs, Change, ConnectionRecord, Json, RecordReader, SignalRecord, WorldRecord, WorldView } from "@doppelwerk/world";

export interface ImportReport {
  readonly created: number;
  readonly changed: number;
  readonly conflicts: number;
  /** Connections that are described and wait for a person to connect them; absent = none. */
  readonly waiting?: number;
  readonly findings: readonly Finding[];
}

export interface ImportOptions {
  readonly demo?: boolean;
  /** Connects what the file describes at once; else a person connects it (default: only a demonstration). */
  readonly connect?: boolean;
  /** Default `none`. */
  readonly repair?: RepairWish;
}

export interface Importer {
  /** Reads AASX, JSON or XML by content, merges three-way into live (in one revision, large files in parts), makes signals of the interfaces it describes. */
  importFile(view: WorldView, name: string, bytes: Uint8Array, options?: ImportOptions): Promise<ImportReport>;
  /** What an import would bring, and what is wrong with the file: changes nothing. */
  reportFile(view: WorldView, bytes: Uint8Array, repair: RepairWish): Promise<FileReport>;
  /** Does this after every import that was asked for before it, and before every later one. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** The importer over a place for supplementary files. Files are read and checked beside the live plant. */
export function createImporter(blobs: Blobs, reading: ReadBesideOptions = {}): Importer {
  const read = createFileReader(reading);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  return {
    inTurn,
    async importFile(view, name, bytes, options = {}) {
      mustBeAllowed(view);
      const { content, report } = await read(bytes, options.repair ?? "none");
      mustHoldSomething(name, content);
      return inTurn(async () => {
        const { files, environment } = content;
        const { findings } = report;
        for (const { contentType, bytes: content } of files.values()) await blobs.put(content, contentType);
        const reader = view.reader(LIVE);
        const interfaces = interfaceRecords(reader, environment, options.demo === true, options.connect ?? options.demo === true);
        const documents = await importChangesInTurns(reader, withOperationalData(environment, interfaces.signals), name, turn);
        const bound = bindElements(reader, documents.changes, interfaces.signals);
        const changes = [...bound.changes, ...[...interfaces.connections, ...bound.signals].flatMap((record) => upsert(reader, record))];
        const supplements = await importedFiles(reader, content, blobs);
        const all = [...changes, ...supplements];
        await applyInParts(view, name, all);
        const waiting = interfaces.connections.filter(({ enabled }) => !enabled).length;
        const mapped = await bindMappings(view, (environment.submodels ?? []).filter(isMappingConfiguration));
        return {
          created: changes.filter(({ op }) => op === "create").length,
          changed: changes.filter(({ op }) => op !== "create").length,
          conflicts: documents.conflicts.length,
          findings: [...findings, ...interfaces.findings, ...mapped],
          ...(waiting === 0 ? {} : { waiting }),
        };
      });
    },
    async reportFile(view, bytes, repair) {
      mustBeAllowed(view);
      return (await read(bytes, repair)).report;
    },
  };
}

/** An import of so many changes is one revision; a larger one would keep the plant waiting for seconds, and goes in parts of whole documents. */
const IN_ONE_MAX = 20_000;
const PART = 2_000;

async function applyInParts(view: WorldView, name: string, changes: readonly Change[]): Promise<void> {
  const parts = changes.length <= IN_ONE_MAX ? [changes] : partsOf(changes);
  for (const [i, part] of parts.entries()) {
    if (part.length === 0) continue;
    const reason = parts.length === 1 ? `import ${name}` : `import ${name}, part ${i + 1} of ${parts.length}`;
    try {
      await view.apply({ branch: LIVE, reason, changes: part });
    } catch (error) {
      if (i === 0 || !(error instanceof DoppelwerkError)) throw error;
      const told = `${error.message}; ${i} of ${parts.length} parts are imported, importing the file again brings the rest`;
      throw new DoppelwerkError(error.code, told, error.details);
    }
    await turn();
  }
}

/** Cut only before what is no element, so that a document comes whole. */
function partsOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const parts: Change[][] = [[]];
  for (const change of changes) {
    if (parts.at(-1)!.length >= PART && !changedId(change).startsWith("element:")) parts.push([]);
    parts.at(-1)!.push(change);
  }
  return parts;
}

function mustBeAllowed(view: WorldView): void {
  const decision = view.may("import", LIVE);
  if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
}

/** A file is refused when nothing in it can be imported. */
function mustHoldSomething(name: string, content: FileContent): void {
  const { assetAdministrationShells, submodels, conceptDescriptions } = content.environment;
  if ([assetAdministrationShells, submodels, conceptDescriptions].some((list) => (list ?? []).length > 0)) return;
  const first = content.findings.find(({ severity }) => severity === "error") ?? content.findings[0];
  throw new DoppelwerkError(
    "DW_INVALID",
    said`no shell, submodel or concept description in the file (${first?.message ?? "it is empty"}): ${name}`,
    content.findings.slice(0, 20) as unknown as Json,
  );
}

interface InterfaceRecords {
  readonly connections: readonly ConnectionRecord[];
  readonly signals: readonly DescribedSignal[];
  readonly findings: readonly Finding[];
}

/** A signal and the idShort of the property that describes it, unique in its shell. */
interface DescribedSignal {
  readonly signal: SignalRecord;
  readonly idShort: string;
}

/** Connections and signals of every Asset Interfaces Description in the file; ids hashed from what they are, so that a second import finds them. */
export function interfaceRecords(reader: RecordReader, environment: Environment, demo: boolean, connect: boolean): InterfaceRecords {
  const shellOfSubmodel = new Map(
    (environment.assetAdministrationShells ?? []).flatMap((shell) =>
      (shell.submodels ?? []).map((reference) => [reference.keys?.at(-1)?.value, shell.id] as const),
    ),
  );
  const connections = new Map<string, ConnectionRecord>();
  const signals: DescribedSignal[] = [];
  const findings: Finding[] = [];
  const all = (environment.submodels ?? [])
    .filter(isAssetInterfaces)
    .map((submodel) => ({ submodel, described: readAssetInterfaces(submodel, shellOfSubmodel.get(submodel.id)) }));
  const stillThere = new Set(all.flatMap(({ described }) => described.connections.map(({ protocol, url }) => `${protocol} ${url}`)));
  const here = new Set(all.map(({ submodel }) => submodel.id));
  const present = reader.query({ kind: "connection" }) as readonly ConnectionRecord[];
  for (const { submodel, described } of all) {
    findings.push(...described.findings);
    const own = described.connections.map(({ protocol, url, title }, position): ConnectionRecord => {
      const ids = described.signals.flatMap((signal) =>
        signal.connection === position ? [hashedId("signal", submodel.id, signal.path)] : [],
      );
      const known =
        ownConnection(reader, submodel.id) ??
        present.find((candidate) => candidate.protocol === protocol && candidate.url === url) ??
        formerConnection(reader, ids, protocol, stillThere, here);
      const id = known?.id ?? hashedId("connection", "interfaces", `${protocol}/${url}`);
      // What was marked as a demonstration stays marked: simulated values are never shown as measured.
      const marked = demo || known?.demo === true;
      return {
        id,
        kind: "connection",
        name: title || url,
        protocol,
        url,
        enabled: connect || known?.enabled === true,
        ...(marked ? { demo: true } : {}),
        describedBy: [...new Set([...(connections.get(id)?.describedBy ?? known?.describedBy ?? []), submodel.id])].sort(),
      };
    });
    for (const connection of own) connections.set(connection.id, connection);
    const taken = takenAddresses(reader, submodel.id);
    for (const { connection, path, enumeration: _names, ...draft } of described.signals) {
      if (taken.has(draft.address)) continue;
      const signal: SignalRecord = { id: hashedId("signal", submodel.id, path), kind: "signal", ...draft, connection: own[connection]!.id };
      signals.push({ signal, idShort: path.slice(path.lastIndexOf(".") + 1) });
    }
  }
  return { connections: [...connections.values()], signals, findings };
}

/** The connection over which signals came so far: a plant that is back at another address is the same one, unless its old address is still in use. */
function formerConnection(
  reader: RecordReader,
  signals: readonly string[],
  protocol: string,
  stillThere: ReadonlySet<string>,
  here: ReadonlySet<string>,
): ConnectionRecord | undefined {
  const elsewhere = ({ describedBy = [] }: ConnectionRecord) =>
    describedBy.some((id) => !here.has(id) && recordOfAasId(reader, "submodel", id) !== undefined);
  for (const id of signals) {
    const former = (reader.get(id) as SignalRecord | undefined)?.connection;
    const record = former === undefined ? undefined : (reader.get(former) as ConnectionRecord | undefined);
    if (record?.protocol === protocol && !stillThere.has(`${protocol} ${record.url}`) && !elsewhere(record)) return record;
  }
  return undefined;
}

const WRITTEN = "urn:doppelwerk:interface:";

/** AAS id of the Asset Interfaces Description that is written of a connection. */
export function writtenInterfaceId(connection: string): string {
  return WRITTEN + connection;
}

/** The connection of which this description was written. */
function ownConnection(reader: RecordReader, submodel: string): ConnectionRecord | undefined {
  const record = submodel.startsWith(WRITTEN) ? reader.get(submodel.slice(WRITTEN.length)) : undefined;
  return record?.kind === "connection" ? (record as ConnectionRecord) : undefined;
}

/** A description that was written of a connection names signals that are there already. */
function takenAddresses(reader: RecordReader, submodel: string): ReadonlySet<string | undefined> {
  const own = ownConnection(reader, submodel);
  if (own === undefined) return new Set();
  const signals = reader.query({ kind: "signal", index: { name: "connection", value: own.id } }) as readonly SignalRecord[];
  // an address may be written in a longer form than it was declared in: a type that went without saying
  const written = readAssetInterfaces(writeAssetInterfaces(submodel, own, signals)).signals;
  return new Set([...signals, ...written].map(({ address }) => address));
}

const OPERATIONAL_DATA = "urn:doppelwerk:submodel:operational-data:1:0";
const valueTypes: Readonly<Record<SignalRecord["valueType"], ValueType>> = {
  double: "xs:double",
  integer: "xs:long",
  boolean: "xs:boolean",
  string: "xs:string",
  enumeration: "xs:string",
};

/** Every asset with an interface gets a submodel whose properties *are* its signals: any AAS client reads live values there. */
function withOperationalData(environment: Environment, signals: readonly DescribedSignal[]): Environment {
  const byShell = Map.groupBy(
    signals.filter(({ signal }) => signal.shell !== undefined),
    ({ signal }) => signal.shell!,
  );
  const submodels = [...byShell].map(([shell, own]): Submodel => ({
    modelType: "Submodel",
    id: operationalDataId(shell),
    idShort: "OperationalData",
    semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: OPERATIONAL_DATA }] },
    submodelElements: own.map(({ signal, idShort }) => ({
      modelType: "Property",
      idShort,
      ...(signal.names === undefined ? {} : { displayName: Object.entries(signal.names).map(([language, text]) => ({ language, text })) }),
      valueType: valueTypes[signal.valueType],
      ...(signal.unit === undefined
        ? {}
        : { qualifiers: [{ type: "Unit", kind: "ConceptQualifier", valueType: "xs:string", value: signal.unit }] }),
    })),
  }));
  const shells = (environment.assetAdministrationShells ?? []).map((shell) =>
    byShell.has(shell.id)
      ? {
          ...shell,
          submodels: [
            ...(shell.submodels ?? []),
            { type: "ModelReference" as const, keys: [{ type: "Submodel" as const, value: operationalDataId(shell.id) }] },
          ],
        }
      : shell,
  );
  return { ...environment, assetAdministrationShells: shells, submodels: [...(environment.submodels ?? []), ...submodels] };
}

function operationalDataId(shell: string): string {
  return `${shell}/operational-data`;
}

/** Binds the new properties to their signals and the signals to the properties. */
function bindElements(
  reader: RecordReader,
  changes: readonly Change[],
  signals: readonly DescribedSignal[],
): { readonly changes: readonly Change[]; readonly signals: readonly SignalRecord[] } {
  const shellOfSubmodel = new Map<string, string>();
  const remember = (record: WorldRecord) => {
    const aasId = record["aasId"];
    if (record.kind === "submodel" && typeof aasId === "string" && aasId.endsWith("/operational-data"))
      shellOfSubmodel.set(record.id, aasId.slice(0, -"/operational-data".length));
  };
  for (const change of changes) if (change.op === "create") remember(change.record);
  for (const record of reader.query({ kind: "submodel", index: { name: "semanticId", value: OPERATIONAL_DATA } })) remember(record);
  const signalOf = new Map(signals.map(({ signal, idShort }) => [`${signal.shell}/${idShort}`, signal]));
  const elementOf = new Map<string, string>();
  const bound = changes.map((change): Change => {
    if (change.op !== "create" || change.record.kind !== "element") return change;
    const signal = signalOf.get(`${shellOfSubmodel.get(String(change.record["submodel"]))}/${String(change.record["idShort"])}`);
    if (!signal) return change;
    elementOf.set(signal.id, change.record.id);
    return { op: "create", record: { ...change.record, signal: signal.id } };
  });
  return {
    changes: bound,
    signals: signals.map(({ signal }) => (elementOf.has(signal.id) ? { ...signal, element: elementOf.get(signal.id)! } : signal)),
  };
}

/** Creates the record or changes the fields that differ; fields that people added stay. */
export function upsert(reader: RecordReader, record: WorldRecord): Change[] {
  const existing = reader.get(record.id);
  if (!existing) return [{ op: "create", record }];
  const fields = Object.entries(record)
    .filter(([name, value]) => value !== undefined && name !== "enabled" && JSON.stringify(existing[name]) !== JSON.stringify(value))
    .map(([name, to]) => [name, { from: existing[name], to }] as const);
  return fields.length === 0 ? [] : [{ op: "update", id: record.id, fields: Object.fromEntries(fields) }];
}
