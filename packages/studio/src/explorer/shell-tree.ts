import { childrenOf } from "@doppelwerk/aas";
import type { LangString, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";

/** One line of the tree as it is shown. */
export interface TreeRow {
  readonly key: string;
  readonly depth: number;
  readonly kind: "shell" | "submodel" | "element" | "note";
  readonly label: string;
  readonly names?: readonly LangString[];
  /** `Property`, `SubmodelElementCollection`, … of an element. */
  readonly modelType?: string;
  readonly shell?: string;
  readonly submodel?: string;
  readonly path?: string;
  readonly opens: boolean;
  readonly open: boolean;
  /** Of a note: what is to be said. */
  readonly note?: "loading" | "empty" | "missing" | "failed";
}

export interface TreePage<T> {
  readonly items: readonly T[];
  readonly cursor: string | undefined;
}

/** Where the tree gets its lines from. */
export interface TreeSource {
  /** The roots: shells or submodels, page by page. `cursor` undefined = from the start. */
  roots(cursor: string | undefined): Promise<TreePage<Shell | Submodel>>;
  /** Name and kind of a submodel without its elements; undefined = it is not in this repository. */
  submodelHead(id: string): Promise<Submodel | undefined>;
  submodel(id: string): Promise<Submodel>;
}

type Below<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "ready"; readonly value: T };

/**
 * The lines of shells → submodels → elements. A page of roots is asked for when the list nears its end, a submodel when it is opened,
 * and nothing twice; so the tree of a hundred thousand shells costs what was looked at of it.
 */
export class ShellTree {
  readonly #source: TreeSource;
  readonly #changed: () => void;
  readonly #open = new Set<string>();
  readonly #heads = new Map<string, Below<readonly (Submodel | { readonly id: string })[]>>();
  readonly #submodels = new Map<string, Below<Submodel>>();
  #roots: (Shell | Submodel)[] = [];
  readonly #known = new Set<string>();
  #cursor: string | undefined;
  #state: "partly" | "loading" | "whole" | "failed" = "partly";
  #failure: string | undefined;
  #rows: readonly TreeRow[] | undefined;

  constructor(source: TreeSource, changed: () => void) {
    this.#source = source;
    this.#changed = changed;
  }

  get state(): "partly" | "loading" | "whole" | "failed" {
    return this.#state;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  get roots(): number {
    return this.#roots.length;
  }

  rows(): readonly TreeRow[] {
    return (this.#rows ??= this.#write());
  }

  /** The next page of roots, unless one is under way or there is none. */
  async more(): Promise<void> {
    if (this.#state === "loading" || this.#state === "whole") return;
    this.#state = "loading";
    this.#tell();
    try {
      const { items, cursor } = await this.#source.roots(this.#cursor);
      for (const item of items) {
        // A search gives exact matches first and may give them again.
        if (this.#known.has(item.id)) continue;
        this.#known.add(item.id);
        this.#roots.push(item);
      }
      this.#cursor = cursor;
      this.#state = cursor === undefined ? "whole" : "partly";
    } catch (error) {
      this.#failure = (error as Error).message;
      this.#state = "failed";
    }
    this.#tell();
  }

  isOpen(key: string): boolean {
    return this.#open.has(key);
  }

  close(key: string): void {
    if (this.#open.delete(key)) this.#tell();
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

  /** Adds a root that the list has not come to yet: the one a link names. */
  show(root: Shell | Submodel): void {
    if (this.#known.has(root.id)) return;
    this.#known.add(root.id);
    this.#roots = [root, ...this.#roots];
    this.#tell();
  }

  async #loadHeads(shell: string): Promise<void> {
    if (this.#heads.get(shell)?.kind === "ready") return;
    const found = this.#roots.find(({ id }) => id === shell);
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

  #tell(): void {
    this.#rows = undefined;
    this.#changed();
  }

  #write(): readonly TreeRow[] {
    const rows: TreeRow[] = [];
    for (const root of this.#roots) {
      if (root.modelType === "Submodel") this.#writeSubmodel(rows, root, 0, "", undefined);
      else this.#writeShell(rows, root);
    }
    return rows;
  }

  #writeShell(rows: TreeRow[], shell: Shell): void {
    const key = `a:${shell.id}`;
    const open = this.#open.has(key);
    const opens = (shell.submodels?.length ?? 0) > 0;
    rows.push({ key, depth: 0, kind: "shell", label: shell.idShort ?? shell.id, shell: shell.id, opens, open, ...namesOf(shell) });
    if (!open) return;
    const below = this.#heads.get(shell.id);
    if (below?.kind !== "ready") rows.push(note(key, 1, below));
    else
      for (const head of below.value) {
        if ("modelType" in head) this.#writeSubmodel(rows, head, 1, `${key}/`, shell.id);
        else rows.push({ key: `${key}/s:${head.id}`, depth: 1, kind: "note", label: head.id, note: "missing", opens: false, open: false });
      }
  }

  #writeSubmodel(rows: TreeRow[], submodel: Submodel, depth: number, above: string, shell: string | undefined): void {
    const key = `${above}s:${submodel.id}`;
    const open = this.#open.has(key);
    const at = { submodel: submodel.id, ...(shell !== undefined && { shell }) };
    rows.push({ key, depth, kind: "submodel", label: submodel.idShort ?? submodel.id, opens: true, open, ...at, ...namesOf(submodel) });
    if (!open) return;
    const below = this.#submodels.get(submodel.id);
    if (below?.kind !== "ready") rows.push(note(key, depth + 1, below));
    else this.#writeElements(rows, childrenOf(below.value), depth + 1, key, at, "");
  }

  #writeElements(
    rows: TreeRow[],
    elements: readonly SubmodelElement[],
    depth: number,
    above: string,
    at: Pick<TreeRow, "shell" | "submodel">,
    parent: string,
    inList = false,
  ): void {
    if (elements.length === 0)
      rows.push({ key: `${above}/none`, depth, kind: "note", label: "", note: "empty", opens: false, open: false });
    elements.forEach((element, index) => {
      const path = inList ? `${parent}[${index}]` : parent === "" ? (element.idShort ?? "") : `${parent}.${element.idShort ?? ""}`;
      const below = childrenOf(element);
      const key = `${above.split("/e:")[0]}/e:${path}`;
      const open = this.#open.has(key);
      const label = element.idShort ?? `[${index}]`;
      const opens = below.length > 0;
      rows.push({ key, depth, kind: "element", label, modelType: element.modelType, path, opens, open, ...at, ...namesOf(element) });
      if (opens && open) this.#writeElements(rows, below, depth + 1, key, at, path, element.modelType === "SubmodelElementList");
    });
  }
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
