import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.setting, "shifts.calendar", {
    part: "plant",
    title: "shifts.title",
    words: "shifts.find",
    order: 10,
    load: () => import("./calendar-card.tsx"),
  }),
];
