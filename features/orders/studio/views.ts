import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "orders.page", {
    path: "/orders",
    title: "orders.title",
    about: "orders.about",
    guide: "orders",
    icon: "calendar",
    key: "O",
    order: 28,
    inspector: "never",
    load: () => import("./orders-page.tsx"),
  }),
];
