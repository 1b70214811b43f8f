import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "andon.page", {
    path: "/andon",
    title: "andon.title",
    about: "andon.about",
    guide: "kpis",
    icon: "bell",
    order: 35,
    inspector: "never",
    isOfLive: true,
    load: () => import("./andon-page.tsx"),
  }),
];
