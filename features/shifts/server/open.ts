import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { Open } from "@doppelwerk/kit/server";
import { shiftFigures, shiftFold } from "@doppelwerk/ports";
import type { shifts } from "../feature.ts";
import type {} from "../message-codes.ts";
import { figuresOf } from "../model/figures.ts";

/** What each shift of a line brought. */
export const open: Open<typeof shifts> = async (ctx) => {
  const fold = ctx.use(shiftFold);
  return {
    handlers: {
      "shifts.list": async () => {
        const line = await fold.results();
        if (line === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("shifts.noLine"));
        return line.shifts.map((shift) => figuresOf(line, shift));
      },
    },
    ports: {
      [shiftFigures.key]: {
        async within(from, to, asOf) {
          const line = await fold.results(asOf);
          if (line === undefined) return undefined;
          const { constraint, stations, wip } = line;
          const shifts = line.shifts.filter((shift) => shift.to > from && shift.from < to).map((shift) => figuresOf(line, shift));
          return { constraint, stations, wip, shifts };
        },
      },
    },
    close: async () => {},
  };
};
