import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.crumbs, "places.crumbs", { order: 10, load: () => import("./place-crumbs.tsx") }),
  view(shell.placeBoard, "places.board", { order: 10, load: () => import("./place-board.tsx") }),
  view(shell.tile, "places.lineAhead", { order: 35, load: () => import("./line-ahead-card.tsx") }),
  view(shell.tile, "places.origins", { order: 95, load: () => import("./board-origins.tsx") }),
  view(shell.dialog, "places.tree", { order: 40, load: () => import("./place-dialog.tsx") }),
  view(shell.action, "places.openTree", {
    title: "places.tree.open",
    group: "views",
    keys: "Shift+P",
    order: 90,
    load: () => import("./open-tree.ts"),
  }),
];
