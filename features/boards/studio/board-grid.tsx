import type { CSSProperties, ReactNode } from "react";
import type { KnownTileKind, ShownTile } from "../contract.ts";
import { layoutOf, readingOrder, type LayoutNode } from "../model/layout.ts";
import { TileFrame, type TileActs } from "./tile-frame.tsx";

export interface GridProps {
  readonly tiles: readonly ShownTile[];
  readonly kinds: ReadonlyMap<string, KnownTileKind>;
  readonly acts: TileActs;
  readonly isEdited: boolean;
}

/** Pixels of a row of size one: a board that needs more than the window scrolls. */
const ROW = 190;

/** A board as it is looked at: rows and columns by their sizes; on a phone one column in reading order. */
export function BoardGrid(props: GridProps): ReactNode {
  const root = layoutOf(props.tiles);
  const byId = new Map(props.tiles.map((tile) => [tile.id, tile]));
  const order = readingOrder(root);
  const height = root.children.reduce((sum, { size }) => sum + size, 0) * ROW;
  const part = (node: LayoutNode, level: number): ReactNode => {
    const style: CSSProperties = { flex: `${node.size} 1 0` };
    if (node.kind === "split")
      return (
        <div key={readingOrder(node)[0]} className={level % 2 === 0 ? "dw-tiles-column" : "dw-tiles-row"} style={style}>
          {node.children.map((child) => part(child, level + 1))}
        </div>
      );
    const tile = byId.get(node.id)!;
    const kind = props.kinds.get(tile.kind);
    return (
      <div key={node.id} className="dw-tiles-cell" style={{ ...style, order: order.indexOf(node.id), minWidth: kind?.least.width }}>
        <TileFrame tile={tile} kind={kind} acts={props.acts} isEdited={props.isEdited} />
      </div>
    );
  };
  return (
    <div className="dw-tiles" style={{ minHeight: height }}>
      {root.children.map((child) => part(child, 1))}
    </div>
  );
}
