import { requestEvidence, shell, view } from "@doppelwerk/kit/studio";
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
  view(requestEvidence, "decide.evidence", { order: 10, load: () => import("./request-evidence.tsx") }),
];
