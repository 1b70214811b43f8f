import { childrenOf } from "@doppelwerk/aas";
import type { ConceptDescription, LangString, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";

/** One line of the tree as it is shown. */
export interface TreeRow {
  readonly key: string;
  readonly depth: number;
  readonly kind: "shell" | "submodel" | "concept" | "element" | "note";
  readonly label: string;
  readonly names?: readonly LangString[];
  /** `Property`, `SubmodelElementCollection`, … of an element. */
  readonly modelType?: string;
  readonly shell?: string;
  readonly submodel?: string;
  readonly path?: string;
  readonly concept?: string;
  readonly opens: boolean;
  readonly open: boolean;
  /** Of a note: what is to be said. */
  readonly note?: "loading" | "empty" | "missing" | "failed";
}

export interface TreePage<T> {
  readonly items: readonly T[];
  readonly cursor: string | undefined;
}

/** What stands at the left edge of the tree. */
export type Root = Shell | Submodel | ConceptDescription;

/** Where the tree gets its lines from. */
export interface TreeSource {
  /** The roots: shells, submodels or concept descriptions, page by page. `cursor` undefined = from the start. */
  roots(cursor: string | undefined): Promise<TreePage<Root>>;
  /** Name and kind of a submodel without its elements; undefined = it is not in this repository. */
  submodelHead(id: string): Promise<Submodel | undefined>;
  submodel(id: string): Promise<Submodel>;
}

type Below<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "ready"; readonly value: T };

/** A root that is open: where its line stands among all, and the lines below it. */
interface Opened {
  readonly root: number;
  readonly at: number;
  readonly below: readonly TreeRow[];
}

/**
 * The lines of shells → submodels → elements. A page of roots is asked for when the list nears its end, a submodel when it is opened,
 * and nothing twice. Only what is open has lines of its own; those of closed roots are made when they come on the screen, so neither a page
 * nor a scroll costs what the list holds.
 */
export class ShellTree {
  readonly #source: TreeSource;
  readonly #changed: () => void;
  readonly #open = new Set<string>();
  readonly #heads = new Map<string, Below<readonly (Submodel | { readonly id: string })[]>>();
  readonly #submodels = new Map<string, Below<Submodel>>();
  #roots: Root[] = [];
  /** Where each root stands. */
  #places = new Map<string, number>();
  #cursor: string | undefined;
  #state: "partly" | "loading" | "whole" | "failed" = "partly";
  #failure: unknown;
  #opened: readonly Opened[] | undefined;
  #wantsAll = false;
  #underWay: Promise<void> | undefined;

  constructor(source: TreeSource, changed: () => void) {
    this.#source = source;
    this.#changed = changed;
  }

  get state(): "partly" | "loading" | "whole" | "failed" {
    return this.#state;
  }

  /** What was thrown when a page could not be read. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Roots that are here. */
  get roots(): number {
    return this.#roots.length;
  }

  /** Whether it loads on to the end by itself. */
  get wantsAll(): boolean {
    return this.#wantsAll;
  }

  /** Lines that are here. */
  get count(): number {
    return this.#openRoots().reduce((sum, { below }) => sum + below.length, this.#roots.length);
  }

