import { connectTab, view } from "@doppelwerk/kit/studio";

export const views = [
  view(connectTab, "states.tab", { name: "states", title: "states.tab", order: 10, load: () => import("./states.tsx") }),
];
