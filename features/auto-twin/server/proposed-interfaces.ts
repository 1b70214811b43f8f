import type { Environment, Shell, Submodel } from "@doppelwerk/aas";
import { canBeDescribed, pathOfDescribed, writeAssetInterfaces, writeMappingConfiguration } from "@doppelwerk/connectors/interfaces";
import { operationalDataOf, type Proposal, type ProposedSignal } from "@doppelwerk/operations";
import {
  recordsOfPlant,
  submodelReference,
  type ConnectionRecord,
  type FoundPlant,
  type RecordReader,
  type SignalRecord,
} from "@doppelwerk/world";

/**
 * The proposed documents, each shell with what it is connected by: an Asset Interfaces Description (IDTA 02017-1-1) of its signals, and a Mapping
 * Configuration (IDTA 02027-2-0) onto its operational data. A shell that is exported carries its connection to another server; the secret stays here.
 */
export function withInterfaces(
  reader: RecordReader,
  proposal: Proposal,
  plant: { readonly found: FoundPlant; readonly connection: string },
  name: string,
): Environment {
  const { environment } = proposal;
  const made = recordsOfPlant(plant.found, name);
  const connection = { ...made.connection, id: plant.connection, ...(reader.get(plant.connection) as ConnectionRecord | undefined) };
  if (!canBeDescribed(connection.protocol)) return environment;
  const drafts = new Map(made.signals.map((draft) => [draft.address, draft]));
  const byShell = Map.groupBy(proposal.signals, ({ shell }) => shell);
  const submodels: Submodel[] = [];
  const shells = (environment.assetAdministrationShells ?? []).map((shell): Shell => {
    const signals = (byShell.get(shell.id) ?? []).filter(({ address }) => drafts.has(address));
    if (signals.length === 0) return shell;
    const own = interfacesOf(shell.id, connection, signals, drafts);
    submodels.push(...own);
    return { ...shell, submodels: [...(shell.submodels ?? []), ...own.map(({ id }) => submodelReference(id))] };
  });
  return { ...environment, assetAdministrationShells: shells, submodels: [...(environment.submodels ?? []), ...submodels] };
}

function interfacesOf(
  shell: string,
  connection: ConnectionRecord,
  signals: readonly ProposedSignal[],
  drafts: ReadonlyMap<string | undefined, SignalRecord>,
): readonly [Submodel, Submodel] {
  const { protocol, settings, id } = connection;
  // a shell may be connected more than once
  const description = `${shell}/interfaces/${id.slice(id.indexOf(":") + 1)}`;
  const described = signals.map(({ address, idShort, name, role, counter }) => {
    const draft = drafts.get(address)!;
    return { ...draft, name, role, idShort, ...(counter === undefined ? {} : { counter: { ...draft.counter, type: counter } }) };
  });
  const interval = settings?.["intervalS"];
  return [
    writeAssetInterfaces(description, connection, described),
    writeMappingConfiguration(
      `${description}/mapping`,
      signals.map(({ idShort }) => ({
        source: { submodel: description, path: pathOfDescribed(protocol, idShort) },
        sink: { submodel: operationalDataOf(shell), path: idShort },
      })),
      typeof interval === "number" ? interval : undefined,
    ),
  ];
}
