import { kpiTargets, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "kpis.page", {
    path: "/kpis",
    title: "kpis.indicators.title",
    about: "kpis.indicators.about",
    guide: "kpis",
    icon: "gauge",
    key: "K",
    order: 45,
    inspector: "never",
    isOfLive: true,
    load: () => import("./indicators/indicators-page.tsx"),
  }),
  view(kpiTargets, "kpis.targets", { order: 10, load: () => import("./line-targets.ts") }),
  view(shell.tile, "kpis.declared", { order: 90, anywhere: true, load: () => import("./declared-card.tsx") }),
  view(shell.setting, "kpis.targetsCard", {
    part: "plant",
    title: "kpis.title",
    words: "kpis.find",
    order: 20,
    load: () => import("./targets-card.tsx"),
  }),
];
