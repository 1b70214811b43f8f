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

interface PlacedSignal {
  readonly signal: SignalRecord;
  readonly path: readonly string[];
}

/**
 * The paths, each once: signals that would share one are told apart by what differs in their addresses (`AgvFleet/AGV2/Speed`), else by their ids,
 * whatever the order they come in. `levelOf` makes a level of a part of an address.
 */
export function distinctPaths(
  placed: readonly PlacedSignal[],
  levelOf: (part: string) => string = (part) => part,
): readonly (readonly string[])[] {
  const paths = placed.map(({ path }) => path);
  const sharing = Map.groupBy(paths.keys(), (at) => keyOf(paths[at]!));
  const taken = new Set(sharing.keys());
  for (const there of sharing.values()) {
    if (there.length === 1) continue;
    const named = pathsByAddress(
      there.map((at) => placed[at]!),
      levelOf,
    );
    const isFree = named?.every((path) => !taken.has(keyOf(path))) === true;
    for (const [n, at] of there.entries()) {
      const { signal, path } = placed[at]!;
      paths[at] = isFree ? named![n]! : [...path.slice(0, -1), `${path.at(-1)!}~${signal.id.slice(-12)}`];
      taken.add(keyOf(paths[at]!));
    }
  }
  return paths;
}

const keyOf = (path: readonly string[]): string => path.join("\u0000");

/** The first part of their addresses in which all of the signals differ, as a level above them; undefined where there is none that says anything. */
function pathsByAddress(sharing: readonly PlacedSignal[], levelOf: (part: string) => string): readonly (readonly string[])[] | undefined {
  const addresses = sharing.map(({ signal }) => (signal.address ?? "").split(/[/.;#|]+/));
  const [first] = addresses;
  if (addresses.some((parts) => parts.length !== first!.length)) return undefined;
  for (let part = 0; part < first!.length; part++) {
    const levels = addresses.map((parts) => parts[part]!);
    // a number of a node says no more than our own
    if (levels.some((level) => level === "" || /^[ig]=|^\d+$/.test(level))) continue;
    const named = levels.map((level, at) => sharing[at]!.path.toSpliced(-1, 0, levelOf(level.replace(/^s=/, ""))));
    if (new Set(named.map(keyOf)).size === named.length) return named;
  }
  return undefined;
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
