import { connectTab, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(connectTab, "entries.tab", {
    name: "entries",
    title: "entries.tab",
    about: "entries.about",
    guide: "connectors",
    order: 30,
    load: () => import("./entries.tsx"),
  }),
];
