import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { CallOf, Open } from "@doppelwerk/kit/server";
import {
  alarmAudits,
  lineFlow,
  lossAudits,
  placeAudits,
  shiftAudits,
  shiftFigures,
  stationStates,
  type FigureAudit,
} from "@doppelwerk/ports";
import { DAY } from "@doppelwerk/world";
import type { figures } from "../contract.ts";
import type { audit } from "../feature.ts";
import { inputsOf } from "./inputs.ts";

type Call = Pick<CallOf<typeof figures>, "principal"> & { readonly query: CallOf<typeof figures>["query"] };

/** How far back shifts can be chosen. */
const CHOICE = 14 * DAY;

/** The figures of a shift with what they were computed of. The owner of a figure explains it; the raw readings are those that the caller may read. */
export const open: Open<typeof audit> = async (ctx) => {
  const figuresOf = async ({ principal, query: { line, place, t, shift } }: Call): Promise<readonly FigureAudit[]> => {
    const question = {
      principal,
      ...(line !== undefined && { line }),
      ...(place !== undefined && { place }),
      ...(t !== undefined && { at: t }),
      ...(shift !== undefined && { shift }),
    };
    const ofShift = (await ctx.find(shiftAudits)?.of(question)) ?? [];
    const [first] = ofShift;
    // the others are of the shift that these are of
    const ofSpan = first === undefined ? question : { ...question, span: { from: first.from, to: first.to } };
    const others = await Promise.all([lossAudits, alarmAudits, placeAudits].map((port) => ctx.find(port)?.of(ofSpan)));
    return [...ofShift, ...others.flatMap((figures) => figures ?? [])];
  };
  return {
    handlers: {
      "audit.figures": async (call) => {
        const found = await figuresOf(call);
        const about = await ctx.find(lineFlow)?.about(call.query.line);
        const title = call.query.place === undefined ? about?.path.at(-1) : undefined;
        const now = ctx.now();
        const known =
          call.query.place === undefined
            ? await ctx.find(shiftFigures)?.within(now - CHOICE, now + 1, undefined, call.query.line)
            : undefined;
        const shifts =
          known &&
          [
            ...known.shifts.map(({ name, from, to }) => ({ name, from, to })),
            ...(known.unplanned ?? []).map(({ from, to, produced, good }) => ({
              name: "unplanned",
              from,
              to,
              unplanned: { units: known.constraint === undefined ? good : produced },
            })),
          ].toSorted((a, b) => b.from - a.from);
        return {
          ...(shifts && { shifts }),
          figures: found.map(({ items: _pieces, ...figure }) => figure),
          ...(title && { title }),
          ...(about?.timeZone !== undefined && { timeZone: about.timeZone }),
        };
      },
      "audit.inputs": async (call) => {
        const figure = (await figuresOf(call)).find(({ id }) => id === call.query.figure);
        if (figure === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("audit.noFigure", { figure: call.query.figure }));
        return inputsOf(figure, { view: call.view, flow: ctx.find(lineFlow), states: ctx.find(stationStates) });
      },
    },
    ports: {},
    close: async () => {},
  };
};
