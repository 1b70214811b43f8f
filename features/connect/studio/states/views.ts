import { connectTab, view } from "@doppelwerk/kit/studio";
import type {} from "../../message-codes.ts";

export const views = [
  view(connectTab, "connect.states.tab", {
    name: "states",
    title: "connect.states.tab",
    about: "connect.states.about",
    guide: "engineering-file",
    order: 10,
    load: () => import("./states.tsx"),
  }),
];
