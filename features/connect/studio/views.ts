import { connectTab, shell, view } from "@doppelwerk/kit/studio";
import { views as states } from "./states/views.ts";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "connect.page", {
    path: "/connect",
    title: "view.connect",
    about: "connect.about",
    guide: "connectors",
    parts: connectTab.at,
    icon: "plug",
    key: "N",
    order: 80,
    load: () => import("./connect.tsx"),
  }),
  view(shell.banner, "connect.past", { order: 10, load: () => import("./past-banner.tsx") }),
  ...states,
];
