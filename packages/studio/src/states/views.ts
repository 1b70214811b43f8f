import { view } from "@doppelwerk/ui";
import { connectTab } from "../connect/slots.ts";

export const views = [
  view(connectTab, "states.tab", { name: "states", title: "states.tab", order: 10, load: () => import("./states.tsx") }),
];
