import { view } from "@doppelwerk/ui";
import { connectTab } from "../connect/slots.ts";

export const views = [
  view(connectTab, "commands.tab", { name: "commands", title: "commands.tab", order: 20, load: () => import("./commands.tsx") }),
];
