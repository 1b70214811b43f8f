import { requestEvidence, shell, trendLimits, trendNotes, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "alarms.page", {
    path: "/alarms",
    title: "alarms.view.alarms",
    about: "alarms.about",
    guide: "alarms",
    icon: "alert-triangle",
    key: "A",
    order: 30,
    onPhone: true,
    isOfSite: true,
    isOfLive: true,
    detailOfLine: (line) => `active/at=${encodeURIComponent(`line:${line}`)}`,
    badge: () => import("./alarm-count.tsx"),
    load: () => import("./alarms.tsx"),
  }),
  view(shell.tab, "alarms.tab", {
    name: "alarms",
    title: "alarms.inspector.alarms",
    accepts: ["station"],
    isOfLive: true,
    order: 30,
    load: () => import("./alarms-tab.tsx"),
  }),
  view(shell.lane, "alarms.lane", { row: "above", order: 10, load: () => import("./rail-lane.ts") }),
  view(requestEvidence, "alarms.evidence", { order: 20, load: () => import("./what-if/request-alarms.tsx") }),
  view(trendLimits, "alarms.limits", { order: 10, load: () => import("./trend-limits.ts") }),
  view(trendNotes, "alarms.candidates", { order: 20, load: () => import("./rules/candidates-of-trend.tsx") }),
  view(shell.tile, "alarms.tile", { order: 50, load: () => import("./alarms-card.tsx") }),
];
