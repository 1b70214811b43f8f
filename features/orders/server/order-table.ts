import { documentChange, faultsOf, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { MAPPED_FIELDS } from "../model/field-map.ts";
import { OrderFields, REQUEST_STATES, type StoredOrder } from "../model/order-kind.ts";
import { inSequence } from "../model/progress.ts";
import { readTime } from "../model/read-time.ts";
import { materialDefinition, materialDocumentId, MaterialFields } from "../model/resource-kinds.ts";
import { ordersOf, type OrderBook } from "./order-book.ts";
import { materialsOf } from "./resources.ts";

const titleOf = (key: string) => textsOf(message(`orders.field.${key}` as "orders.field.line"));
const column = (key: string, kind: ListColumn["kind"], isRequired?: true): ListColumn => ({
  key,
  title: titleOf(key),
  kind,
  ...(isRequired && { isRequired }),
});

const TIMES = ["plannedStart", "plannedEnd", "due"] as const;
type Read = { readonly fields: OrderFields } | { readonly fault: Message; readonly column: string };

/** Orders, a row each. Operations and materials of an order stay as they are. Times are ISO 8601 with their offset. */
export function orderTable(book: OrderBook, viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "orders",
    title: textsOf(message("orders.title")),
    key: "number",
    columns: [
      { ...column("number", "text", true), title: textsOf(message("orders.number")) },
      column("line", "text", true),
      column("product", "text", true),
      column("quantity", "number", true),
      column("unit", "text"),
      ...TIMES.map((key) => column(key, "text")),
      column("priority", "number"),
      column("customer", "text"),
      { ...column("state", "choice"), choices: [...REQUEST_STATES] },
      column("reason", "text"),
    ],
    async rows(principal, branch) {
      return inSequence(ordersOf(viewOf(principal).documents.reader(branch))).map(rowOf);
    },
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      const known = new Map(ordersOf(view.documents.reader(branch)).map((order) => [order.number, order]));
      for (const [row, values] of rows.entries()) {
        const read = fieldsOf(values, known.get(String(values["number"] ?? "")));
        if ("fault" in read) faults.push({ row, column: read.column, message: read.fault });
        else {
          const before = known.get(read.fields.number);
          if (before !== undefined && isSame(rowOf(before), values)) continue;
          const { change } = book.changeOf(view, branch, read.fields, undefined);
          if (change) changes.push(change);
        }
      }
      return { changes, faults };
    },
  };
}

function rowOf(order: StoredOrder): ListRow {
  const { number, line, product, quantity, unit, priority, customer, state, reason } = order;
  const times = TIMES.flatMap((key) => (order[key] === undefined ? [] : [[key, new Date(order[key] / 1_000).toISOString()] as const]));
  return {
    number,
    line,
    product,
    quantity,
    unit,
    ...Object.fromEntries(times),
    ...(priority !== undefined && { priority }),
    ...(customer !== undefined && { customer }),
    state,
    ...(reason !== undefined && { reason }),
  };
}

const isSame = (before: ListRow, after: ListRow): boolean =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].every((key) => before[key] === after[key]);

function fieldsOf(row: ListRow, before: StoredOrder | undefined): Read {
  const times: Record<string, number> = {};
  for (const key of TIMES) {
    const text = row[key];
    if (text === undefined || text === "") continue;
    const at = readTime(text);
    if (at === undefined) return { column: key, fault: message("orders.fault.field", { field: key, value: String(text).slice(0, 60) }) };
    times[key] = at;
  }
  const kept =
    before === undefined
      ? {}
      : (({ operations, materials, sequence, splitFrom }) => ({ operations, materials, sequence, splitFrom }))(before);
  const given = Object.fromEntries(Object.entries(row).filter(([key, value]) => MAPPED.has(key) && value !== ""));
  const candidate = { ...kept, ...given, ...times };
  const read = OrderFields.safeParse(candidate);
  if (read.success) return { fields: read.data };
  return { column: read.error.issues[0]!.path.join("."), fault: faultsOf(read.error.issues, candidate)[0]! };
}

const MAPPED: ReadonlySet<string> = new Set(MAPPED_FIELDS.filter((field) => !(TIMES as readonly string[]).includes(field)));

/** Materials and products, a row each; what a product is made of stays as it is. */
export function materialTable(viewOf: (principal: Principal) => PlantView): ListTable {
  const material = (key: string, kind: ListColumn["kind"], isRequired?: true): ListColumn => ({
    key,
    title: textsOf(message(`orders.materialField.${key}` as "orders.materialField.material")),
    kind,
    ...(isRequired && { isRequired }),
  });
  return {
    id: "materials",
    title: textsOf(message("orders.materials")),
    key: "material",
    columns: [
      material("material", "text", true),
      material("title", "text", true),
      { ...material("use", "choice", true), choices: ["product", "material"] },
      material("unit", "text"),
      material("line", "text"),
      material("station", "text"),
      material("minimum", "number"),
      material("target", "number"),
    ],
    async rows(principal, branch) {
      return materialsOf(viewOf(principal), branch).map(({ bill: _bill, onHand: _onHand, onHandAt: _at, ...row }) => row as ListRow);
    },
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const reader = view.documents.reader(branch);
      const known = new Map(materialsOf(view, branch).map((each) => [each.material, each]));
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [row, values] of rows.entries()) {
        const before = known.get(String(values["material"] ?? ""));
        const candidate = { ...before, ...values };
        const read = MaterialFields.safeParse(candidate);
        if (!read.success) {
          faults.push({ row, column: read.error.issues[0]!.path.join("."), message: faultsOf(read.error.issues, candidate)[0]! });
          continue;
        }
        const id = materialDocumentId(read.data.material);
        const change = documentChange(materialDefinition, id, reader.get(id), read.data);
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}
