import { view } from "@doppelwerk/ui";
import { connectTab } from "../connect/slots.ts";

export const views = [
  view(connectTab, "entries.tab", { name: "entries", title: "entries.tab", order: 30, load: () => import("./entries.tsx") }),
];
