import { VALUE_TYPES, type ValueType } from "../value-type.ts";

const BY_LOWER = new Map<string, ValueType>(VALUE_TYPES.map((type) => [type.slice(3).toLowerCase(), type]));

/** Types of releases 1 and 2 that XML Schema 1.0 does not have, and spellings that files on the market use. */
const OTHERS: ReadonlyMap<string, ValueType> = new Map([
  ["langstring", "xs:string"],
  ["normalizedstring", "xs:string"],
  ["token", "xs:string"],
  ["name", "xs:string"],
  ["ncname", "xs:string"],
  ["qname", "xs:string"],
  ["datetimestamp", "xs:dateTime"],
  ["daytimeduration", "xs:duration"],
  ["yearmonthduration", "xs:duration"],
  ["text", "xs:string"],
  ["anytype", "xs:string"],
  ["anysimpletype", "xs:string"],
  ["anyatomictype", "xs:string"],
  ["bool", "xs:boolean"],
  ["uri", "xs:anyURI"],
  ["bytearray", "xs:base64Binary"],
  ["int64", "xs:long"],
  ["int32", "xs:int"],
  ["int16", "xs:short"],
  ["real", "xs:double"],
  ["number", "xs:double"],
]);

/** The type of XML Schema that a name means: `string`, `xsd:int`, `rdf:langString`, `Integer`; undefined when it means none. */
export function valueTypeOf(name: string): ValueType | undefined {
  const lower = name
    .trim()
    .replace(/^.*[:#/]/, "")
    .toLowerCase();
  return BY_LOWER.get(lower) ?? OTHERS.get(lower);
}
