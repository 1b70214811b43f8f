import { faultsOf, message, z, type Message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import { MESSAGE_KINDS, OrderMessage, type MessageKind } from "./order-message.ts";
import { readTime } from "./read-time.ts";

/** Fields of a message that a source may have under another name. */
export const MAPPED_FIELDS = [
  "message",
  "at",
  "kind",
  "reason",
  "number",
  "line",
  "product",
  "quantity",
  "unit",
  "plannedStart",
  "plannedEnd",
  "due",
  "priority",
  "customer",
  "state",
  "operations",
  "materials",
] as const;
export type MappedField = (typeof MAPPED_FIELDS)[number];

/** Where a source has each field: a column, or in JSON a pointer of RFC 6901 (`/order/quantity`). */
export const FieldMap = z.partialRecord(z.enum(MAPPED_FIELDS), z.string().min(1).max(200));
export type FieldMap = z.output<typeof FieldMap>;

/** Names under which fields are looked for where nothing else is said, the first that is there. */
const USUAL: Readonly<Record<MappedField, readonly string[]>> = {
  message: ["message"],
  at: ["at", "time"],
  kind: ["kind"],
  reason: ["reason"],
  number: ["number", "order"],
  line: ["line", "work_centre"],
  product: ["product", "material"],
  quantity: ["quantity"],
  unit: ["unit"],
  plannedStart: ["plannedStart", "planned_start"],
  plannedEnd: ["plannedEnd", "planned_end"],
  due: ["due"],
  priority: ["priority"],
  customer: ["customer"],
  state: ["state", "status"],
  operations: ["operations"],
  materials: ["materials"],
};

const NUMBERS: ReadonlySet<MappedField> = new Set(["quantity", "priority"]);
const TIMES: ReadonlySet<MappedField> = new Set(["at", "plannedStart", "plannedEnd", "due"]);

type Read = { readonly message: OrderMessage } | { readonly fault: Message };

/** One row or JSON object of a source as a message; what is wrong with it is named. */
export function readMessage(row: unknown, map: FieldMap): Read {
  const found: Record<string, unknown> = {};
  for (const field of MAPPED_FIELDS) {
    const raw = valueAt(row, map[field], USUAL[field]);
    if (raw === undefined || raw === null || raw === "") continue;
    const value = NUMBERS.has(field) ? numberOf(raw) : TIMES.has(field) ? readTime(raw) : field === "kind" ? kindOf(raw) : textual(raw);
    if (value === undefined)
      return { fault: message("orders.fault.field", { field, value: String(typeof raw === "object" ? "{…}" : raw).slice(0, 60) }) };
    found[field] = value;
  }
  found["kind"] ??= "store";
  const lists = { operations: withTextOperations(found["operations"]) };
  const candidate = { ...found, ...(lists.operations !== undefined && lists) };
  const read = OrderMessage.safeParse(candidate);
  return read.success ? { message: read.data } : { fault: faultsOf(read.error.issues, candidate)[0]! };
}

function valueAt(row: unknown, given: string | undefined, usual: readonly string[]): unknown {
  if (given !== undefined) return given.startsWith("/") ? pointed(row, given) : own(row, given);
  for (const name of usual) {
    const value = own(row, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function own(row: unknown, name: string): unknown {
  return typeof row === "object" && row !== null && Object.hasOwn(row, name) ? (row as Readonly<Record<string, unknown>>)[name] : undefined;
}

function pointed(row: unknown, pointer: string): unknown {
  let value: unknown = row;
  for (const part of pointer.slice(1).split("/")) value = own(value, part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return value;
}

function numberOf(raw: unknown): number | undefined {
  if (typeof raw === "number") return raw;
  if (typeof raw !== "string") return undefined;
  const text = raw.trim();
  // a decimal comma is one; a comma among digits of thousands is not guessed
  const plain = /^-?\d+,\d+$/.test(text) ? text.replace(",", ".") : text;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

const KINDS: Readonly<Record<string, MessageKind>> = {
  ...Object.fromEntries(MESSAGE_KINDS.map((kind) => [kind, kind])),
  new: "create",
  update: "change",
  delete: "cancel",
  complete: "close",
};

function kindOf(raw: unknown): MessageKind | undefined {
  return typeof raw === "string" ? KINDS[raw.trim().toLowerCase()] : undefined;
}

function textual(raw: unknown): unknown {
  return typeof raw === "string" ? raw.trim() : typeof raw === "number" || typeof raw === "boolean" ? String(raw) : raw;
}

/** Numbers of operations are texts here, 10 of some systems a number. */
function withTextOperations(given: unknown): unknown {
  if (!Array.isArray(given)) return undefined;
  return given.map((each: unknown) =>
    typeof each === "object" && each !== null && "operation" in each ? { ...each, operation: String(each.operation) } : each,
  );
}
