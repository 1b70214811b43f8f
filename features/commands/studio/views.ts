import { connectTab, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(connectTab, "commands.tab", { name: "commands", title: "commands.tab", order: 20, load: () => import("./commands.tsx") }),
];
