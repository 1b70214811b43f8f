import type { BlendAnswer, BlendRequest } from "@doppelwerk/client";
import { readElements, type ElementReader } from "@doppelwerk/kit";
import {
  firstOperations,
  indexSchedule,
  timePlan,
  type LineOrder,
  type SchedulePlan,
  type ScheduleProblem,
} from "@doppelwerk/sim/optimise";
import { SECOND } from "@doppelwerk/world";
import type { Instant, RecordReader, SubmodelRecord } from "@doppelwerk/world";
import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { collection, list, property, submodelOf } from "./documents.ts";

export const PRODUCTION_ORDERS = "urn:doppelwerk:submodel:production-orders:1:0";
export const CHARGE = "urn:doppelwerk:submodel:charge:1:0";

/** Orders of the first submodel `ProductionOrders` of a branch, and the job shop that their operations make, where they have any. */
export function readOrders(reader: RecordReader): { readonly orders: readonly LineOrder[]; readonly shop?: ScheduleProblem } | undefined {
  const elements = elementsWith(reader, PRODUCTION_ORDERS);
  if (!elements) return undefined;
  const root = elements.submodel.id;
  const items = elements.items(root, "Orders");
  const orders = items.flatMap((item): LineOrder[] => {
    const [id, product, quantity] = [elements.text(item.id, "Id"), elements.text(item.id, "Product"), elements.number(item.id, "Quantity")];
    if (id === undefined || product === undefined) return [];
    const due = Date.parse(elements.text(item.id, "Due") ?? "") * 1_000;
    return [{ id, product, quantity: Math.max(1, Math.round(quantity ?? 1)), ...(Number.isFinite(due) ? { due } : {}) }];
  });
  const shop = shopOf(
    elements,
    items.map(({ id }) => id),
  );
  return { orders, ...(shop ? { shop } : {}) };
}

/** `Machines` of an operation: "M1 40, M2 50": names and times, in the unit of the list. */
function shopOf(elements: ElementReader, items: readonly string[]): ScheduleProblem | undefined {
  const names: string[] = [];
  const machineOf = (name: string): number => {
    const at = names.indexOf(name);
    return at >= 0 ? at : names.push(name) - 1;
  };
  const jobs = items.flatMap((item) => {
    const id = elements.text(item, "Id");
    const operations = elements.items(item, "Operations").flatMap((operation) => {
      const choices = (elements.text(operation.id, "Machines") ?? "").split(",").flatMap((choice) => {
        const match = /^\s*(.+?)\s+(\d+)\s*$/.exec(choice);
        return match ? [{ machine: machineOf(match[1]!), time: Number(match[2]) }] : [];
      });
      return choices.length > 0 ? [{ choices }] : [];
    });
    if (id === undefined || operations.length === 0) return [];
    const due = elements.number(item, "DueAfter");
    return [{ id, label: id, operations, ...(due === undefined ? {} : { due: Math.round(due) }) }];
  });
  if (jobs.length === 0) return undefined;
  const unit = elements.text(elements.submodel.id, "Unit") === "1" ? ("1" as const) : ("s" as const);
  return {
    format: "doppelwerk-schedule/1",
    title: "ProductionOrders",
    unit,
    machines: names.map((name) => ({ id: name, label: name })),
    jobs,
  };
}

/** Ids of the jobs of a plan in the sequence in which they begin. */
export function inSequence(problem: ScheduleProblem, plan: SchedulePlan): readonly string[] {
  const planned = timePlan(indexSchedule(problem), plan)!;
  const first = firstOperations(problem);
  const beginOf = (job: number): number => planned[first[job]!]!.start;
  return problem.jobs
    .map((_, job) => job)
    .toSorted((x, y) => beginOf(x) - beginOf(y) || x - y)
    .map((job) => problem.jobs[job]!.id);
}

