import type { PlantValue, PlantValues } from "../../contract.ts";

/** A folder or a value of the connected plants. */
export interface ValueNode {
  readonly key: string;
  readonly name: string;
  readonly depth: number;
  /** Undefined = it only holds others. */
  readonly value?: PlantValue;
  readonly children: readonly ValueNode[];
  /** Signals at it and below. */
  readonly signals: readonly string[];
}

interface Growing {
  readonly key: string;
  readonly name: string;
  readonly depth: number;
  value?: PlantValue;
  readonly children: Map<string, Growing>;
}

const SEPARATOR = "\u001f";

/** The folders of the sources as they spell them, below the names of their connections; siblings by name, numbers by their size. */
export function treeOfValues({ connections, values }: Pick<PlantValues, "connections" | "values">): readonly ValueNode[] {
  const names = new Map(connections.map(({ id, name }) => [id, name]));
  const root: Growing = { key: "", name: "", depth: -1, children: new Map() };
  for (const value of values) {
    let at = below(root, value.connection, names.get(value.connection) ?? value.connection);
    for (const name of value.path) at = below(at, name, name);
    // two values of one name beside each other: the second has a place of its own
    if (at.value === undefined) at.value = value;
    else below(at, value.signal, value.name).value = value;
  }
  return grown(root).children;
}

function below(at: Growing, key: string, name: string): Growing {
  let next = at.children.get(key);
  if (next === undefined)
    at.children.set(key, (next = { key: `${at.key}${SEPARATOR}${key}`, name, depth: at.depth + 1, children: new Map() }));
  return next;
}

const inOrder = new Intl.Collator(undefined, { numeric: true });

function grown({ children, ...node }: Growing): ValueNode {
  const all = [...children.values()].toSorted((a, b) => inOrder.compare(a.name, b.name)).map(grown);
  const own = node.value === undefined ? [] : [node.value.signal];
  return { ...node, children: all, signals: [...own, ...all.flatMap(({ signals }) => signals)] };
}

/** The rows that show: what is open, or with a search every value that has all its words in its path, and the folders above. */
export function shownRows(tree: readonly ValueNode[], open: ReadonlySet<string>, search: string): readonly ValueNode[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows: ValueNode[] = [];
  const walk = (nodes: readonly ValueNode[]): void => {
    for (const node of nodes) {
      rows.push(node);
      if (open.has(node.key)) walk(node.children);
    }
  };
  const find = (node: ValueNode): boolean => {
    const place = rows.length;
    rows.push(node);
    const text = `${node.value?.path.join(" ") ?? ""} ${node.value?.name ?? ""}`.toLowerCase();
    const isFound = node.value !== undefined && words.every((word) => text.includes(word));
    const hasFound = node.children.map(find).includes(true);
    if (!isFound && !hasFound) rows.length = place;
    return isFound || hasFound;
  };
  if (words.length === 0) walk(tree);
  else for (const node of tree) find(node);
  return rows;
}

/** Folders down to the first that holds more than one thing: what a tree opens with. */
export function firstOpen(tree: readonly ValueNode[]): ReadonlySet<string> {
  const open = new Set<string>();
  let nodes = tree;
  while (nodes.length === 1 && nodes[0]!.children.length > 0) {
    open.add(nodes[0]!.key);
    nodes = nodes[0]!.children;
  }
  return open;
}

export function withSelected(selected: ReadonlySet<string>, signals: readonly string[], isOn: boolean): ReadonlySet<string> {
  const next = new Set(selected);
  for (const signal of signals) {
    if (isOn) next.add(signal);
    else next.delete(signal);
  }
  return next;
}
