import { shell, view } from "@doppelwerk/ui";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "board.page", {
    path: "/board",
    title: "view.board",
    icon: "layout-dashboard",
    key: "B",
    order: 20,
    onPhone: true,
    load: () => import("./board.tsx"),
  }),
];
