import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "trends.analysis", {
    path: "/analysis",
    title: "trends.view",
    about: "trends.about",
    guide: "trends",
    icon: "chart-dots",
    key: "X",
    order: 42,
    isOfLive: true,
    load: () => import("./analysis-view.tsx"),
  }),
];
