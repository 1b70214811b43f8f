import { message, type Message } from "@doppelwerk/messages";
import { TABLES, TYPES, type ModbusSettings, type RegisterLine } from "./settings.ts";

export type Table = (typeof TABLES)[number];
export type RegisterType = (typeof TYPES)[number];

export interface RegisterAddress {
  readonly unitId: number;
  readonly table: Table;
  /** On the wire, from 0. */
  readonly address: number;
  readonly type: RegisterType;
  readonly bit?: number;
  /** Registers (or bits) from `address` on. */
  readonly length: number;
  readonly wordOrder: "big" | "little";
  readonly byteOrder: "big" | "little";
}

const WIDTH: Readonly<Record<RegisterType, number>> = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  int64: 4,
  uint64: 4,
  float32: 2,
  float64: 4,
  string: 0,
};

/**
 * `unit/table/address/type` with `?bit=3&length=8&word=little&byte=little`, for example `1/holding/100/float32?word=little`.
 * Defaults come from the settings. A message = what is wrong.
 */
export function parseRegisterAddress(text: string, settings: Pick<ModbusSettings, "wordOrder" | "byteOrder">): RegisterAddress | Message {
  const [path = "", query = ""] = text.split("?");
  const match = /^(\d{1,3})\/([a-z]+)\/(\d{1,5})\/([a-z0-9]+)$/.exec(path);
  if (match === null) return message("connectors.addressNotModbus");
  const unitId = Number(match[1]);
  const table = match[2] as Table;
  const address = Number(match[3]);
  const type = match[4] as RegisterType;
  if (unitId > 255) return message("connectors.unitOutOfRange");
  if (!TABLES.includes(table)) return message("connectors.tableUnknown", { tables: TABLES.join(", "), table });
  if (!TYPES.includes(type)) return message("connectors.typeUnknown", { types: TYPES.join(", "), type });
  const options = new URLSearchParams(query);
  const bits = table === "coil" || table === "discrete";
  if (bits && type !== "bool") return message("connectors.tableOfBits", { table });
  const bit = options.has("bit") ? Number(options.get("bit")) : undefined;
  if (bit !== undefined && (bits || type !== "bool" || !Number.isInteger(bit) || bit < 0 || bit > 15))
    return message("connectors.bitOutOfRange");
  const length = type === "string" ? Number(options.get("length") ?? Number.NaN) : WIDTH[type];
  if (!Number.isInteger(length) || length < 1 || length > 125) return message("connectors.registerTextLength");
  if (address + length > 65_536) return message("connectors.valueBeyondLastAddress");
  const wordOrder = orderOf(options.get("word"), settings.wordOrder);
  const byteOrder = orderOf(options.get("byte"), settings.byteOrder);
  if (wordOrder === undefined || byteOrder === undefined) return message("connectors.byteOrderUnknown");
  return { unitId, table, address, type, ...(bit === undefined ? {} : { bit }), length, wordOrder, byteOrder };
}

function orderOf(text: string | null, otherwise: "big" | "little"): "big" | "little" | undefined {
  if (text === null) return otherwise;
  return text === "big" || text === "little" ? text : undefined;
}

export function formatRegisterAddress(line: RegisterLine, settings: ModbusSettings): string {
  const options = new URLSearchParams();
  if (line.bit !== undefined) options.set("bit", String(line.bit));
  if (line.length !== undefined) options.set("length", String(line.length));
  if (line.wordOrder !== undefined) options.set("word", line.wordOrder);
  if (line.byteOrder !== undefined) options.set("byte", line.byteOrder);
  const query = options.size === 0 ? "" : `?${options.toString()}`;
  return `${line.unitId ?? settings.unitId}/${line.table}/${line.address}/${line.type}${query}`;
}
