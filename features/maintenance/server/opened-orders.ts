import { DoppelwerkError, hashedId, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { LineFlow, WorkOrders } from "@doppelwerk/ports";
import type { BranchId, Instant, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import type { Opened } from "../model/acts.ts";
import type { JobFields } from "../model/job-kind.ts";
import { byUrgency, isOver, type WorkOrder } from "../model/work-order.ts";
import type { OrderBook } from "./order-book.ts";
import { stationsOf } from "./shown-order.ts";

export interface Opening {
  readonly book: OrderBook;
  readonly flow: LineFlow;
  jobs(view: PlantView, branch: BranchId): readonly JobFields[];
}

export interface OrderRequest {
  readonly title: Opened["title"];
  readonly shell?: string | undefined;
  readonly station?: string | undefined;
  readonly priority: Opened["priority"];
  readonly due?: Instant | undefined;
  readonly text?: Opened["text"];
  readonly job?: string | undefined;
  readonly source?: Opened["source"] | undefined;
  readonly key?: string | undefined;
  readonly cycle?: number;
  readonly at: Instant;
}

/** Steps, lock-out list and parts are those of the job plan as it is now: a later change of it does not reach into work that is under way. Errors: DW_NOT_FOUND, DW_FORBIDDEN, DW_CONFLICT. */
export async function openOrder(
  { book, flow, jobs }: Opening,
  view: PlantView,
  branch: BranchId,
  request: OrderRequest,
): Promise<{ readonly order: WorkOrder; readonly isNew: boolean }> {
  const stations = await stationsOf(flow, view, branch);
  const { title, priority, due, text, station, at } = request;
  const place = stations.find((each) => (station === undefined ? each.shell === request.shell : each.station === station));
  const shell = request.shell ?? place?.shell;
  if (shell === undefined || (station !== undefined && place === undefined))
    throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noStation", { station: (station ?? "").slice(0, 200) }));
  const job = request.job === undefined ? undefined : jobs(view, branch).find(({ code }) => code === request.job);
  if (request.job !== undefined && job === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noJob", { code: request.job.slice(0, 60) }));
  const id = request.key === undefined ? book.newId() : hashedId("workOrder", "key", request.key);
  return book.open(
    view,
    branch,
    id,
    {
      title,
      shell,
      ...(place && { station: place.station }),
      priority,
      ...(due !== undefined && { due }),
      ...(text !== undefined && text.en !== "" && { text }),
      ...(job && { job: job.code }),
      steps: [...(job?.steps ?? [])],
      lockOut: [...(job?.lockOut ?? [])],
      parts: [...(job?.parts ?? [])],
      ...(job?.minutes !== undefined && { minutes: job.minutes }),
      source: request.source ?? { kind: "person", at },
      ...(request.cycle !== undefined && { cycle: request.cycle }),
    },
    at,
  );
}

/** Work orders as other features open and list them. */
export function workOrdersPort({
  opening,
  viewOf,
  now,
  tell,
}: {
  readonly opening: Opening;
  viewOf(principal: Principal): PlantView;
  now(): Instant;
  tell(): void;
}): WorkOrders {
  return {
    async open(principal, branch, { jobPlan: job, text, ...request }) {
      const texts = text === undefined ? undefined : { en: text, zh: text };
      const { order, isNew } = await openOrder(opening, viewOf(principal), branch, { ...request, text: texts, job, at: now() });
      if (isNew) tell();
      return { id: order.id, isNew };
    },
    async list(principal, branch, of = {}) {
      const held = await opening.book.list(viewOf(principal), branch);
      return held
        .map(({ order }) => order)
        .filter(
          (order) =>
            !isOver(order) &&
            (of.station === undefined || order.station === of.station) &&
            (of.shell === undefined || order.shell === of.shell),
        )
        .toSorted(byUrgency)
        .map(({ id, number, title, shell, station, state, priority, due, source }) => ({
          id,
          number,
          title,
          shell,
          state: state as "open",
          priority,
          source: { kind: source.kind, at: source.at, ...(source.id !== undefined && { id: source.id }) },
          ...(station !== undefined && { station }),
          ...(due !== undefined && { due }),
        }));
    },
  };
}
