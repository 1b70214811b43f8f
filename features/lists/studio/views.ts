import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.setting, "lists.card", {
    part: "plant",
    title: "lists.title",
    words: "lists.find",
    order: 40,
    load: () => import("./lists-card.tsx"),
  }),
];
