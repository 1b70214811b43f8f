import type { CallInput, PlantArgument } from "@doppelwerk/client";

/** `Speed: Double[]` */
export function typeText({ name, dataType, array }: PlantArgument): string {
  return `${name}: ${dataType}${array === true ? "[]" : ""}`;
}

/** What was typed, in the type of the argument; undefined when it is no value of it. A list is separated by commas. */
export function inputOf({ dataType, array }: PlantArgument, text: string): CallInput | undefined {
  const one = (part: string): number | boolean | string | undefined => {
    const trimmed = part.trim();
    if (dataType === "String" || dataType === "LocalizedText") return part;
    if (dataType === "DateTime") return Number.isNaN(Date.parse(trimmed)) ? undefined : new Date(trimmed).toISOString();
    if (dataType === "Boolean")
      return /^(?:true|1|yes|是)$/i.test(trimmed) ? true : /^(?:false|0|no|否)$/i.test(trimmed) ? false : undefined;
    const number = Number(trimmed.replace(/^(-?\d+),(\d+)$/, array === true ? "$&" : "$1.$2"));
    if (trimmed === "" || !Number.isFinite(number)) return undefined;
    return dataType === "Float" || dataType === "Double" || Number.isInteger(number) ? number : undefined;
  };
  if (array !== true) return one(text);
  const parts = text.trim() === "" ? [] : text.split(/[,;，]/).map(one);
  return parts.includes(undefined) ? undefined : (parts as (number | boolean | string)[]);
}
