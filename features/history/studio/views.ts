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
    isOfLive: true,
    load: () => import("./trends-view.tsx"),
  }),
  view(shell.tab, "trends.tab", {
    name: "trend",
    title: "history.inspector.trend",
    accepts: ["station"],
    isOfLive: true,
    order: 20,
    load: () => import("./trend-tab.tsx"),
  }),
  view(shell.tile, "history.export", { order: 95, anywhere: true, load: () => import("./export-card.tsx") }),
  view(shell.help, "history.origins", { order: 10, load: () => import("./origins-help.tsx") }),
  view(signalDisplays, "history.displays", { order: 10, load: () => import("./stored-displays.ts") }),
  view(shell.setting, "trends.history", {
    part: "records",
    title: "history.settings.history",
    words: "history.settings.find",
    order: 30,
    load: () => import("./history-card.tsx"),
  }),
];
