import type { Environment, Submodel, ValueType } from "@doppelwerk/aas";
import { importChanges, recordOfAasId, shellOf, submodelReference, updateDocument } from "@doppelwerk/world";
import type { Change, IdSource, RecordReader, ShellRecord, SignalRecord, WorldRecord } from "@doppelwerk/world";
import type { DescribedSignal } from "./described-connections.ts";

const OPERATIONAL_DATA = "urn:doppelwerk:submodel:operational-data:1:0";
const valueTypes: Readonly<Record<SignalRecord["valueType"], ValueType>> = {
  double: "xs:double",
  integer: "xs:long",
  boolean: "xs:boolean",
  string: "xs:string",
  enumeration: "xs:string",
};

/** Every asset with an interface gets a submodel whose properties *are* its signals: any AAS client reads live values there. One that the file brings is added to. */
export function withOperationalData(environment: Environment, signals: readonly DescribedSignal[]): Environment {
  const made = new Map(operationalData(signals).map((submodel) => [submodel.id, submodel]));
  const brought = new Set<string>();
  const submodels = (environment.submodels ?? []).map((submodel): Submodel => {
    const own = made.get(submodel.id);
    if (own === undefined) return submodel;
    brought.add(submodel.id);
    const there = new Set((submodel.submodelElements ?? []).map(({ idShort }) => idShort));
    const more = (own.submodelElements ?? []).filter(({ idShort }) => !there.has(idShort));
    return more.length === 0 ? submodel : { ...submodel, submodelElements: [...(submodel.submodelElements ?? []), ...more] };
  });
  const shells = (environment.assetAdministrationShells ?? []).map((shell) => {
    const id = operationalDataId(shell.id);
    const has = !made.has(id) || shell.submodels?.some(({ keys }) => keys.at(-1)?.value === id) === true;
    return has ? shell : { ...shell, submodels: [...(shell.submodels ?? []), submodelReference(id)] };
  });
  const added = [...made.values()].filter(({ id }) => !brought.has(id));
  return { ...environment, assetAdministrationShells: shells, submodels: [...submodels, ...added] };
}

/** The operational data of each shell that signals are of. */
function operationalData(signals: readonly DescribedSignal[]): readonly Submodel[] {
  const byShell = Map.groupBy(
    signals.filter(({ signal }) => signal.shell !== undefined),
    ({ signal }) => signal.shell!,
  );
  return [...byShell].map(([shell, own]) => ({
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
}

/**
 * The operational data of shells that are in the world, for descriptions that came without one: three-way with what was made of them before, so that
 * what people changed or deleted stays so. Operational data that came some other way are left as they are.
 */
export function operationalDataChanges(
  reader: RecordReader,
  signals: readonly DescribedSignal[],
): { readonly changes: readonly Change[]; readonly signals: readonly SignalRecord[] } {
  const changes: Change[] = [];
  for (const submodel of operationalData(signals)) {
    const shell = recordOfAasId(reader, "shell", submodel.id.slice(0, -"/operational-data".length)) as ShellRecord | undefined;
    const known = recordOfAasId(reader, "submodel", submodel.id);
    const source = `described: ${submodel.id}`;
    if (shell === undefined || (known !== undefined && (known["imported"] as { readonly source?: string } | undefined)?.source !== source))
      continue;
    const own = importChanges(reader, { submodels: [submodel] }, source).changes;
    changes.push(...own);
    const made = own.some((change) => change.op === "create" && change.record.kind === "submodel");
    const content = made ? shellOf(reader, shell.id) : undefined;
    if (content !== undefined && !shell.submodels.includes(submodel.id))
      changes.push(
        ...updateDocument(
          reader,
          shell.id,
          { ...content, submodels: [...(content.submodels ?? []), submodelReference(submodel.id)] },
          noIds,
        ),
      );
  }
  return bindElements(reader, changes, signals);
}

/** A shell has no elements that would need one. */
const noIds: IdSource = {
  next: () => {
    throw new Error("a shell needs no new ids");
  },
};

function operationalDataId(shell: string): string {
  return `${shell}/operational-data`;
}

/** Binds the new properties to their signals and the signals to the properties. */
export function bindElements(
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
