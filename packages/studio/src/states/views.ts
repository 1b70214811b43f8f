import { connectTab, view } from "@doppelwerk/ui";

export const views = [
  view(connectTab, "states.tab", { name: "states", title: "states.tab", order: 10, load: () => import("./states.tsx") }),
];
