import type { Instant } from "@doppelwerk/kit";
import type { OrderFields } from "../order-kind.ts";
import type { Progress } from "../progress.ts";
import { readTime } from "../read-time.ts";
import { isoTime, quantityOf, scopeOf, type ScheduleFacts } from "./schedule.ts";
import { all, first, textAt, type Content, type Tree } from "./tree.ts";

/** ResponseState of B2MML 7. */
const STATES: Readonly<Record<Progress["state"], string>> = {
  forecast: "Waiting",
  waiting: "Waiting",
  running: "Running",
  completed: "Completed",
  held: "Held",
  cancelled: "Aborted",
  aborted: "Aborted",
  closed: "Closed",
};

export interface MadeOrder {
  readonly fields: OrderFields;
  readonly state: Progress["state"];
  readonly made: Pick<Progress, "good" | "missing" | "startedAt" | "lastAt">;
}

/** What was made of orders as an OperationsPerformance: a response each, to the request of its number. */
export function performanceOf({ id, publishedAt }: ScheduleFacts, orders: readonly MadeOrder[]): Tree {
  return { ID: id, PublishedDate: isoTime(publishedAt), OperationsType: "Production", OperationsResponse: orders.map(responseOf) };
}

function responseOf({ fields: { number, line, product, unit }, state, made: { good, missing, startedAt, lastAt } }: MadeOrder): Tree {
  const isOver = state === "completed" || state === "closed" || state === "aborted";
  return {
    ID: number,
    ...(startedAt !== undefined && { StartTime: isoTime(startedAt) }),
    ...(isOver && lastAt !== undefined && { EndTime: isoTime(lastAt) }),
    HierarchyScope: scopeOf(line),
    OperationsType: "Production",
    OperationsRequestID: number,
    OperationsDefinitionID: product,
    ResponseState: STATES[state],
    SegmentResponse: [
      {
        ID: number,
        ...(startedAt !== undefined && { ActualStartTime: isoTime(startedAt) }),
        ...(isOver && lastAt !== undefined && { ActualEndTime: isoTime(lastAt) }),
        ProcessSegmentID: product,
        SegmentRequirementID: number,
        MaterialActual: [
          { ID: product, MaterialDefinitionID: product, MaterialUse: "Produced", Quantity: quantityOf(good, unit) },
          ...(missing === undefined || missing === 0
            ? []
            : [
                {
                  ID: `${product} not good`,
                  MaterialDefinitionID: product,
                  MaterialUse: "By-product Produced",
                  Quantity: quantityOf(missing, unit),
                },
              ]),
        ],
      },
    ],
  };
}

/** What somebody reports of an order. */
export interface ReportedOrder {
  readonly number: string;
  readonly state?: string;
  readonly product?: string;
  readonly good?: number;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
}

export function reportsOf(content: Content): readonly ReportedOrder[] {
  return all(content, "OperationsResponse").flatMap((response) => {
    const number = textAt(response, "OperationsRequestID") ?? textAt(response, "ID");
    if (number === undefined) return [];
    const segment = first(response, "SegmentResponse");
    const made = all(segment, "MaterialActual").find((each) => textAt(each, "MaterialUse") === "Produced");
    const good = Number(textAt(made, "Quantity", "QuantityString"));
    const [state, product] = [textAt(response, "ResponseState"), textAt(made, "MaterialDefinitionID")];
    const [startedAt, endedAt] = ["StartTime", "EndTime"].map((name) => readTime(textAt(response, name)));
    return [
      {
        number,
        ...(state !== undefined && { state }),
        ...(product !== undefined && { product }),
        ...(Number.isFinite(good) && { good }),
        ...(startedAt !== undefined && { startedAt }),
        ...(endedAt !== undefined && { endedAt }),
      },
    ];
  });
}
