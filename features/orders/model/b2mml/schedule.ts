import type { Instant } from "@doppelwerk/kit";
import type { OrderFields, RequestState } from "../order-kind.ts";
import { OrderMessage } from "../order-message.ts";
import { readTime } from "../read-time.ts";
import { all, first, textAt, type Content, type Tree } from "./tree.ts";

/** RequestState of B2MML 7 for what an order may be requested to be. */
const STATES: Readonly<Record<RequestState, string>> = {
  forecast: "Forecast",
  released: "Released",
  held: "Held",
  cancelled: "Cancelled",
  closed: "Closed",
};
const STATE_OF: Readonly<Record<string, RequestState>> = {
  forecast: "forecast",
  released: "released",
  waiting: "released",
  ready: "released",
  running: "released",
  held: "held",
  suspended: "held",
  cancelled: "cancelled",
  aborted: "cancelled",
  completed: "closed",
  closed: "closed",
};

export interface ScheduleFacts {
  readonly id: string;
  readonly publishedAt: Instant;
}

export const isoTime = (at: Instant): string => new Date(at / 1_000).toISOString();
export const quantityOf = (quantity: number, unit: string): Tree => ({ QuantityString: String(quantity), UnitOfMeasure: unit });
export const scopeOf = (line: string): Tree => ({ EquipmentID: line, EquipmentLevel: "ProductionLine" });

/** Orders as an OperationsSchedule: a request each, with one segment. */
export function scheduleOf({ id, publishedAt }: ScheduleFacts, orders: readonly OrderFields[]): Tree {
  return {
    ID: id,
    PublishedDate: isoTime(publishedAt),
    OperationsType: "Production",
    OperationsRequest: orders.map(requestOf),
  };
}

function requestOf(order: OrderFields): Tree {
  const { number, line, product, quantity, unit, plannedStart, plannedEnd, due, priority, customer, state, reason, operations, materials } =
    order;
  return {
    ID: number,
    ...(customer !== undefined && customer !== "" && { Description: customer }),
    ...(plannedStart !== undefined && { StartTime: isoTime(plannedStart) }),
    ...(plannedEnd !== undefined && { EndTime: isoTime(plannedEnd) }),
    HierarchyScope: scopeOf(line),
    OperationsType: "Production",
    ...(priority !== undefined && { Priority: String(priority) }),
    RequestState: STATES[state],
    SegmentRequirement: [
      {
        ID: number,
        ...(plannedStart !== undefined && { EarliestStartTime: isoTime(plannedStart) }),
        ...(due !== undefined && { LatestEndTime: isoTime(due) }),
        ProcessSegmentID: product,
        OperationsDefinitionID: product,
        OperationsSegmentID: product,
        ...(reason !== undefined && reason !== "" && { SegmentParameter: [{ ID: "Reason", Value: { ValueString: reason } }] }),
        EquipmentRequirement: [{ ID: line, EquipmentID: line }],
        MaterialRequirement: [
          { ID: product, MaterialDefinitionID: product, MaterialUse: "Produced", Quantity: quantityOf(quantity, unit) },
          ...materials.map((each) => ({
            ID: each.material,
            MaterialDefinitionID: each.material,
            MaterialUse: "Consumed",
            ...((each.quantity ?? each.perPiece) !== undefined && {
              Quantity: quantityOf(each.quantity ?? each.perPiece! * quantity, each.unit ?? "PCE"),
            }),
          })),
        ],
        SegmentRequirementChild: operations.map((each) => operationOf(each, number, product)),
      },
    ],
  };
}

function operationOf(each: OrderFields["operations"][number], number: string, product: string): Tree {
  return {
    ID: `${number}/${each.operation}`,
    ...(each.text !== undefined && each.text !== "" && { Description: each.text }),
    ProcessSegmentID: each.operation,
    ...(each.pieceS !== undefined && { Duration: `PT${each.pieceS}S` }),
    OperationsDefinitionID: product,
    OperationsSegmentID: each.operation,
    ...(each.station !== undefined && { EquipmentRequirement: [{ ID: each.station, EquipmentID: each.station }] }),
  };
}

