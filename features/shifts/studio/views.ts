import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [view(shell.setting, "shifts.calendar", { order: 30, load: () => import("./calendar-card.tsx") })];
