import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(shell.page, "changes.page", {
    path: "/changes",
    title: "changes.view.changes",
    about: "changes.about",
    guide: "merge-and-plan",
    icon: "list",
    key: "C",
    order: 70,
    tallRail: true,
    badge: () => import("./request-count.tsx"),
    load: () => import("./changes.tsx"),
  }),
  view(shell.tab, "changes.tab", {
    name: "history",
    title: "changes.inspector.history",
    accepts: ["station"],
    order: 50,
    load: () => import("./history-tab.tsx"),
  }),
  view(shell.lane, "changes.lane", { row: "below", order: 20, load: () => import("./rail-lane.ts") }),
  view(shell.action, "changes.fork", { title: "rail.fork", group: "branch", keys: "F", order: 10, load: () => import("./open-fork.ts") }),
  view(shell.action, "changes.leave", { title: "frame.leaveBranch", group: "branch", order: 20, load: () => import("./leave-branch.ts") }),
  view(shell.action, "changes.propose", {
    title: "branch.propose",
    group: "branch",
    keys: "P",
    order: 30,
    onBranch: true,
    load: () => import("./open-propose.ts"),
  }),
  view(shell.action, "changes.undo", {
    title: "changes.branch.undo",
    group: "branch",
    keys: "Ctrl+Z",
    order: 50,
    load: () => import("./undo.ts"),
  }),
  view(shell.setting, "changes.approval", {
    part: "access",
    title: "changes.solo.title",
    words: "changes.solo.find",
    order: 40,
    load: () => import("./approval-card.tsx"),
  }),
  view(shell.banner, "changes.merged", { order: 20, load: () => import("./merged-banner.tsx") }),
  view(shell.dialog, "changes.forkDialog", { order: 10, load: () => import("./fork-dialog.tsx") }),
  view(shell.dialog, "changes.proposeDialog", { order: 20, load: () => import("./propose-dialog.tsx") }),
];
