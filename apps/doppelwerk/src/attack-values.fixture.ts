// Values for the fields of an operation, from the schemas that /openapi.json publishes: such as it takes, and such as it must refuse.

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

export type Schemas = Readonly<Record<string, Schema>>;

/** A value that fits, as small as it may be; `known` says what fields of a name hold. */
export function sampleOf(given: Schema | undefined, known: (name: string) => unknown, schemas: Schemas, name = ""): unknown {
  const schema = resolved(given, schemas);
  const value = known(name);
  if (value !== undefined) return isArray(schema) && !Array.isArray(value) ? [value] : value;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choice !== undefined) return sampleOf(choice[0], known, schemas, name);
  if (schema.properties !== undefined || schema.type === "object") return objectOf(schema, known, schemas);
  if (isArray(schema)) return (schema.minItems ?? 0) > 0 ? [sampleOf(schema.items, known, schemas, name)] : [];
  if (schema.type === "boolean") return true;
  if (schema.type === "number" || schema.type === "integer") return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1);
  return "x";
}

function objectOf(schema: Schema, known: (name: string) => unknown, schemas: Schemas): Record<string, unknown> {
  const required = new Set(schema.required);
  const entries = Object.entries(schema.properties ?? {}).filter(([name]) => required.has(name) || known(name) !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [name, sampleOf(part, known, schemas, name)]));
}

export function resolved(schema: Schema | undefined, schemas: Schemas): Schema {
  const name = schema?.$ref?.split("/").at(-1);
  return name === undefined ? (schema ?? {}) : resolved(schemas[name], schemas);
}

const isArray = ({ type }: Schema): boolean => type === "array";

/** Numbers from 0 to 1 by a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const deep = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);

/** What no field takes, or hardly one. */
export const hostileValues: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  1.5,
  Number.MAX_SAFE_INTEGER,
  "",
  " ",
  "x".repeat(100_000),
  "\u0000",
  "\ud800",
  "\udfff\ud800",
  "__proto__",
  "constructor",
  "toString",
  "../../../../etc/passwd",
  "..%2f..%2f..%2fetc%2fpasswd",
  "file:///etc/passwd",
  "/etc/passwd\u0000.json",
  "'; DROP TABLE records; --",
  "NaN",
  "1e999",
  "live",
  [],
  [null],
  {},
  { length: 1e9 },
  { toString: null },
  deep(100),
];

/** The same in the text of a query or path. */
export const hostileTexts: readonly string[] = [
  ...hostileValues.filter((value) => typeof value === "string").map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 12_000)),
  "%ED%A0%80",
  "%ff",
  "%00",
  "%",
  "..%2f..%2fetc%2fpasswd",
  "%2e%2e%2f%2e%2e%2f",
  "-1",
  "1e400",
  "[object%20Object]",
];

/** Whole bodies, as text. */
export const hostileBodies: readonly string[] = [
  "",
  "{",
  "null",
  "[]",
  '"text"',
  "1",
  '{"__proto__":{"roles":["administrator"]}}',
  '{"constructor":{"prototype":{"roles":["administrator"]}}}',
  `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  `${'{"a":'.repeat(150)}1${"}".repeat(150)}`,
  '{"a":"\\ud800"}',
  "\ufeff{}",
];
