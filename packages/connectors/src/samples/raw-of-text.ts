import type { ValueType } from "@doppelwerk/world";
import type { RawValue } from "./accept-value.ts";

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TRUE = /^(?:true|on|yes)$/i;
const FALSE = /^(?:false|off|no)$/i;

/** What a text says for a signal of this type. Blank text says nothing; a text that does not fit stays a text, and becomes a fault later. */
export function rawOfText(text: string, valueType: ValueType): RawValue {
  if (valueType === "string") return text;
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (NUMBER.test(trimmed)) return Number(trimmed);
  if (valueType === "boolean" && TRUE.test(trimmed)) return true;
  if (valueType === "boolean" && FALSE.test(trimmed)) return false;
  return trimmed;
}

/** A text as the scalar it looks like, for proposals. */
export function scalarOfText(text: string): number | boolean | string {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return Number(trimmed);
  if (/^true$/i.test(trimmed)) return true;
  return /^false$/i.test(trimmed) ? false : text;
}
