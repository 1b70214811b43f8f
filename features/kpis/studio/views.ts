import { kpiTargets, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(kpiTargets, "kpis.targets", { order: 10, load: () => import("./line-targets.ts") }),
  view(shell.setting, "kpis.targetsCard", { order: 32, load: () => import("./targets-card.tsx") }),
];
