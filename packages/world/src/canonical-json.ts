import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "./error.ts";
import type { Json } from "./record.ts";

/** The one byte form of a JSON value: keys sorted by code unit, absent fields left out, no spaces (after RFC 8785). */
export function canonicalJson(value: Json | undefined): string {
  return textOf(value, 0);
}

/** So deep it is looked whether all below is in order already, and then the machine's own writer does the rest. */
const LOOKED_AT = 3;

function textOf(value: Json | undefined, depth: number): string {
  if (value === undefined || value === null) return "null";
  if (typeof value !== "object" || (depth < LOOKED_AT && isInOrder(value))) return JSON.stringify(value);
  if (isList(value)) {
    let text = "[";
    for (let i = 0; i < value.length; i++) text += (i > 0 ? "," : "") + textOf(value[i], depth + 1);
    return text + "]";
  }
  let text = "{";
  for (const key of sortedKeys(value)) {
    const field = value[key];
    if (field === undefined) continue;
    text += (text.length > 1 ? "," : "") + JSON.stringify(key) + ":" + textOf(field, depth + 1);
  }
  return text + "}";
}

function isInOrder(value: Json | undefined): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (isList(value)) {
    for (const item of value) if (!isInOrder(item)) return false;
    return true;
  }
  let last = "";
  for (const key in value) {
    if (key < last || !isInOrder(value[key])) return false;
    last = key;
  }
  return true;
}

/** Most objects have their keys in order already; looking is cheaper than sorting. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return keys.sort();
  return keys;
}

/** Equal as JSON: order of keys does not count, absent and `undefined` are the same. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isList(a) || isList(b)) {
    if (!isList(a) || !isList(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equalJson(a[i], b[i])) return false;
    return true;
  }
  for (const key in a) if (!equalJson(a[key], b[key])) return false;
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

/**
 * A private copy in plain JSON: what the log can hold. Refuses NaN, infinities, functions, dates, cycles and nesting over 200 levels (DW_INVALID),
 * because they would not survive a replay byte for byte.
 */
export function plainJson(value: unknown, where: string): Json {
  return copyOf(value, where, []);
}

/** `path` is where in the value this is: written out only for what is refused. */
function copyOf(value: unknown, where: string, path: (string | number)[]): Json {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw new DoppelwerkError("DW_INVALID", message("world.numberMustFinite", { where: placeOf(where, path) }));
    return value === 0 ? 0 : value;
  }
  if (path.length > 200) throw new DoppelwerkError("DW_INVALID", message("world.nestedDeeper200Levels", { where: placeOf(where, path) }));
  if (Array.isArray(value)) {
    const copy: Json[] = [];
    for (let i = 0; i < value.length; i++) {
      path.push(i);
      copy.push(copyOf(value[i], where, path));
      path.pop();
    }
    return copy;
  }
  if (typeof value === "object") {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null)
      throw new DoppelwerkError("DW_INVALID", message("world.notPlainJson", { where: placeOf(where, path) }));
    const copy: Record<string, Json> = {};
    const source = value as Readonly<Record<string, unknown>>;
    // In the order of the canonical form, so that sealing and folding find it sorted.
    for (const key of sortedKeys(source)) {
      const field = source[key];
      // An own property of this name would be dropped by ordinary assignment and so differ after a replay.
      if (key === "__proto__")
        throw new DoppelwerkError("DW_INVALID", message("world.fieldMayNotCalledProto", { where: placeOf(where, path) }));
      if (field === undefined) continue;
      path.push(key);
      copy[key] = copyOf(field, where, path);
      path.pop();
    }
    return copy;
  }
  throw new DoppelwerkError("DW_INVALID", message("world.notJson", { value: typeof value, where: placeOf(where, path) }));
}

function placeOf(where: string, path: readonly (string | number)[]): string {
  return where + path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
