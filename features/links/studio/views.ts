import { shell, shellMark, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.setting, "links.links", {
    part: "machines",
    title: "links.title",
    words: "links.find",
    order: 60,
    load: () => import("./links-card.tsx"),
  }),
  view(shell.setting, "links.grants", {
    part: "machines",
    title: "links.grants",
    words: "links.grantsFind",
    audience: "administrators",
    order: 70,
    load: () => import("./grants-card.tsx"),
  }),
  view(shellMark, "links.mark", { order: 10, load: () => import("./linked-mark.tsx") }),
];
