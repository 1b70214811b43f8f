import { useState } from "react";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";
import type { ShellTree, TreeRow } from "./shell-tree.ts";
import { rowId, TreeRowView } from "./tree-row.tsx";
import { useTreeKeys } from "./use-tree-keys.ts";
import { useTreeWindow } from "./use-tree-window.ts";
import type { SeekRoot } from "./use-typeahead.ts";

/** The rows of the tree of which only those on the screen are painted. */
export function TreeList({
  tree,
  place,
  moves,
  find,
  seek,
}: {
  readonly tree: ShellTree;
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
  /** What was searched for: it is marked in the names. */
  readonly find: string | undefined;
  readonly seek?: SeekRoot;
}): ReactNode {
  const { t } = useWords();
  const [active, setActive] = useState<string | undefined>(undefined);
  const selectedKey = keyOfPlace(place);
  const { host, rowHeight, from, rows, pageRows, onScroll, show } = useTreeWindow(tree, selectedKey);
  const rowAt = (index: number): TreeRow | undefined => tree.rows(index, index + 1)[0];
  const choose = (row: TreeRow): void => {
    if (row.kind === "note") return;
    setActive(row.key);
    moves.go(placeOf(row, place));
    if (!row.open) void tree.open(row);
  };
  const moveTo = (index: number): void => {
    const next = Math.min(tree.count - 1, Math.max(0, index));
    setActive(rowAt(next)?.key);
    show(next);
  };
  const activeIndex = (): number => Math.max(0, tree.indexOf(active ?? selectedKey ?? ""));
  const onKeyDown = useTreeKeys({ tree, activeIndex, pageRows, moveTo, choose, seek });
  return (
    <div
      ref={host}
      className="dw-tree-list"
      role="tree"
      tabIndex={0}
      data-own-keys
      aria-label={t("assets.explorer.tree")}
      aria-activedescendant={rows.some(({ key }) => key === active) ? rowId(active!) : undefined}
      onFocus={() => active === undefined && setActive(selectedKey ?? rowAt(from)?.key)}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div role="none" style={{ height: tree.count * rowHeight, position: "relative" }}>
        {rows.map((row, index) => (
          <TreeRowView
            key={row.key}
            row={row}
            style={{ top: (from + index) * rowHeight, height: rowHeight, paddingLeft: 4 + row.depth * 14 }}
            isSelected={row.key === selectedKey}
            isActive={row.key === active}
            find={find}
            hasNamesake={row.depth === 0 && rows.some((other) => other !== row && other.depth === 0 && other.label === row.label)}
            onChoose={() => choose(row)}
            onToggle={() => (row.open ? tree.close(row.key) : void tree.open(row))}
            onRetry={() => retry(tree, row)}
          />
        ))}
      </div>
    </div>
  );
}

/** Reads again what is above a note that it could not be read. */
function retry(tree: ShellTree, { key }: TreeRow): void {
  const above = key.replace(/\/note$/, "");
  const at = tree.indexOf(above);
  const [owner] = tree.rows(at, at + 1);
  tree.close(above);
  if (owner !== undefined) void tree.open({ ...owner, open: false });
}

/** The key of the row that a place means. */
function keyOfPlace({ shell, submodel, path, concept }: ExplorerPlace): string | undefined {
  if (concept !== undefined) return `c:${concept}`;
  if (submodel === undefined) return shell === undefined ? undefined : `a:${shell}`;
  const key = `${shell === undefined ? "" : `a:${shell}/`}s:${submodel}`;
  return path === undefined ? key : `${key}/e:${path}`;
}

/** The place of a row; what was searched for stays. */
function placeOf({ shell, submodel, path, concept }: TreeRow, { mode, find, query }: ExplorerPlace): ExplorerPlace {
  return {
    mode,
    ...(find !== undefined && { find }),
    ...(query !== undefined && { query }),
    ...(shell !== undefined && { shell }),
    ...(submodel !== undefined && { submodel }),
    ...(path !== undefined && { path }),
    ...(concept !== undefined && { concept }),
  };
}
