import { message } from "@doppelwerk/messages";
import type { ElementRecord, RecordId, RecordReader, ShellRecord, SubmodelRecord } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { kindsOf, type KindEvidence } from "./place-kind.ts";
import type { Place, PlaceFinding, PlaceLayout, PlaceTree } from "./place.ts";
import { assetOf, readHierarchies, type ReadHierarchies } from "./read-hierarchies.ts";

/** Places that a tree holds; what is further down is left out and counted. */
export const MAX_PLACES = 20_000;
/** Findings of one kind that are named one by one. */
const MAX_FINDINGS = 100;
const MAX_NAMED = 8;

export interface ReadPlaces extends PlaceTree {
  /** Elements that it was read from: while only others change in value, it is the same. */
  readonly read: ReadonlySet<RecordId>;
}

/** The place tree of a branch from its HierarchicalStructures (IDTA 02011), in time linear in the records. Whatever they say, it is a tree. */
export function readPlaces(reader: RecordReader): ReadPlaces {
  const shells = (reader.query({ kind: "shell" }) as readonly ShellRecord[]).filter(isInstance);
  const marks = readMarks(reader);
  const owners = ownersOf(shells);
  const hierarchies = readHierarchies(reader, (submodel) => owners.get(submodel));
  const marked = shells.map((shell) => ({ shell, ...marksOf(shell, marks) }));
  const findings = new Findings();
  const index = new Map(shells.map(({ id }, at) => [id, at]));
  const shellOfAsset = shellsByAsset(marked);
  const { parents, ranks, isNamed } = parentsOf({ shells, index, shellOfAsset, hierarchies, stations: marks.stations, findings });
  cutCycles(shells, parents, findings);
  const children = childrenOf(parents, ranks);
  const evidence = marked.map((found): KindEvidence => ({
    ...found,
    said: saidKind(found.shell, hierarchies, findings),
    idShort: found.shell.idShort,
  }));
  const isPlace = (at: number): boolean => {
    const { said, isLine, isStation } = evidence[at]!;
    return isNamed[at]! || parents[at]! >= 0 || children[at]!.length > 0 || said !== undefined || isLine || isStation;
  };
  const order = topDown(parents, children).filter(isPlace);
  const kept = order.slice(0, MAX_PLACES);
  if (order.length > kept.length) findings.add([], message("places.tooMany", { count: order.length, max: MAX_PLACES }));
  const kinds = kindsOf(evidence, kept, parents);
  const places = kept.map((at): Place => {
    const { shell, layout, meters } = marked[at]!;
    const parent = parents[at]!;
    return {
      id: shell.id,
      shell: shell.aasId,
      idShort: shell.idShort,
      title: titleOf(shell),
      kind: kinds[at]!,
      parent: parent < 0 ? undefined : shells[parent]!.id,
      ...(layout && { layout }),
      ...(meters !== undefined && { meters }),
    };
  });
  return { places, findings: findings.list, read: new Set([...hierarchies.read, ...marks.read]) };
}

/** Findings of a kind up to a bound, so that a broken import of 10,000 places does not answer as many. */
class Findings {
  readonly list: PlaceFinding[] = [];
  readonly #counts = new Map<string, number>();

