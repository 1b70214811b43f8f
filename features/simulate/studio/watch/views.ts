import { shell, view } from "@doppelwerk/kit/studio";
import { decideRoom } from "../decide/slots.ts";
import type {} from "../../message-codes.ts";

export const views = [
  view(decideRoom, "watch.room", {
    name: "watch",
    about: "simulate.watch.about",
    guide: "rewind-and-fork",
    onBranch: true,
    order: 60,
    load: () => import("./watch-view.tsx"),
  }),
  view(shell.action, "simulate.watch.open", {
    title: "simulate.watch.open",
    group: "branch",
    keys: "V",
    order: 40,
    onBranch: true,
    load: () => import("./open-watch.ts"),
  }),
];
