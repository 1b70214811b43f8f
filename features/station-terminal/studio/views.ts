import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "stationTerminal.page", {
    path: "/station",
    title: "stationTerminal.title",
    about: "stationTerminal.about",
    guide: "terminal",
    icon: "device-tablet",
    order: 36,
    inspector: "never",
    isOfLive: true,
    isWall: (detail) => detail.startsWith("at:"),
    load: () => import("./terminal-page.tsx"),
  }),
];