  add(about: readonly RecordId[], found: PlaceFinding["message"]): void {
    const count = (this.#counts.get(found.code) ?? 0) + 1;
    this.#counts.set(found.code, count);
    if (count <= MAX_FINDINGS) this.list.push({ about, message: found });
  }
}

/** A type of product has parts too, and is no place. */
function isInstance({ body }: ShellRecord): boolean {
  return (body["assetInformation"] as { readonly assetKind?: unknown } | undefined)?.assetKind !== "Type";
}

function titleOf(shell: ShellRecord): Place["title"] {
  const names = Array.isArray(shell.body["displayName"])
    ? (shell.body["displayName"] as readonly { language?: string; text?: string }[])
    : [];
  const of = (language: string) => names.find((name) => name.language?.startsWith(language))?.text;
  const plain = shell.idShort === "" ? shell.aasId : shell.idShort;
  const en = of("en") ?? names[0]?.text ?? plain;
  return { en, zh: of("zh") ?? en };
}

/** Submodels that say what a shell is, by AAS id of the submodel. */
interface Marks {
  readonly lines: ReadonlySet<string>;
  readonly works: ReadonlySet<string>;
  readonly machines: ReadonlySet<string>;
  readonly layouts: ReadonlyMap<string, PlaceLayout>;
  /** AAS ids of the shells whose energy is metered, by AAS id of the submodel that says it. */
  readonly meterings: ReadonlyMap<string, string>;
  /** AAS ids of the shells of stations, by AAS id of the submodel of their line. */
  readonly stations: ReadonlyMap<string, readonly string[]>;
  /** Elements that this was read from. */
  readonly read: ReadonlySet<RecordId>;
}

function readMarks(reader: RecordReader): Marks {
  const named = (idShort: string) =>
    reader.query({ kind: "submodel", index: { name: "idShort", value: idShort } }) as readonly SubmodelRecord[];
  const ids = (idShort: string) => new Set(named(idShort).map(({ aasId }) => aasId));
  const read = new Set<RecordId>();
  const elements = ({ id: submodel }: SubmodelRecord): readonly ElementRecord[] => {
    const found = reader.query({ kind: "element", index: { name: "submodel", value: submodel } }) as readonly ElementRecord[];
    for (const { id } of found) read.add(id);
    return found;
  };
  const lines = named("ProductionLine");
  return {
    lines: new Set(lines.map(({ aasId }) => aasId)),
    works: ids("Station"),
    machines: ids("Nameplate"),
    layouts: new Map(
      named("Layout").flatMap((submodel) => {
        const layout = layoutOf(submodel.id, elements(submodel));
        return layout === undefined ? [] : [[submodel.aasId, layout] as const];
      }),
    ),
    meterings: new Map(
      named("Metering").flatMap((submodel) =>
        elements(submodel)
          .flatMap(shellOfReference)
          .slice(0, 1)
          .map((shell) => [submodel.aasId, shell] as const),
      ),
    ),
    stations: new Map(lines.map((submodel) => [submodel.aasId, shellsInOrder(elements(submodel))])),
    read,
  };
}

/** In the order of the flow: that of the collections that the references are in. */
function shellsInOrder(elements: readonly ElementRecord[]): readonly string[] {
  const orders = new Map(elements.map(({ id, order }) => [id, order]));
  const found = elements.flatMap((element) =>
    shellOfReference(element).map((shell) => ({ shell, order: orders.get(element.parent) ?? element.order })),
  );
  return found.toSorted((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0)).map(({ shell }) => shell);
}

function shellOfReference({ modelType, idShort, value }: ElementRecord): readonly string[] {
  if (modelType !== "ReferenceElement" || idShort !== "Shell") return [];
  const keys = (value as { readonly keys?: unknown } | undefined)?.keys;
  const key = Array.isArray(keys)
    ? (keys as readonly { type?: string; value?: string }[]).find(({ type }) => type === "AssetAdministrationShell")
    : undefined;
  return key?.value === undefined ? [] : [key.value];
}

function layoutOf(submodel: RecordId, elements: readonly ElementRecord[]): PlaceLayout | undefined {
  const number = (name: string): number | undefined => {
    const value = elements.find(({ parent, idShort }) => parent === submodel && idShort === name)?.value;
    const read = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
    return Number.isFinite(read) ? read : undefined;
  };
  const [x, y, length, width] = [number("PositionX"), number("PositionY"), number("Length"), number("Width")];
  if (x === undefined || y === undefined) return undefined;
  const rotation = number("Rotation");
  const part = elements.find(({ parent, idShort }) => parent === submodel && idShort === "PartKind")?.value;
  return {
    x,
    y,
    submodel,
    ...(length !== undefined && length > 0 && { length }),
    ...(width !== undefined && width > 0 && { width }),
    ...(rotation !== undefined && { rotation }),
    ...(typeof part === "string" && part !== "" && { part: part.slice(0, 100) }),
  };
}

interface Marked {
  readonly isLine: boolean;
  readonly isStation: boolean;
  readonly isMachine: boolean;
  readonly layout: PlaceLayout | undefined;
  readonly meters: string | undefined;
}

function marksOf({ submodels }: ShellRecord, { lines, works, machines, layouts, meterings }: Marks): Marked {
  return {
    isLine: submodels.some((id) => lines.has(id)),
    isStation: submodels.some((id) => works.has(id)),
    isMachine: submodels.some((id) => machines.has(id)),
    layout: submodels.map((id) => layouts.get(id)).find((layout) => layout !== undefined),
    meters: submodels.map((id) => meterings.get(id)).find((shell) => shell !== undefined),
  };
}

function ownersOf(shells: readonly ShellRecord[]): ReadonlyMap<string, ShellRecord> {
  const owners = new Map<string, ShellRecord>();
  for (const shell of shells) for (const submodel of shell.submodels) if (!owners.has(submodel)) owners.set(submodel, shell);
  return owners;
}

/** Of two shells of one asset the one that is a line or a station, else the first. */
function shellsByAsset(marked: readonly ({ readonly shell: ShellRecord } & Marked)[]): ReadonlyMap<string, RecordId> {
  const found = new Map<string, RecordId>();
  const strong = new Set<string>();
  for (const { shell, isLine, isStation } of marked) {
    const asset = assetOf(shell);
    if (asset === undefined || (found.has(asset) && (strong.has(asset) || !(isLine || isStation)))) continue;
    found.set(asset, shell.id);
    if (isLine || isStation) strong.add(asset);
  }
  return found;
}

interface ParentsInput {
  readonly shells: readonly ShellRecord[];
  readonly index: ReadonlyMap<RecordId, number>;
  readonly shellOfAsset: ReadonlyMap<string, RecordId>;
  readonly hierarchies: ReadHierarchies;
  readonly stations: ReadonlyMap<string, readonly string[]>;
  readonly findings: Findings;
}

interface Parents {
  /** By the index of the shell. */
  readonly parents: number[];
  /** Where the hierarchies name it first: the order among its siblings. */
  readonly ranks: readonly number[];
  /** A hierarchy names it together with another shell. */
  readonly isNamed: readonly boolean[];
}

/** The parent of each shell as an index, −1 = none. Of two the first by id holds, so that every reader sees the same tree. */
function parentsOf({ shells, index, shellOfAsset, hierarchies, stations, findings }: ParentsInput): Parents {
  const at = (asset: string): number | undefined => index.get(shellOfAsset.get(asset) ?? "");
  const parents = shells.map(() => -1);
  const ranks = shells.map(() => Number.MAX_SAFE_INTEGER);
  const isNamed = shells.map(() => false);
  const others = new Map<number, number>();
  for (const [rank, { child, parent, above }] of hierarchies.edges.entries()) {
    const below = at(child);
    if (below === undefined) continue;
    const found = [parent, ...above].map(at).find((candidate) => candidate !== undefined);
    if (found === undefined) {
      findings.add([shells[below]!.id], message("places.parentMissing", { place: nameOf(shells[below]!), asset: parent }));
      continue;
    }
    if (found === below) continue;
    isNamed[below] = true;
    isNamed[found] = true;
    if (parents[below] === found) continue;
    const held = parents[below]!;
    ranks[below] = Math.min(ranks[below]!, rank);
    if (held < 0) parents[below] = found;
    else {
      const [first, second] = shells[held]!.id < shells[found]!.id ? [held, found] : [found, held];
      parents[below] = first;
      others.set(below, second);
    }
  }
  for (const [below, other] of others) {
    const [place, held] = [shells[below]!, shells[parents[below]!]!];
    findings.add(
      [place.id, held.id, shells[other]!.id],
      message("places.twoParents", { place: nameOf(place), parent: nameOf(held), other: nameOf(shells[other]!) }),
    );
  }
  placeStations({ shells, stations, parents, ranks }, hierarchies.edges.length);
  return { parents, ranks, isNamed };
}

/** A station that no hierarchy holds stands in the line that lists it, after what a hierarchy holds there and in the order of the list. */
function placeStations(
  {
    shells,
    stations,
    parents,
    ranks,
  }: Pick<ParentsInput, "shells" | "stations"> & { readonly parents: number[]; readonly ranks: number[] },
  firstRank: number,
): void {
  const byAasId = new Map(shells.map(({ aasId }, at) => [aasId, at]));
  shells.forEach(({ submodels }, line) => {
    for (const submodel of submodels)
      for (const [place, station] of (stations.get(submodel) ?? []).entries()) {
        const at = byAasId.get(station);
        if (at === undefined || at === line || parents[at]! >= 0) continue;
        parents[at] = line;
        ranks[at] = firstRank + place;
      }
  });
}

/** Each shell is looked at once; of a circle the first by id becomes a root. */
function cutCycles(shells: readonly ShellRecord[], parents: number[], findings: Findings): void {
  const walkOf = new Int32Array(shells.length);
  for (let start = 0; start < shells.length; start++) {
    const walk = start + 1;
    let at = start;
    while (at >= 0 && walkOf[at] === 0) {
      walkOf[at] = walk;
      at = parents[at]!;
    }
    if (at < 0 || walkOf[at] !== walk) continue;
    const circle = [at];
    for (let next = parents[at]!; next !== at; next = parents[next]!) circle.push(next);
    const root = circle.reduce((first, candidate) => (shells[candidate]!.id < shells[first]!.id ? candidate : first));
    parents[root] = -1;
    const names = circle.slice(0, MAX_NAMED).map((one) => nameOf(shells[one]!));
    findings.add(
      circle.slice(0, MAX_NAMED).map((one) => shells[one]!.id),
      message("places.cycle", { places: names.join(", "), root: nameOf(shells[root]!) }),
    );
  }
}

function childrenOf(parents: readonly number[], ranks: readonly number[]): readonly (readonly number[])[] {
  const children: number[][] = parents.map(() => []);
  parents.forEach((parent, at) => {
    if (parent >= 0) children[parent]!.push(at);
  });
  for (const siblings of children) siblings.sort((a, b) => ranks[a]! - ranks[b]!);
  return children;
}

/** A parent, then all that stands in it, child by child. */
function topDown(parents: readonly number[], children: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  const open = parents.flatMap((parent, at) => (parent < 0 ? [at] : [])).toReversed();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    order.push(at);
    const below = children[at]!;
    for (let child = below.length - 1; child >= 0; child--) open.push(below[child]!);
  }
  return order;
}

function saidKind(shell: ShellRecord, { kinds, unknownKinds }: ReadHierarchies, findings: Findings): KindEvidence["said"] {
  const asset = assetOf(shell);
  if (asset === undefined) return undefined;
  const unknown = unknownKinds.get(asset);
  if (unknown !== undefined && !kinds.has(asset))
    findings.add([shell.id], message("places.unknownKind", { place: nameOf(shell), level: unknown.slice(0, 80) }));
  return kinds.get(asset);
}

function nameOf({ idShort, aasId }: ShellRecord): string {
  return idShort === "" ? aasId : idShort;
}
