import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../../message-codes.ts";

export const views = [
  view(shell.page, "world.page", {
    path: "/world",
    title: "line.view.world",
    about: "line.about",
    guide: "rewind-and-fork",
    icon: "box",
    key: "W",
    order: 10,
    onPhone: true,
    isOfLive: true,
    load: () => import("./world-view.tsx"),
  }),
  view(shell.help, "world.help", { order: 20, load: () => import("./help-section.tsx") }),
];
