import { connectCard, shell, view } from "@doppelwerk/kit/studio";
import { views as worldView } from "./world-view/views.ts";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.overlay, "line.chip", { order: 10, load: () => import("./line-chip.tsx") }),
  view(shell.tab, "line.now", {
    name: "now",
    title: "line.inspector.now",
    accepts: ["station"],
    isOfLive: true,
    order: 10,
    load: () => import("./now-tab.tsx"),
  }),
  view(shell.tab, "line.overview", {
    name: "now",
    title: "line.inspector.now",
    accepts: ["line"],
    isOfLive: true,
    order: 10,
    load: () => import("./line-now.tsx"),
  }),
  view(shell.tile, "line.output", { order: 10, load: () => import("./output-card.tsx") }),
  view(shell.tile, "line.oee", { order: 30, load: () => import("./oee-card.tsx") }),
  view(shell.tile, "line.stations", { order: 40, load: () => import("./stations-card.tsx") }),
  view(shell.tile, "line.bottleneck", { order: 60, load: () => import("./bottleneck-card.tsx") }),
  view(shell.tile, "line.placeValues", { order: 70, load: () => import("./place-values-card.tsx") }),
  view(connectCard, "line.findings", { order: 5, load: () => import("./findings-card.tsx") }),
  ...worldView,
];
