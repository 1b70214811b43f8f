import type { Environment, Finding } from "@doppelwerk/aas";
import { isAssetInterfaces, readAssetInterfaces, writeAssetInterfaces, writtenConnection } from "@doppelwerk/connectors/interfaces";
import { hashedId, recordOfAasId, submodelOf } from "@doppelwerk/world";
import type { Change, ConnectionRecord, RecordReader, SignalRecord, WorldRecord } from "@doppelwerk/world";

export interface InterfaceRecords {
  readonly connections: readonly ConnectionRecord[];
  readonly signals: readonly DescribedSignal[];
  readonly findings: readonly Finding[];
}

/** A signal and the idShort of the property that describes it, unique in its shell. */
export interface DescribedSignal {
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
  const unique = uniqueNames();
  /** Signals that were there and are described by now. */
  const named = new Set<string>();
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
        writtenConnection(reader, submodel.id) ??
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
        ...(marked ? { demo: true, origin: known?.origin ?? "simulated" } : {}),
        describedBy: [...new Set([...(connections.get(id)?.describedBy ?? known?.describedBy ?? []), submodel.id])].sort(),
      };
    });
    for (const connection of own) connections.set(connection.id, connection);
    const written = writtenConnection(reader, submodel.id) !== undefined;
    const standing = signalsAt(reader, own);
    for (const { connection, path, ...draft } of described.signals) {
      const id = hashedId("signal", submodel.id, path);
      const met = reader.get(id) === undefined ? standing(own[connection]!.id, draft.address ?? "") : undefined;
      // a description that was written of a connection names signals that are there already; one that names a signal twice says of it what it says first
      if (met !== undefined && (written || named.has(met.id))) continue;
      if (met !== undefined) named.add(met.id);
      const signal: SignalRecord =
        met === undefined ? { id, kind: "signal", ...draft, connection: own[connection]!.id } : { ...met, ...lacking(met, draft) };
      signals.push({ signal, idShort: unique(signal.shell, path.slice(path.lastIndexOf(".") + 1)) });
    }
  }
  return { connections: [...connections.values()], signals, findings };
}

/** Two interfaces of a shell may name a property alike; below one submodel they may not (AASd-022). */
function uniqueNames(): (shell: string | undefined, idShort: string) => string {
  const used = new Set<string>();
  return (shell, idShort) => {
    let name = idShort;
    for (let n = 2; used.has(`${shell} ${name.toLowerCase()}`); n++) name = `${idShort}_${n}`;
    used.add(`${shell} ${name.toLowerCase()}`);
    return name;
  };
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

/** The signals that connections have, by address; an address may be written in a longer form than it was declared in: a type that went without saying. */
function signalsAt(
  reader: RecordReader,
  connections: readonly ConnectionRecord[],
): (connection: string, address: string) => SignalRecord | undefined {
  const found = new Map<string, ReadonlyMap<string, SignalRecord>>();
  const those = (id: string): ReadonlyMap<string, SignalRecord> => {
    const record = connections.find((each) => each.id === id)!;
    const signals = reader.query({ kind: "signal", index: { name: "connection", value: id } }) as readonly SignalRecord[];
    const byAddress = new Map<string, SignalRecord>();
    for (const signal of signals) {
      const long = SHORT.has(record.protocol)
        ? readAssetInterfaces(writeAssetInterfaces("", record, [signal])).signals[0]?.address
        : undefined;
      if (long !== undefined) byAddress.set(long, signal);
    }
    for (const signal of signals) if (signal.address !== undefined) byAddress.set(signal.address, signal);
    found.set(id, byAddress);
    return byAddress;
  };
  return (id, address) => (found.get(id) ?? those(id)).get(address);
}

/** Protocols whose addresses may leave something unsaid. */
const SHORT: ReadonlySet<string> = new Set(["modbus", "s7", "http"]);

const FILLED = ["role", "shell", "unit", "low", "high", "resolution", "counter", "aliveS", "names", "enumeration"] as const;

/** What a description says of a signal that came some other way, and nobody said yet. Never its scale: that would change what its values mean. */
function lacking(met: SignalRecord, told: Partial<SignalRecord>): Partial<SignalRecord> {
  return Object.fromEntries(
    FILLED.flatMap((field) => (met[field] === undefined && told[field] !== undefined ? [[field, told[field]]] : [])),
  );
}

/** Finds the signal that a property of a description became: its own, or one that was there under its address. Reads each description once. */
export function signalsOfProperties(reader: RecordReader): (submodel: string, path: string) => SignalRecord | undefined {
  const met = new Map<string, ReadonlyMap<string, SignalRecord>>();
  const those = (submodel: string): ReadonlyMap<string, SignalRecord> => {
    const found = new Map<string, SignalRecord>();
    met.set(submodel, found);
    const record = recordOfAasId(reader, "submodel", submodel);
    const content = record === undefined ? undefined : submodelOf(reader, record.id);
    if (content === undefined || !isAssetInterfaces(content)) return found;
    const { connections, signals } = readAssetInterfaces(content);
    const all = reader.query({ kind: "connection" }) as readonly ConnectionRecord[];
    const own = connections.map(({ protocol, url }) => {
      const here = all.filter((each) => each.protocol === protocol);
      return here.find((each) => each.url === url) ?? here.find(({ describedBy }) => describedBy?.includes(submodel) === true);
    });
    const at = signalsAt(
      reader,
      own.filter((each) => each !== undefined),
    );
    for (const { connection, path, address = "" } of signals) {
      const signal = own[connection] === undefined ? undefined : at(own[connection].id, address);
      if (signal !== undefined) found.set(path, signal);
    }
    return found;
  };
  return (submodel, path) => {
    const own = reader.get(hashedId("signal", submodel, path));
    return own?.kind === "signal" ? (own as SignalRecord) : (met.get(submodel) ?? those(submodel)).get(path);
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
