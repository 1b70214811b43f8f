import { shell, view } from "@doppelwerk/ui";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "settings.page", {
    path: "/settings",
    title: "view.settings",
    about: "view.settingsAbout",
    guide: "operations",
    icon: "settings",
    key: "S",
    order: 90,
    atFoot: true,
    inspector: "never",
    load: () => import("./settings.tsx"),
  }),
  view(shell.setting, "settings.you", { order: 10, load: () => import("./you-card.tsx") }),
  view(shell.setting, "settings.look", { order: 20, load: () => import("./look-card.tsx") }),
  view(shell.setting, "settings.jobs", { order: 30, load: () => import("./jobs-card.tsx") }),
  view(shell.setting, "settings.worlds", { order: 35, load: () => import("./worlds-card.tsx") }),
  view(shell.setting, "settings.packs", { order: 38, load: () => import("./packs-card.tsx") }),
  view(shell.setting, "settings.server", { order: 40, load: () => import("./server-card.tsx") }),
];
