import type { Open } from "@doppelwerk/kit/server";
import { changeDots, runResults } from "@doppelwerk/ports";
import { message } from "@doppelwerk/kit";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { changes } from "../feature.ts";
import type {} from "../message-codes.ts";
import { logOfView, NewestChanges } from "./change-dots.ts";
import { logLine } from "./log-line.ts";
import { reviewHandlers } from "./review-handlers.ts";

/** Branches and what they change, merge requests, and the log of what was written. */
export const open: Open<typeof changes> = async (ctx) => {
  const { nameOf } = ctx;
  const { documents } = ctx.own;
  const dots = new NewestChanges(logOfView(ctx.own), () => documents.revision());
  const unfollow = documents.onCommit(({ entry }) => dots.follow(entry));
  return {
    handlers: {
      "changes.branches": async ({ view }) => view.documents.branches(),
      "changes.fork": async ({ view, body: { name, at } }) => {
        const now = ctx.now();
        if (at !== undefined && at > now) throw new DoppelwerkError("DW_INVALID", message("changes.forkBeginsInstantPast"));
        return view.documents.fork({ name, parent: LIVE, instant: at ?? now, reason: message("changes.logFork", { name }) });
      },
      "changes.branch": async ({ view, params }) => view.documents.branch(params.branch),
      "changes.abandon": async ({ view, params }) => view.documents.abandon(params.branch, "abandoned"),
      "changes.apply": async ({ view, params: { branch }, body: { reason, changes } }) =>
        (await view.documents.apply({ branch, reason, changes: changes as never })).entry,
      "changes.undo": async ({ view, params }) => (await view.documents.undo(params.branch)).entry,
      "changes.diff": async ({ view, params }) => view.documents.diff(params.branch),
      ...reviewHandlers({ nameOf, runs: () => ctx.find(runResults) }),
      "changes.confirm": async ({ view, params: { id } }) => ({
        revision: (await view.documents.confirm(id, message("changes.logConfirmed"))).entry.revision,
      }),
      "changes.log": async ({ view, query: { before, limit } }) => {
        const entries = await view.logBefore(before ?? view.documents.revision() + 1, limit);
        return entries.map((entry) => logLine(view.documents.reader(entry.branch, { revision: entry.revision }), entry, nameOf));
      },
    },
    ports: {
      [changeDots.key]: {
        async between(principal, from, to) {
          const reader = ctx.view(principal).documents;
          return (await dots.between(from, to)).filter(({ branch }) => reader.may("read", branch).allowed);
        },
      },
    },
    close: async () => unfollow(),
  };
};
