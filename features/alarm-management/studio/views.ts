import { alarmBlock, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "alarmManagement.page", {
    path: "/alarm-management",
    title: "alarmManagement.title",
    about: "alarmManagement.about",
    guide: "alarm-management",
    icon: "list-check",
    key: "M",
    order: 32,
    inspector: "never",
    isOfLive: true,
    load: () => import("./management-page.tsx"),
  }),
  view(alarmBlock, "alarmManagement.procedure", { order: 10, load: () => import("./procedure-block.tsx") }),
];
