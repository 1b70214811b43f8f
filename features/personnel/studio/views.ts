import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "personnel.page", {
    path: "/personnel",
    title: "personnel.title",
    about: "personnel.about",
    guide: "personnel",
    icon: "users",
    order: 29,
    inspector: "never",
    load: () => import("./personnel-page.tsx"),
  }),
];
