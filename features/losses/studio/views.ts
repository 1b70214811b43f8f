import { shell, shiftBlock, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
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
