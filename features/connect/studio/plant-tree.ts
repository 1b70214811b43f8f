import type { PlantDraft } from "@doppelwerk/client";

/** A folder or a value of a plant's own tree. */
export interface PlantNode {
  readonly key: string;
  readonly name: string;
  readonly depth: number;
  /** Undefined = it only holds others. */
  readonly draft?: PlantDraft;
  readonly children: readonly PlantNode[];
  /** Values at it and below. */
  readonly addresses: readonly string[];
}

interface Growing {
  key: string;
  name: string;
  depth: number;
  draft?: PlantDraft;
  children: Map<string, Growing>;
}

/** The tree the paths of a plant's values spell; siblings in the order of their names, numbers by their size. */
export function treeOf(drafts: readonly PlantDraft[]): readonly PlantNode[] {
  const root: Growing = { key: "", name: "", depth: -1, children: new Map() };
  for (const draft of drafts) {
    let at = root;
    const path = draft.path.length === 0 ? [draft.name] : draft.path;
    for (const [depth, name] of path.entries()) {
      let next = at.children.get(name);
      if (next === undefined) {
        next = { key: `${at.key}\u001f${name}`, name, depth, children: new Map() };
        at.children.set(name, next);
      }
      at = next;
    }
    // two values of one name beside each other: the second is distinguished by its address
    if (at.draft === undefined) at.draft = draft;
    else
      at.children.set(draft.address, {
        key: `${at.key}\u001f${draft.address}`,
        name: draft.address,
        depth: at.depth + 1,
        draft,
        children: new Map(),
      });
  }
  return grown(root).children;
}

const inOrder = new Intl.Collator(undefined, { numeric: true });

function grown({ children, ...node }: Growing): PlantNode {
  const all = [...children.values()].toSorted((a, b) => inOrder.compare(a.name, b.name)).map(grown);
  return {
    ...node,
    children: all,
    addresses: [...(node.draft === undefined ? [] : [node.draft.address]), ...all.flatMap(({ addresses }) => addresses)],
  };
}

/** The rows that show: what is open, or with a search every value that fits and the folders above it. */
export function visibleRows(tree: readonly PlantNode[], open: ReadonlySet<string>, search: string): readonly PlantNode[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const rows: PlantNode[] = [];
  const walk = (nodes: readonly PlantNode[]): void => {
    for (const node of nodes) {
      rows.push(node);
      if (open.has(node.key)) walk(node.children);
    }
  };
  /** True when something at or below it fits. */
  const find = (node: PlantNode, above: string): boolean => {
    const place = rows.length;
    rows.push(node);
    const text =
      `${above} ${node.name} ${node.draft?.name ?? ""} ${node.draft?.address ?? ""} ${node.draft?.description ?? ""}`.toLowerCase();
    const fits = words.every((word) => text.includes(word));
    const below = node.children.map((child) => find(child, `${above} ${node.name}`)).includes(true);
    if (!(fits && (node.draft !== undefined || below)) && !below) rows.length = place;
    return rows.length > place;
  };
  if (words.length === 0) walk(tree);
  else for (const node of tree) find(node, "");
  return rows;
}

export type Ticked = "all" | "some" | "none";

export function tickedOf({ addresses }: PlantNode, chosen: ReadonlySet<string>): Ticked {
  let count = 0;
  for (const address of addresses) if (chosen.has(address)) count++;
  return count === 0 ? "none" : count === addresses.length ? "all" : "some";
}

/** Ticks or unticks everything at and below a node. */
export function withTicked(chosen: ReadonlySet<string>, { addresses }: PlantNode, on: boolean): ReadonlySet<string> {
  const next = new Set(chosen);
  for (const address of addresses) {
    if (on) next.add(address);
    else next.delete(address);
  }
  return next;
}
