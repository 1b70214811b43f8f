import { connectTab, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(connectTab, "commands.tab", {
    name: "commands",
    title: "commands.tab",
    about: "commands.about",
    guide: "commands",
    order: 20,
    load: () => import("./commands.tsx"),
  }),
  view(shell.banner, "commands.waiting", { order: 30, load: () => import("./waiting-banner.tsx") }),
];
