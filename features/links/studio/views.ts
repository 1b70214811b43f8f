import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.setting, "links.links", { order: 36, load: () => import("./links-card.tsx") }),
  view(shell.setting, "links.grants", { order: 37, load: () => import("./grants-card.tsx") }),
];
