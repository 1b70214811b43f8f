import {
  assetIdKey,
  changedKind,
  LIVE,
  recordOfAasId,
  type LogEntry,
  type ElementRecord,
  type RecordId,
  type RecordReader,
  type ShellRecord,
  type SignalRecord,
} from "@doppelwerk/world";

/** Levels that a chain of assets may have; a longer one goes in a circle. */
const DEEPEST = 16;
const HIERARCHY = "HierarchicalStructures";

/** Where assets stand: the idShorts of the shells from the enterprise down (IDTA 02011, ISA-95), by AAS id of the shell. */
export interface AssetPlaces {
  /** Undefined = there is no such shell. A shell that no hierarchy holds stands by itself. */
  pathOf(aasId: string): readonly string[] | undefined;
}

export function assetPlaces(reader: RecordReader): AssetPlaces {
  const parentOf = parentAssets(reader);
  const known = new Map<string, readonly string[] | undefined>();
  const build = (aasId: string): readonly string[] | undefined => {
    const own = recordOfAasId(reader, "shell", aasId) as ShellRecord | undefined;
    if (own === undefined) return undefined;
    const path = [nameOf(own)];
    const seen = new Set([own.id]);
    let asset = assetOf(own);
    for (let depth = 0; depth < DEEPEST && asset !== undefined; depth++) {
      asset = parentOf.get(asset);
      const shell = asset === undefined ? undefined : shellOfAsset(reader, asset);
      if (shell === undefined || seen.has(shell.id)) break;
      seen.add(shell.id);
      path.unshift(nameOf(shell));
    }
    return path;
  };
  return {
    pathOf(aasId) {
      if (!known.has(aasId)) known.set(aasId, build(aasId));
      return known.get(aasId);
    },
  };
}

const PLACING = new Set(["shell", "submodel", "signal", "connection"]);

/** Whether signals may stand elsewhere after an entry; what only writes values moves nothing. */
export function movesSignals({ branch, changes }: LogEntry): boolean {
  if (branch !== LIVE) return false;
  return changes.some((change) => PLACING.has(changedKind(change)) || (change.op !== "update" && change.record["modelType"] === "Entity"));
}

/** The shells above a signal, and its name: from the enterprise down. One without a shell stands under its connection. */
export function placeOfSignal(signal: SignalRecord, places: AssetPlaces, reader: RecordReader): readonly string[] {
  const path = signal.shell === undefined ? undefined : places.pathOf(signal.shell);
  if (path !== undefined) return [...path, lastLevel(signal.name, path)];
  const connection = signal.connection === undefined ? undefined : reader.get(signal.connection);
  return [String(connection?.["name"] ?? "signals"), signal.name];
}

/** Plants often repeat the machine in the name of its signal (`OP30.Temperature`, `OP30/Temperature`): once is enough. */
function lastLevel(name: string, path: readonly string[]): string {
  const machine = path.at(-1)!;
  return name.startsWith(machine) && /^[./ ]./.test(name.slice(machine.length)) ? name.slice(machine.length + 1) : name;
}

/** Asset → the asset it stands in, as the submodels HierarchicalStructures say. */
function parentAssets(reader: RecordReader): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  for (const submodel of reader.query({ kind: "submodel", index: { name: "idShort", value: HIERARCHY } })) {
    const elements = reader.query({ kind: "element", index: { name: "submodel", value: submodel.id } }) as readonly ElementRecord[];
    const upwards = elements.some(({ idShort, value }) => idShort === "ArcheType" && value === "OneUp");
    const byId = new Map<RecordId, ElementRecord>(elements.map((element) => [element.id, element]));
    for (const element of elements) {
      const [below, above] = [entityAsset(element), entityAsset(byId.get(element.parent))];
      if (below === undefined || above === undefined || below === above) continue;
      if (upwards) parents.set(above, below);
      else parents.set(below, above);
    }
  }
  return parents;
}

function entityAsset(element: ElementRecord | undefined): string | undefined {
  const asset = element?.modelType === "Entity" ? element.body["globalAssetId"] : undefined;
  return typeof asset === "string" ? asset : undefined;
}

function shellOfAsset(reader: RecordReader, asset: string): ShellRecord | undefined {
  return reader.query({ kind: "shell", index: { name: "assetId", value: assetIdKey("globalAssetId", asset) }, limit: 1 })[0] as
    | ShellRecord
    | undefined;
}

function assetOf(shell: ShellRecord): string | undefined {
  const { globalAssetId } = (shell.body["assetInformation"] ?? {}) as { readonly globalAssetId?: unknown };
  return typeof globalAssetId === "string" ? globalAssetId : undefined;
}

function nameOf({ idShort, aasId }: ShellRecord): string {
  return idShort === "" ? aasId : idShort;
}
