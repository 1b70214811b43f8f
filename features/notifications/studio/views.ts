import { alarmBlock, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.setting, "notifications.own", {
    part: "you",
    title: "notifications.own",
    words: "notifications.ownFind",
    order: 45,
    load: () => import("./own-card.tsx"),
  }),
  view(shell.setting, "notifications.rules", {
    part: "plant",
    title: "notifications.rules",
    words: "notifications.rulesFind",
    order: 60,
    load: () => import("./rules-card.tsx"),
  }),
  view(shell.setting, "notifications.calendars", {
    part: "plant",
    title: "notifications.calendars",
    words: "notifications.calendarsFind",
    order: 61,
    load: () => import("./calendars-card.tsx"),
  }),
  view(shell.setting, "notifications.list", {
    part: "records",
    title: "notifications.list",
    words: "notifications.listFind",
    order: 60,
    load: () => import("./list-card.tsx"),
  }),
  view(shell.setting, "notifications.channels", {
    part: "server",
    title: "notifications.channels",
    words: "notifications.channelsFind",
    audience: "administrators",
    order: 60,
    load: () => import("./channels-card.tsx"),
  }),
  view(alarmBlock, "notifications.block", { order: 30, load: () => import("./notified-block.tsx") }),
  view(shell.banner, "notifications.banner", { order: 20, load: () => import("./banner.tsx") }),
];
