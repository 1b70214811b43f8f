/** A value of a plant with its place in the tree of its source. */
export interface PlacedValue {
  readonly signal: string;
  readonly connection: string;
  /** From the root of the source's tree to the value; never empty. */
  readonly path: readonly string[];
  readonly valueType: string;
}

/** An asset as it could be made: a signal for each column of its template, in their order. */
export interface LikeAsset {
  /** Stable within one answer. */
  readonly key: string;
  readonly name: string;
  /** Undefined where nothing like it is there. */
  readonly signals: readonly (string | undefined)[];
}

/** What selected values have in common, and where the same is there again. */
export interface AssetLikeness {
  readonly name: string;
  /** Name of each selected value without what it shares with the others; as they were selected. */
  readonly columns: readonly string[];
  /** Those that have most first; the selected one is not among them. */
  readonly like: readonly LikeAsset[];
}

/** One with less than this share of the columns is another kind of thing. */
const MIN_SHARE = 0.6;
/** The sign in place of what names the asset. */
const OWN = "\u0001";
const SEPARATOR = "\u001f";
/** A word with its number at the beginning of a name: ST010, M-7, 工位3. */
const NUMBERED = /^[\p{L}_-]*?\p{L}[\s_-]?\d+/u;

/** `all` are the values among which others are looked for; `selected` some of them, at least one, of one connection. */
export function likenessOf(all: readonly PlacedValue[], selected: readonly PlacedValue[]): AssetLikeness {
  const found = namingsOf(selected).map((naming): AssetLikeness => {
    const columns = naming.columnsOf(selected.map(({ path }) => path));
    return apart({ name: naming.name, columns, like: likeBy(naming, all, selected) }, naming.keyOf(selected[0]!.path)!.owner);
  });
  // the way of naming that finds most is the plant's own
  return found.reduce((best, next) => (next.like.length > best.like.length ? next : best));
}

/** Machines that each hold a folder of one name, as "Data", are called by the first folder above it in which they differ. */
function apart({ name, columns, like }: AssetLikeness, own: string): AssetLikeness {
  const owners = [own, ...like.map(({ key }) => key)].map((key) => key.split(SEPARATOR));
  const depth = like.length > 0 && like.every((each) => each.name === name) ? Math.min(...owners.map((path) => path.length)) : 0;
  for (let up = 2; up <= depth; up++) {
    const names = owners.map((path) => path.at(-up)!);
    if (names.some((each) => each !== names[0]))
      return { name: names[0]!, columns, like: like.map((each, at) => ({ ...each, name: names[at + 1]! })) };
  }
  return { name, columns, like };
}

function likeBy(naming: Naming, all: readonly PlacedValue[], selected: readonly PlacedValue[]): readonly LikeAsset[] {
  const wanted = selected.map((value) => ({ ...naming.keyOf(value.path)!, valueType: value.valueType }));
  const own = wanted[0]!.owner;
  const groups = new Map<string, { readonly name: string; readonly signals: Map<string, PlacedValue> }>();
  for (const value of all) {
    const key = value.connection === selected[0]!.connection ? naming.keyOf(value.path) : undefined;
    if (key === undefined || key.owner === own) continue;
    let group = groups.get(key.owner);
    if (group === undefined) groups.set(key.owner, (group = { name: key.name, signals: new Map() }));
    group.signals.set(key.rest, value);
  }
  const like = [...groups].flatMap(([key, { name, signals }]): LikeAsset[] => {
    const found = wanted.map(({ rest, valueType }) => {
      const value = signals.get(rest);
      return value?.valueType === valueType ? value.signal : undefined;
    });
    const count = found.filter((signal) => signal !== undefined).length;
    return count > 0 && count >= MIN_SHARE * found.length ? [{ key, name, signals: found }] : [];
  });
  const missing = ({ signals }: LikeAsset) => signals.filter((signal) => signal === undefined).length;
  return like.toSorted((a, b) => missing(a) - missing(b) || inOrder.compare(a.key, b.key));
}

