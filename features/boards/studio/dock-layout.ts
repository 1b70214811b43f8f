import type { SerializedDockview } from "dockview";
import type { LayoutNode, Split } from "../model/layout.ts";

type GridNode = SerializedDockview["grid"]["root"];

/** A layout as dockview reads it; a group holds one tile. */
export function dockOf(root: Split, size: { readonly width: number; readonly height: number }): SerializedDockview {
  const panels: SerializedDockview["panels"] = {};
  const nodeOf = (node: LayoutNode, level: number, box: { readonly width: number; readonly height: number }, own: number): GridNode => {
    if (node.kind === "tile") {
      panels[node.id] = { id: node.id, contentComponent: "tile", tabComponent: "head", title: node.id };
      return { type: "leaf", data: { id: `group ${node.id}`, views: [node.id], activeView: node.id }, size: own };
    }
    const isColumn = level % 2 === 0;
    const total = node.children.reduce((sum, child) => sum + child.size, 0) || 1;
    const length = isColumn ? box.height : box.width;
    const data = node.children.map((child) => {
      const part = (child.size / total) * length;
      return nodeOf(child, level + 1, isColumn ? { ...box, height: part } : { ...box, width: part }, part);
    });
    return { type: "branch", data, size: own } as GridNode;
  };
  const grid = nodeOf(root, 0, size, size.width);
  return { grid: { root: grid, ...size, orientation: "VERTICAL" as SerializedDockview["grid"]["orientation"] }, panels };
}

/** The layout that somebody made with dockview. Tiles that were dropped on each other lie one below the other. */
export function layoutOfDock({ grid }: SerializedDockview): Split {
  const nodeOf = (node: GridNode, isColumn: boolean): LayoutNode | undefined => {
    const size = node.size ?? 1;
    if (node.type === "leaf") {
      const views = (node.data as { readonly views: readonly string[] }).views;
      const [only] = views;
      if (only === undefined) return undefined;
      if (views.length === 1) return { kind: "tile", id: only, size };
      const tiles: LayoutNode[] = views.map((id) => ({ kind: "tile", id, size: 1 }));
      // across the direction of what it is in
      return isColumn
        ? { kind: "split", size, children: [{ kind: "split", size: 1, children: tiles }] }
        : { kind: "split", size, children: tiles };
    }
    const children = (node.data as readonly GridNode[]).flatMap((child) => nodeOf(child, !isColumn) ?? []);
    return children.length === 0 ? undefined : { kind: "split", size, children };
  };
  const isVertical = String(grid.orientation) === "VERTICAL";
  const root = nodeOf(grid.root, isVertical);
  const top: Split = root?.kind === "split" ? root : { kind: "split", size: 1, children: root === undefined ? [] : [root] };
  return isVertical ? top : { kind: "split", size: 1, children: [top] };
}
