import { shell, shiftBlock, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "losses.page", {
    path: "/losses",
    title: "losses.pareto.title",
    about: "losses.pareto.about",
    guide: "shift-page",
    icon: "chart-bar",
    key: "L",
    order: 26,
    inspector: "never",
    load: () => import("./pareto/pareto-page.tsx"),
  }),
  view(shell.setting, "losses.reasonsCard", {
    part: "plant",
    title: "losses.tree.title",
    words: "losses.tree.find",
    order: 30,
    load: () => import("./tree/reasons-card.tsx"),
  }),
  view(shell.tile, "losses.budget", { order: 20, load: () => import("./loss-card.tsx") }),
  view(shiftBlock, "losses.cascade", { order: 10, load: () => import("./loss-cascade.tsx") }),
  view(shell.tab, "losses.tab", {
    name: "stops",
    title: "losses.tab",
    accepts: ["station"],
    order: 25,
    load: () => import("./stops-tab.tsx"),
  }),
];
