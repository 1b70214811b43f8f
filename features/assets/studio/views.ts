import { connectAction, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "assets.page", {
    path: "/assets",
    title: "assets.view.assets",
    about: "assets.about",
    guide: "explorer",
    icon: "hierarchy",
    key: "T",
    order: 50,
    inspector: "overview",
    load: () => import("./assets.tsx"),
  }),
  view(shell.tab, "assets.documents", {
    name: "documents",
    title: "assets.inspector.documents",
    accepts: ["station"],
    order: 40,
    load: () => import("./documents-tab.tsx"),
  }),
  view(shell.tab, "assets.links", {
    name: "links",
    title: "assets.inspector.links",
    accepts: ["station"],
    order: 60,
    load: () => import("./links-tab.tsx"),
  }),
  view(shell.tab, "assets.plant", {
    name: "now",
    title: "assets.plant.now",
    accepts: ["plant"],
    order: 10,
    load: () => import("./home/plant-tab.tsx"),
  }),
  view(shell.home, "assets.home", { order: 10, load: () => import("./home/plant-home.tsx") }),
  view(connectAction, "assets.values", { order: 5, load: () => import("./home/show-values.tsx") }),
  view(shell.help, "assets.help", { order: 10, load: () => import("./explorer/help-section.tsx") }),
];
