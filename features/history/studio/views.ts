import { shell, signalDisplays, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "trends.page", {
    path: "/trends",
    title: "history.view.trends",
    about: "history.about",
    guide: "history",
    icon: "chart-line",
    key: "R",
    order: 40,
    load: () => import("./trends-view.tsx"),
  }),
  view(shell.tab, "trends.tab", {
    name: "trend",
    title: "history.inspector.trend",
    accepts: ["station"],
    order: 20,
    load: () => import("./trend-tab.tsx"),
  }),
  view(signalDisplays, "history.displays", { order: 10, load: () => import("./stored-displays.ts") }),
  view(shell.setting, "trends.history", { order: 30, load: () => import("./history-card.tsx") }),
];
