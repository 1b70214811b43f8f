import { shell, trendNotes, trendSpans, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(trendNotes, "notes.list", { order: 10, load: () => import("./notes-of-trend.tsx") }),
  view(trendSpans, "notes.spans", { order: 10, load: () => import("./note-spans.ts") }),
  view(shell.lane, "notes.lane", { row: "below", order: 30, load: () => import("./rail-lane.ts") }),
];
