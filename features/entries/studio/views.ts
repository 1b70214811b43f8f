import { connectTab, view } from "@doppelwerk/kit/studio";

export const views = [
  view(connectTab, "entries.tab", { name: "entries", title: "entries.tab", order: 30, load: () => import("./entries.tsx") }),
];
