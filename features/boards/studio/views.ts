import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "boards.page", {
    path: "/boards",
    title: "boards.title",
    about: "boards.about",
    guide: "boards",
    icon: "layout-board",
    key: "D",
    order: 22,
    inspector: "never",
    isWall: (detail) => detail.startsWith("wall:"),
    load: () => import("./boards-page.tsx"),
  }),
];