  /** The lines from one place up to another. */
  rows(from = 0, to = this.count): readonly TreeRow[] {
    const rows: TreeRow[] = [];
    const opened = this.#openRoots();
    let next = opened.findLastIndex(({ at }) => at <= from);
    for (let index = Math.max(0, from); index < to; index++) {
      while (opened[next + 1] !== undefined && opened[next + 1]!.at <= index) next++;
      const above = opened[next];
      const inside = above === undefined ? 0 : index - above.at;
      if (above !== undefined && inside > 0 && inside <= above.below.length) rows.push(above.below[inside - 1]!);
      else {
        const root = this.#roots[above === undefined ? index : inside === 0 ? above.root : above.root + inside - above.below.length];
        if (root === undefined) break;
        rows.push(this.#rootRow(root));
      }
    }
    return rows;
  }

  /** Where the line of this key stands; -1 = it is not here. */
  indexOf(key: string): number {
    const opened = this.#openRoots();
    const root = this.#places.get(key.slice(2));
    if (root !== undefined && this.#rootRow(this.#roots[root]!).key === key)
      return opened.reduce((sum, each) => sum + (each.root < root ? each.below.length : 0), root);
    for (const { at, below } of opened) {
      const inside = below.findIndex((row) => row.key === key);
      if (inside >= 0) return at + 1 + inside;
    }
    return -1;
  }

  /** The next page of roots, unless there is none; resolves when it is here, also when someone else asked for it. */
  more(): Promise<void> {
    if (this.#state === "whole") return Promise.resolve();
    return (this.#underWay ??= this.#page().finally(() => (this.#underWay = undefined)));
  }

  async #page(): Promise<void> {
    this.#state = "loading";
    this.#changed();
    try {
      const { items, cursor } = await this.#source.roots(this.#cursor);
      for (const item of items) {
        // A search gives exact matches first and may give them again.
        if (this.#places.has(item.id)) continue;
        this.#places.set(item.id, this.#roots.length);
        this.#roots.push(item);
      }
      this.#cursor = cursor;
      this.#state = cursor === undefined ? "whole" : "partly";
    } catch (error) {
      this.#failure = error;
      this.#state = "failed";
    }
    this.#changed();
  }

  /** Every page to the end, or until `stop`. */
  async all(): Promise<void> {
    this.#wantsAll = true;
    while (this.#wantsAll && (this.#state === "partly" || this.#state === "loading")) await this.more();
    this.stop();
  }

  stop(): void {
    if (!this.#wantsAll) return;
    this.#wantsAll = false;
    this.#changed();
  }

  /** Puts the roots in the order of their names: `Pump9` before `Pump10`, without regard to case and accents. */
  sort(): void {
    const named = this.#roots.map((root) => ({ root, name: orderOf(root.idShort ?? root.id) }));
    named.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
    this.#roots = named.map(({ root }) => root);
    this.#places = new Map(this.#roots.map(({ id }, index) => [id, index]));
    this.#tell();
  }

  isOpen(key: string): boolean {
    return this.#open.has(key);
  }

  close(key: string): void {
    if (!this.#open.delete(key)) return;
    this.#tell();
  }

  async open(row: TreeRow): Promise<void> {
    if (!row.opens || this.#open.has(row.key)) return;
    this.#open.add(row.key);
    this.#tell();
    if (row.kind === "shell") await this.#loadHeads(row.shell!);
    if (row.kind === "submodel") await this.#loadSubmodel(row.submodel!);
  }

  /** Reads again what is open of a submodel, after a change; what was read stays until the new is there. */
  async refresh(submodel: string): Promise<void> {
    if (!this.#submodels.has(submodel)) return;
    this.#submodels.delete(submodel);
    await this.#loadSubmodel(submodel, true);
  }

  /** Reads again which submodels a shell has. */
  async refreshShell(shell: Shell): Promise<void> {
    const place = this.#places.get(shell.id);
    if (place === undefined) return;
    this.#roots[place] = shell;
    if (this.#heads.delete(shell.id)) await this.#loadHeads(shell.id);
    this.#tell();
  }

  /** Adds a root that the list has not come to yet: the one a link names. */
  show(root: Root): void {
    if (this.#places.has(root.id)) return;
    this.#roots = [root, ...this.#roots];
    this.#places = new Map(this.#roots.map(({ id }, index) => [id, index]));
    this.#tell();
  }

  /** Takes a root away that is no more. */
  drop(id: string): void {
    if (!this.#places.has(id)) return;
    this.#roots = this.#roots.filter((root) => root.id !== id);
    this.#places = new Map(this.#roots.map((root, index) => [root.id, index]));
    this.#tell();
  }

  async #loadHeads(shell: string): Promise<void> {
    if (this.#heads.get(shell)?.kind === "ready") return;
    const found = this.#roots[this.#places.get(shell) ?? -1];
    const ids = found?.modelType === "AssetAdministrationShell" ? submodelIdsOf(found) : [];
    this.#heads.set(shell, { kind: "loading" });
    try {
      const value = await Promise.all(ids.map(async (id) => (await this.#source.submodelHead(id)) ?? { id }));
      this.#heads.set(shell, { kind: "ready", value });
    } catch (error) {
      this.#heads.set(shell, { kind: "failed", message: (error as Error).message });
    }
    this.#tell();
  }

  async #loadSubmodel(id: string, quietly = false): Promise<void> {
    if (this.#submodels.get(id)?.kind === "ready") return;
    if (!quietly) this.#submodels.set(id, { kind: "loading" });
    try {
      this.#submodels.set(id, { kind: "ready", value: await this.#source.submodel(id) });
    } catch (error) {
      this.#submodels.set(id, { kind: "failed", message: (error as Error).message });
    }
    this.#tell();
  }

  /** What is open, or what is in it, is another. */
  #tell(): void {
    this.#opened = undefined;
    this.#changed();
  }

  #openRoots(): readonly Opened[] {
    if (this.#opened !== undefined) return this.#opened;
    const places = [...this.#open]
      .map((key) => this.#places.get(key.slice(2)))
      .filter((place) => place !== undefined && this.#open.has(keyOf(this.#roots[place]!)))
      .sort((left, right) => left! - right!) as number[];
    let above = 0;
    const opened: Opened[] = [];
    for (const root of new Set(places)) {
      const below = this.#below(this.#roots[root]!);
      opened.push({ root, at: root + above, below });
      above += below.length;
    }
    return (this.#opened = opened);
  }

  #rootRow(root: Root): TreeRow {
    const key = keyOf(root);
    const open = this.#open.has(key);
    const label = root.idShort ?? root.id;
    if (root.modelType === "Submodel")
      return { key, depth: 0, kind: "submodel", label, submodel: root.id, opens: true, open, ...namesOf(root) };
    if (root.modelType === "ConceptDescription") {
      const names = root.embeddedDataSpecifications?.[0]?.dataSpecificationContent.preferredName ?? root.displayName;
      return { key, depth: 0, kind: "concept", label, concept: root.id, opens: false, open: false, ...(names !== undefined && { names }) };
    }
    return { key, depth: 0, kind: "shell", label, shell: root.id, opens: (root.submodels?.length ?? 0) > 0, open, ...namesOf(root) };
  }

  /** The lines below an open root. */
  #below(root: Root): readonly TreeRow[] {
    const rows: TreeRow[] = [];
    const key = keyOf(root);
    if (root.modelType === "Submodel") {
      this.#writeBelowSubmodel(rows, root.id, 1, key, { submodel: root.id });
      return rows;
    }
    if (root.modelType === "ConceptDescription") return rows;
    const below = this.#heads.get(root.id);
    if (below?.kind !== "ready") return [note(key, 1, below)];
    for (const head of below.value) {
      if ("modelType" in head) this.#writeSubmodel(rows, head, `${key}/`, root.id);
      else rows.push({ key: `${key}/s:${head.id}`, depth: 1, kind: "note", label: head.id, note: "missing", opens: false, open: false });
    }
    return rows;
  }

  #writeSubmodel(rows: TreeRow[], submodel: Submodel, above: string, shell: string): void {
    const key = `${above}s:${submodel.id}`;
    const open = this.#open.has(key);
    const at = { submodel: submodel.id, shell };
    rows.push({ key, depth: 1, kind: "submodel", label: submodel.idShort ?? submodel.id, opens: true, open, ...at, ...namesOf(submodel) });
    if (open) this.#writeBelowSubmodel(rows, submodel.id, 2, key, at);
  }

  #writeBelowSubmodel(rows: TreeRow[], id: string, depth: number, key: string, at: Pick<TreeRow, "shell" | "submodel">): void {
    const below = this.#submodels.get(id);
    if (below?.kind !== "ready") rows.push(note(key, depth, below));
    else this.#writeElements(rows, childrenOf(below.value), depth, { key, at, parent: "", inList: false });
  }

  #writeElements(
    rows: TreeRow[],
    elements: readonly SubmodelElement[],
    depth: number,
    above: { readonly key: string; readonly at: Pick<TreeRow, "shell" | "submodel">; readonly parent: string; readonly inList: boolean },
  ): void {
    const { key: submodel, at, parent, inList } = above;
    if (elements.length === 0)
      rows.push({ key: `${submodel}/none:${parent}`, depth, kind: "note", label: "", note: "empty", opens: false, open: false });
    elements.forEach((element, index) => {
      const path = inList ? `${parent}[${index}]` : parent === "" ? (element.idShort ?? "") : `${parent}.${element.idShort ?? ""}`;
      const below = childrenOf(element);
      const key = `${submodel}/e:${path}`;
      const open = this.#open.has(key);
      const label = element.idShort ?? `[${index}]`;
      const opens = below.length > 0;
      rows.push({ key, depth, kind: "element", label, modelType: element.modelType, path, opens, open, ...at, ...namesOf(element) });
      if (opens && open)
        this.#writeElements(rows, below, depth + 1, {
          key: submodel,
          at,
          parent: path,
          inList: element.modelType === "SubmodelElementList",
        });
    });
  }
}

/** The key of a root's line. */
export function keyOf(root: Root): string {
  return `${letters[root.modelType]}:${root.id}`;
}

const letters = { Submodel: "s", AssetAdministrationShell: "a", ConceptDescription: "c" } as const;

/** What a name is ordered by. A collator says the same a hundred times more slowly, which is felt at a hundred thousand names. */
function orderOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.padStart(15, "0"));
}

/** The submodels that a shell refers to, in its order, each once. */
export function submodelIdsOf(shell: Shell): readonly string[] {
  return [...new Set((shell.submodels ?? []).map(({ keys }) => keys[0]?.value ?? "").filter((id) => id !== ""))];
}

function namesOf({ displayName }: { readonly displayName?: readonly LangString[] }): { readonly names?: readonly LangString[] } {
  return displayName === undefined ? {} : { names: displayName };
}

function note(key: string, depth: number, below: Below<unknown> | undefined): TreeRow {
  const failed = below?.kind === "failed";
  return {
    key: `${key}/note`,
    depth,
    kind: "note",
    label: failed ? below.message : "",
    note: failed ? "failed" : "loading",
    opens: false,
    open: false,
  };
}

/** Rows of one height in a window of the list: what is painted of very many. `more` = the end is near. */
export function windowOf(
  count: number,
  rowHeight: number,
  scrolled: number,
  height: number,
): { readonly from: number; readonly to: number; readonly more: boolean } {
  const OVERSCAN = 8;
  const from = Math.max(0, Math.floor(scrolled / rowHeight) - OVERSCAN);
  const to = Math.min(count, Math.ceil((scrolled + height) / rowHeight) + OVERSCAN);
  return { from, to, more: to >= count - 2 * OVERSCAN };
}
