import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "rounds.page", {
    path: "/rounds",
    title: "rounds.title",
    about: "rounds.about",
    guide: "rounds",
    icon: "route",
    order: 38,
    inspector: "never",
    load: () => import("./rounds-page.tsx"),
  }),
];