type Read = { readonly where: string; readonly message: OrderMessage } | { readonly where: string; readonly missing: string };

/** Requests of an OperationsSchedule as messages; of one that lacks something what that is. `verb` of the message that it came in. */
export function messagesOfSchedule(content: Content, verb: string | undefined): readonly Read[] {
  const published = time(content, "PublishedDate");
  return all(content, "OperationsRequest").map((request, index) => messageOf(request, index, published, verb));
}

function messageOf(request: Content, index: number, published: Instant | undefined, verb: string | undefined): Read {
  const number = textAt(request, "ID");
  const where = number ?? `OperationsRequest ${index + 1}`;
  if (number === undefined) return { where, missing: "ID" };
  const segment = first(request, "SegmentRequirement");
  const materials = all(segment, "MaterialRequirement");
  const made = materials.find((each) => isUse(each, "produced"));
  const product =
    textAt(made, "MaterialDefinitionID") ?? textAt(segment, "OperationsDefinitionID") ?? textAt(request, "OperationsDefinitionID");
  const amount = Number(textAt(made, "Quantity", "QuantityString"));
  const state = STATE_OF[(textAt(request, "RequestState") ?? "").toLowerCase()];
  const candidate = {
    kind: verb === "Cancel" || state === "cancelled" ? "cancel" : state === "closed" ? "close" : state === "held" ? "hold" : "store",
    ...(published !== undefined && { at: published }),
    number,
    line: textAt(request, "HierarchyScope", "EquipmentID") ?? textAt(segment, "EquipmentRequirement", "EquipmentID"),
    product,
    ...(Number.isFinite(amount) && { quantity: amount }),
    unit: textAt(made, "Quantity", "UnitOfMeasure"),
    plannedStart: time(request, "StartTime"),
    plannedEnd: time(request, "EndTime"),
    due: time(segment, "LatestEndTime"),
    priority: whole(textAt(request, "Priority")),
    customer: textAt(request, "Description"),
    reason: parameterOf(segment, "Reason"),
    state,
    operations: all(segment, "SegmentRequirementChild").flatMap(readOperation),
    materials: materials.filter((each) => isUse(each, "consumed")).flatMap(readMaterial),
  };
  const read = OrderMessage.safeParse(candidate);
  if (read.success) return { where, message: read.data };
  return { where, missing: read.error.issues[0]!.path.join(".") };
}

const isUse = (material: Content, use: "produced" | "consumed"): boolean =>
  (textAt(material, "MaterialUse") ?? "").toLowerCase().includes(use);

function parameterOf(segment: Content | undefined, id: string): string | undefined {
  return textAt(
    all(segment, "SegmentParameter").find((each) => textAt(each, "ID") === id),
    "Value",
    "ValueString",
  );
}

function readOperation(child: Content) {
  const operation = textAt(child, "ProcessSegmentID") ?? textAt(child, "ID");
  const station = textAt(child, "EquipmentRequirement", "EquipmentID");
  const text = textAt(child, "Description");
  const pieceS = secondsOf(textAt(child, "Duration"));
  return operation === undefined
    ? []
    : [{ operation, ...(station && { station }), ...(text && { text }), ...(pieceS !== undefined && { pieceS }) }];
}

function readMaterial(each: Content) {
  const material = textAt(each, "MaterialDefinitionID");
  const quantity = Number(textAt(each, "Quantity", "QuantityString"));
  const unit = textAt(each, "Quantity", "UnitOfMeasure");
  return material === undefined ? [] : [{ material, ...(Number.isFinite(quantity) && { quantity }), ...(unit && { unit }) }];
}

const time = (content: Content | undefined, name: string): Instant | undefined => readTime(textAt(content, name));

function whole(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) ? value : undefined;
}

/** A duration of XML Schema without years and months, whose length is not known. */
export function secondsOf(text: string | undefined): number | undefined {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text ?? "");
  if (found === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
