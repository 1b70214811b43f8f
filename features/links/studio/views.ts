import { shell, shellMark, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.setting, "links.links", { order: 36, load: () => import("./links-card.tsx") }),
  view(shell.setting, "links.grants", { order: 37, load: () => import("./grants-card.tsx") }),
  view(shellMark, "links.mark", { order: 10, load: () => import("./linked-mark.tsx") }),
];