/** A plan as a submodel: orders in the sequence in which they begin, each with its planned times; operations with machine and times where it is a job shop. */
export function ordersSubmodel(
  id: string,
  problem: ScheduleProblem,
  plan: SchedulePlan,
  start: Instant,
  orders: readonly LineOrder[] | undefined,
): Submodel {
  const planned = timePlan(indexSchedule(problem), plan)!;
  const first = firstOperations(problem);
  const at = (seconds: number): string | number =>
    problem.unit === "s" ? new Date((start + seconds * SECOND) / 1_000).toISOString() : seconds;
  const time = (idShort: string, seconds: number): SubmodelElement =>
    property(idShort, at(seconds), problem.unit === "s" ? "xs:dateTime" : "xs:double");
  const beginOf = (job: number): number => planned[first[job]!]!.start;
  const sequence = problem.jobs.map((_, job) => job).sort((x, y) => beginOf(x) - beginOf(y) || x - y);
  return submodelOf(id, "ProductionOrders", PRODUCTION_ORDERS, [
    property("Unit", problem.unit),
    list(
      "Orders",
      sequence.map((job, place) => {
        const { id: name, due, operations } = problem.jobs[job]!;
        const order = orders?.find((one) => one.id === name);
        return collection([
          property("Id", name),
          property("Sequence", place + 1, "xs:int"),
          ...(order ? [property("Product", order.product), property("Quantity", order.quantity, "xs:int")] : []),
          ...(order?.due === undefined
            ? due === undefined
              ? []
              : [property("DueAfter", due)]
            : [property("Due", new Date(order.due / 1_000).toISOString(), "xs:dateTime")]),
          time("PlannedStart", beginOf(job)),
          time("PlannedEnd", planned[first[job + 1]! - 1]!.end),
          ...(order
            ? []
            : [
                list(
                  "Operations",
                  operations.map(({ choices }, k) => {
                    const one = planned[first[job]! + k]!;
                    return collection([
                      property("Machines", choices.map(({ machine, time: own }) => `${problem.machines[machine]!.id} ${own}`).join(", ")),
                      property("PlannedMachine", problem.machines[one.machine]!.id),
                      time("PlannedStart", one.start),
                      time("PlannedEnd", one.end),
                    ]);
                  }),
                ),
              ]),
        ]);
      }),
    ),
  ]);
}

/** The first charge of a branch. */
export function readCharge(reader: RecordReader): BlendRequest | undefined {
  const elements = elementsWith(reader, CHARGE);
  if (!elements) return undefined;
  const root = elements.submodel.id;
  const numbers = (item: string, names: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(names).flatMap(([field, idShort]) => {
        const value = elements.number(item, idShort);
        return value === undefined ? [] : [[field, value]];
      }),
    );
  return {
    productKg: elements.number(root, "ProductMass") ?? 1_000,
    materials: elements.items(root, "Materials").map(({ id }) => ({
      name: elements.text(id, "Name") ?? "?",
      costPerKg: elements.number(id, "CostPerKg") ?? 0,
      ...numbers(id, { availableKg: "Available", yield: "Yield", pieceKg: "Piece" }),
      content: Object.fromEntries(
        elements.items(id, "Content").flatMap((part) => {
          const element = elements.text(part.id, "Element");
          const share = elements.number(part.id, "Share");
          return element === undefined || share === undefined ? [] : [[element, share]];
        }),
      ),
    })),
    limits: elements
      .items(root, "Limits")
      .map(({ id }) => ({ element: elements.text(id, "Element") ?? "?", ...numbers(id, { low: "Low", high: "High" }) })),
  };
}

export function chargeSubmodel(id: string, request: BlendRequest, answer: BlendAnswer): Submodel {
  const optional = (idShort: string, value: number | undefined): SubmodelElement[] =>
    value === undefined ? [] : [property(idShort, value)];
  return submodelOf(id, "Charge", CHARGE, [
    property("ProductMass", request.productKg),
    ...optional("PlannedCost", answer.cost),
    list(
      "Materials",
      request.materials.map((material, j) =>
        collection([
          property("Name", material.name),
          property("CostPerKg", material.costPerKg),
          ...optional("Available", material.availableKg),
          ...optional("Yield", material.yield),
          ...optional("Piece", material.pieceKg),
          ...optional("PlannedMass", answer.masses?.[j]?.kg),
          list(
            "Content",
            Object.entries(material.content).map(([element, share]) =>
              collection([property("Element", element), property("Share", share)]),
            ),
          ),
        ]),
      ),
    ),
    list(
      "Limits",
      request.limits.map(({ element, low, high }) =>
        collection([property("Element", element), ...optional("Low", low), ...optional("High", high)]),
      ),
    ),
  ]);
}

function elementsWith(reader: RecordReader, semantic: string): ElementReader | undefined {
  const [submodel] = reader.query({ kind: "submodel", index: { name: "semanticId", value: semantic } }) as readonly SubmodelRecord[];
  return submodel && readElements(reader, submodel);
}
