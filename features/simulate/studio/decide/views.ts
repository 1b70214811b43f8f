import { forecastNote, requestEvidence, shell, valueNote, view } from "@doppelwerk/kit/studio";
import { DECLARED_NAMES } from "../../model/declared-values.ts";
import { decideRoom } from "./slots.ts";
import type {} from "../../message-codes.ts";

export const views = [
  view(shell.page, "decide.page", {
    path: "/decide",
    title: "simulate.view.decide",
    about: "simulate.about",
    guide: "rewind-and-fork",
    parts: decideRoom.at,
    icon: "git-fork",
    key: "D",
    order: 60,
    onPhone: true,
    load: () => import("./decide.tsx"),
  }),
  view(shell.section, "decide.againstLive", {
    tab: "now",
    accepts: ["station", "line"],
    order: 10,
    load: () => import("./branch-against-live.tsx"),
  }),
  view(valueNote, "decide.fittedNote", { order: 10, names: DECLARED_NAMES, load: () => import("./fitted-note.tsx") }),
  view(forecastNote, "decide.forecastQuality", { order: 10, load: () => import("./forecast-quality.tsx") }),
  view(requestEvidence, "decide.evidence", { order: 10, load: () => import("./request-evidence.tsx") }),
];