const inOrder = new Intl.Collator("en", { numeric: true });

interface Naming {
  readonly name: string;
  columnsOf(paths: readonly (readonly string[])[]): readonly string[];
  /** Whose value it is and which of it; undefined where the path cannot be one of such an asset. */
  keyOf(path: readonly string[]): { readonly owner: string; readonly name: string; readonly rest: string } | undefined;
}

/** What may name the asset: the numbered word with which all their names begin, the folder that holds all selected values. */
function namingsOf(selected: readonly PlacedValue[]): readonly Naming[] {
  const shared = sharedFolders(selected.map(({ path }) => path));
  const words = selected.map(({ path }) => NUMBERED.exec(path[shared] ?? "")?.[0]);
  const [word] = words;
  const isFlat = word !== undefined && selected.every(({ path }, at) => path.length === shared + 1 && words[at] === word);
  const folder = shared === 0 ? undefined : selected[0]!.path[shared - 1]!;
  return [
    ...(isFlat && folder !== word ? [byWord(shared, word)] : []),
    ...(folder === undefined || folder === "" ? [] : [byFolder(shared - 1, folder)]),
    byNothing(selected),
  ];
}

function sharedFolders(paths: readonly (readonly string[])[]): number {
  const [first] = paths;
  let shared = 0;
  while (shared < first!.length - 1 && paths.every((path) => path.length > shared + 1 && path[shared] === first![shared])) shared++;
  return shared;
}

function byFolder(at: number, name: string): Naming {
  return {
    name,
    columnsOf: (paths) => shortNames(paths.map((path) => path.slice(at + 1).map((each) => trimmed(each.replaceAll(name, "")) || each))),
    keyOf: (path) => {
      const own = path[at];
      if (own === undefined || own === "" || path.length <= at + 1) return undefined;
      // what repeats the name of its folder is compared without it
      const rest = path.slice(at + 1).map((each) => each.replaceAll(own, OWN));
      return { owner: path.slice(0, at + 1).join(SEPARATOR), name: own, rest: rest.join(SEPARATOR) };
    },
  };
}

function byWord(at: number, word: string): Naming {
  return {
    name: word,
    columnsOf: (paths) => paths.map((path) => trimmed(path[at]!.slice(word.length)) || path[at]!),
    keyOf: (path) => {
      if (path.length !== at + 1) return undefined;
      const own = NUMBERED.exec(path[at]!)?.[0];
      if (own === undefined || ofWord(own) !== ofWord(word)) return undefined;
      return { owner: [...path.slice(0, at), own].join(SEPARATOR), name: own, rest: path[at]!.slice(own.length) };
    },
  };
}

/** The last of its names each, with those above it where that is another's too, or where it is the number of an element. */
function shortNames(paths: readonly (readonly string[])[]): readonly string[] {
  const endings = new Map<string, number>();
  const ending = (path: readonly string[], length: number): string => path.slice(-length).join(SEPARATOR);
  for (const path of paths)
    for (let length = 1; length <= path.length; length++) {
      const key = ending(path, length);
      endings.set(key, (endings.get(key) ?? 0) + 1);
    }
  return paths.map((path) => {
    let length = 1;
    while (length < path.length && (endings.get(ending(path, length))! > 1 || /^\d+$/.test(path.at(-length)!))) length++;
    return path.slice(-length).join(" ");
  });
}

/** Values that share nothing: an asset of its own kind, with nothing like it. */
function byNothing(selected: readonly PlacedValue[]): Naming {
  return {
    name: selected[0]!.path[0]!,
    columnsOf: (paths) => paths.map((path) => path.join(" ")),
    keyOf: (path) => ({ owner: "", name: "", rest: path.join(SEPARATOR) }),
  };
}

/** The word without its number: M1 and M2 are alike, M1 and T1 are not. */
function ofWord(numbered: string): string {
  return numbered.replace(/\d+$/, "");
}

function trimmed(text: string): string {
  return text.replace(/^[\s._:/-]+|[\s._:/-]+$/g, "");
}
