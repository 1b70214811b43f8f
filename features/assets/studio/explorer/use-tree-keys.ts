import type { KeyboardEvent } from "react";
import type { ShellTree, TreeRow } from "./shell-tree.ts";
import { useTypeahead } from "./use-typeahead.ts";
import type { SeekRoot } from "./use-typeahead.ts";

interface TreeMoves {
  readonly tree: ShellTree;
  /** Of the active row. */
  readonly activeIndex: () => number;
  readonly pageRows: number;
  /** Makes the row at an index the active one; beyond the ends, the one at the end. */
  readonly moveTo: (index: number) => void;
  readonly choose: (row: TreeRow) => void;
  readonly seek: SeekRoot | undefined;
}

/** The keys of a tree (ARIA tree view): arrows, pages, ends, Enter, and the beginning of a name. */
export function useTreeKeys(moves: TreeMoves): (event: KeyboardEvent) => void {
  const { tree, activeIndex, seek, moveTo } = moves;
  const typeahead = useTypeahead(tree, seek, moveTo);
  return (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = activeIndex();
    const step = stepOf(event.key, at, moves);
    if (step === undefined && (event.key.length !== 1 || event.key === "/")) return;
    event.preventDefault();
    event.stopPropagation();
    if (step === undefined) return typeahead.type(event.key, at);
    typeahead.reset();
    step();
  };
}

function stepOf(key: string, at: number, { tree, pageRows, moveTo, choose }: TreeMoves): (() => void) | undefined {
  const row = tree.rows(at, at + 1)[0];
  const end = (): void => {
    if (tree.state === "whole") moveTo(tree.count - 1);
    else void tree.all().then(() => moveTo(tree.count - 1));
  };
  const chooseRow = (): void => row && choose(row);
  const steps: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moveTo(at + 1),
    ArrowUp: () => moveTo(at - 1),
    PageDown: () => moveTo(at + pageRows),
    PageUp: () => moveTo(at - pageRows),
    Home: () => moveTo(0),
    End: end,
    ArrowRight: () => row !== undefined && (row.open ? moveTo(at + 1) : void tree.open(row)),
    ArrowLeft: () => row !== undefined && (row.open ? tree.close(row.key) : moveToParent(tree, at, row.depth, moveTo)),
    Enter: chooseRow,
    " ": chooseRow,
  };
  return steps[key];
}

function moveToParent(tree: ShellTree, at: number, depth: number, moveTo: (index: number) => void): void {
  for (let above = at - 1; above >= 0; above--) if (tree.rows(above, above + 1)[0]!.depth < depth) return moveTo(above);
}
