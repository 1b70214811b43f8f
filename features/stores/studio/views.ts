import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "stores.page", {
    path: "/stores",
    title: "stores.title",
    about: "stores.about",
    guide: "stores",
    icon: "package",
    order: 37,
    inspector: "never",
    load: () => import("./stores-page.tsx"),
  }),
];
