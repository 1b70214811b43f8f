import { kpiTargets, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(kpiTargets, "kpis.targets", { order: 10, load: () => import("./line-targets.ts") }),
  view(shell.tile, "kpis.losses", { order: 20, load: () => import("./loss-card.tsx") }),
  view(shell.tile, "kpis.declared", { order: 90, anywhere: true, load: () => import("./declared-card.tsx") }),
  view(shell.setting, "kpis.targetsCard", { order: 32, load: () => import("./targets-card.tsx") }),
];
