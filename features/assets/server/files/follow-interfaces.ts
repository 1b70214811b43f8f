import { setImmediate as turn } from "node:timers/promises";
import { message } from "@doppelwerk/messages";
import { semanticIds, type Environment, type Submodel } from "@doppelwerk/aas";
import { isAssetInterfaces, isMappingConfiguration } from "@doppelwerk/connectors/interfaces";
import { LIVE, shellOf, submodelOf } from "@doppelwerk/world";
import type { Change, ConnectionRecord, ElementRecord, LogEntry, RecordId, RecordReader, WorldView } from "@doppelwerk/world";
import { applyOnNewest } from "@doppelwerk/kit/until-written";
import { interfaceRecords, upsert } from "./described-connections.ts";
import type { Importer } from "./importer.ts";
import { bindMappings } from "./mapping-bindings.ts";
import { operationalDataChanges } from "./operational-data.ts";

interface Logger {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const MAPPINGS: readonly string[] = [semanticIds.assetInterfacesMapping10, semanticIds.assetInterfacesMapping20];
const FOLLOWED: ReadonlySet<string> = new Set([
  semanticIds.assetInterfacesDescription10,
  semanticIds.assetInterfacesDescription11,
  ...MAPPINGS,
]);

/**
 * Hears what is committed into live and does for every interface description and mapping configuration in it what their import does: offers connections
 * that wait for a person, and binds. Never connects, and never changes the address of a connection that is connected.
 */
export class InterfaceFollower {
  readonly #importer: Pick<Importer, "inTurn">;
  readonly #view: WorldView;
  readonly #logger: Logger;
  readonly #touched = new Set<RecordId>();
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(importer: Pick<Importer, "inTurn">, view: WorldView, logger: Logger) {
    this.#importer = importer;
    this.#view = view;
    this.#logger = logger;
  }

  follow(entry: LogEntry): void {
    if (entry.branch !== LIVE) return;
    const reader = this.#view.reader(LIVE);
    const followed = followedIn(reader);
    if (followed.size === 0) return;
    for (const change of entry.changes) {
      const submodel = submodelTouched(reader, change);
      if (submodel !== undefined && followed.has(submodel)) this.#touched.add(submodel);
    }
    this.#start();
  }

  #start(): void {
    if (this.#touched.size === 0 || this.#closed) return;
    this.#working ??= this.#importer
      .inTurn(() => this.#take())
      .catch((error: unknown) => this.#logger.error({ err: error }, "an interface description could not be followed"))
      .finally(() => {
        this.#working = undefined;
        this.#start();
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  async #take(): Promise<void> {
    while (this.#touched.size > 0 && !this.#closed) {
      // the writer still reports the commit that was received, and would not take another from within
      await turn();
      const reader = this.#view.reader(LIVE);
      const submodels = [...this.#touched].flatMap((id) => submodelOf(reader, id) ?? []);
      this.#touched.clear();
      const described = submodels.filter(isAssetInterfaces);
      if (described.length > 0)
        await applyOnNewest(this.#view, message("changes.logInterfaceOffered"), (newest) => this.#offered(newest, described));
      // a source that is described later is bound by the configuration that was there before it
      const mappings = described.length > 0 ? everyMapping(reader) : submodels.filter(isMappingConfiguration);
      if (mappings.length > 0) this.#tell(await bindMappings(this.#view, mappings));
    }
  }

  #offered(reader: RecordReader, submodels: readonly Submodel[]): readonly Change[] {
    const { connections, signals, findings } = interfaceRecords(reader, environmentOf(reader, submodels), false, false);
    this.#tell(findings);
    const own = connections.map((connection): ConnectionRecord => {
      const known = reader.get(connection.id) as ConnectionRecord | undefined;
      if (known?.enabled !== true) return connection;
      if (known.url !== connection.url)
        this.#logger.warn(
          { connection: known.id, connected: known.url, described: connection.url },
          "a connection is described at another address; it stays where it is connected",
        );
      return { ...connection, url: known.url, name: known.name };
    });
    const data = operationalDataChanges(reader, signals);
    return [...data.changes, ...[...own, ...data.signals].flatMap((record) => upsert(reader, record))];
  }

  #tell(findings: readonly object[]): void {
    if (findings.length > 0)
      this.#logger.warn({ findings: findings.length, first: findings[0] }, "an interface description or mapping has findings");
  }
}

/** The descriptions and mapping configurations that there are. */
function followedIn(reader: RecordReader): ReadonlySet<RecordId> {
  const found = [...FOLLOWED].flatMap((value) => reader.query({ kind: "submodel", index: { name: "semanticId", value } }));
  return new Set(found.filter((record) => FOLLOWED.has(String(record["semanticId"]))).map(({ id }) => id));
}

function submodelTouched(reader: RecordReader, change: Change): RecordId | undefined {
  const record = change.op === "update" ? reader.get(change.id) : change.record;
  if (record?.kind === "submodel") return record.id;
  return record?.kind === "element" ? (record as ElementRecord).submodel : undefined;
}

/** The descriptions with the shells they belong to. */
function environmentOf(reader: RecordReader, submodels: readonly Submodel[]): Environment {
  const shells = submodels.flatMap(({ id }) => reader.query({ kind: "shell", index: { name: "submodel", value: id } }));
  return { submodels: [...submodels], assetAdministrationShells: shells.flatMap(({ id }) => shellOf(reader, id) ?? []) };
}

function everyMapping(reader: RecordReader): readonly Submodel[] {
  return MAPPINGS.flatMap((value) => reader.query({ kind: "submodel", index: { name: "semanticId", value } })).flatMap(
    ({ id }) => submodelOf(reader, id) ?? [],
  );
}
