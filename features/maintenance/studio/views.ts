import { alarmBlock, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "maintenance.page", {
    path: "/maintenance",
    title: "maintenance.title",
    about: "maintenance.about",
    guide: "maintenance",
    icon: "tool",
    order: 36,
    inspector: "never",
    load: () => import("./maintenance-page.tsx"),
  }),
  view(alarmBlock, "maintenance.ofAlarm", { order: 20, load: () => import("./alarm-order.tsx") }),
];
