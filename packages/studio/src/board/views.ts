import { shell, view } from "@doppelwerk/ui";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "board.page", {
    path: "/board",
    title: "view.board",
    about: "view.boardAbout",
    guide: "kpi-targets",
    icon: "layout-dashboard",
    key: "B",
    order: 20,
    onPhone: true,
    isOfSite: true,
    isOfLive: true,
    // the board of another place has what needs attention beside it
    inspector: "overview",
    load: () => import("./board.tsx"),
  }),
];
