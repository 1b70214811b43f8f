import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";
import { WALL } from "./wall.ts";

export const views = [
  view(shell.page, "shiftPage.page", {
    path: "/shift",
    title: "shiftPage.title",
    about: "shiftPage.about",
    guide: "shift-page",
    icon: "clipboard",
    key: "H",
    order: 25,
    onPhone: true,
    inspector: "never",
    isWall: (detail) => detail === WALL,
    load: () => import("./shift-view.tsx"),
  }),
];
