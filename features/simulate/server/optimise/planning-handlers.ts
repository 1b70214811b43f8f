import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { SimulateHandlers } from "../handlers.ts";
import { solveBlend } from "./blend.ts";
import type { PlanningService } from "./planning-service.ts";
import type { SearchService } from "./search-service.ts";

type PlanningHandlers = Pick<
  SimulateHandlers,
  | "simulate.startSearch"
  | "simulate.readSearch"
  | "simulate.readSearchRequest"
  | "simulate.readFormerSearchRequest"
  | "simulate.cancelSearch"
  | "simulate.readSchedule"
  | "simulate.checkSequence"
  | "simulate.keepSchedule"
  | "simulate.solveBlend"
  | "simulate.readCharge"
  | "simulate.keepCharge"
  | "simulate.readWork"
  | "simulate.keepWork"
  | "simulate.readLayout"
  | "simulate.keepLayout"
>;

/** Schedules, line balances, layouts, charges: what they take from the twin, the searches themselves, and what is written onto a branch. */
export function planningHandlers(planning: PlanningService, searches: SearchService): PlanningHandlers {
  return {
    "simulate.startSearch": ({ body, principal }) => searches.start(body, principal.id),
    "simulate.readSearch": ({ params }) => searches.get(params.id),
    "simulate.readSearchRequest": ({ params }) => searches.request(params.id),
    "simulate.readFormerSearchRequest": async ({ params }) => {
      const request = await searches.request(params.id);
      return { ...request, what: request.kind };
    },
    "simulate.cancelSearch": ({ params }) => searches.cancel(params.id),
    "simulate.readSchedule": ({ view: { documents }, branch, query }) =>
      planning.schedule(documents, documents.branch(branch).id, query.orders, query.seed, query.line),
    "simulate.checkSequence": ({ view: { documents }, branch, body, signal }) =>
      planning.check(documents, documents.branch(branch).id, body, signal),
    "simulate.keepSchedule": ({ view, branch, body }) => planning.keepSchedule(view.documents, branch, body),
    "simulate.solveBlend": ({ body }) => solveBlend(body),
    "simulate.readCharge": async ({ view, branch, answerWith }) => {
      const charge = planning.charge(view.documents, branch);
      if (charge === undefined) answerWith(204);
      return charge;
    },
    "simulate.keepCharge": async ({ view, branch, body: { request, shell } }) => {
      const answer = await solveBlend(request);
      if (!answer.masses) throw new DoppelwerkError("DW_INVALID", message("simulate.chargeNoAnswerKeep", { status: answer.status }));
      await planning.keepCharge(view.documents, branch, request, answer, shell);
      return answer;
    },
    "simulate.readWork": ({ view: { documents }, branch, query }) => planning.work(documents, documents.branch(branch).id, query.line),
    "simulate.keepWork": async ({ view, branch, body }) => ({
      changes: await planning.keepWork(view.documents, branch, body.stationOf, body.line),
    }),
    "simulate.readLayout": ({ view: { documents }, branch, query }) => planning.layout(documents, documents.branch(branch).id, query.line),
    "simulate.keepLayout": async ({ view, branch, body }) => ({
      changes: await planning.keepLayout(view.documents, branch, body.problem, body.places, body.line),
    }),
  };
}
