// Bodies of operations made from their schemas: such as are taken whole, and such with one place in them that is hostile.

import { resolved, type Schema, type Schemas } from "./attack-values.fixture.ts";

/** Where a value stands in a body. */
export type Path = readonly (string | number)[];

export interface Leaf {
  readonly path: Path;
  readonly schema: Schema;
}

const MAX_DEPTH = 7;

/** A value that a schema takes, with every field that it may have; `choose` picks one of several shapes, `known` says what fields of a name hold. */
export function wholeOf(
  given: Schema | undefined,
  schemas: Schemas,
  { choose, known }: { readonly choose: (count: number) => number; readonly known: (name: string) => unknown },
  at: { readonly name?: string; readonly depth?: number } = {},
): unknown {
  const { name = "", depth = 0 } = at;
  const schema = resolved(given, schemas);
  const held = name === "" ? undefined : known(name);
  if (held !== undefined) return schema.type === "array" && !Array.isArray(held) ? [held] : held;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[choose(schema.enum.length)];
  const choices = schema.anyOf ?? schema.oneOf;
  const within = (part: Schema | undefined, its = name): unknown =>
    wholeOf(part, schemas, { choose, known }, { name: its, depth: depth + 1 });
  if (choices !== undefined) return wholeOf(choices[choose(choices.length)], schemas, { choose, known }, { depth: depth + 1 });
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => within(part, "")));
  if (schema.properties !== undefined || schema.type === "object") {
    const required = new Set(schema.required);
    const fields = Object.entries(schema.properties ?? {}).filter(([field]) => required.has(field) || depth < MAX_DEPTH);
    return Object.fromEntries(fields.map(([field, part]) => [field, within(part, field)]));
  }
  if (schema.type === "array") return depth >= MAX_DEPTH && (schema.minItems ?? 0) === 0 ? [] : [within(schema.items, "")];
  if (schema.type === "boolean") return choose(2) === 1;
  if (schema.type === "number" || schema.type === "integer")
    return Math.min(schema.maximum ?? Number.MAX_SAFE_INTEGER, Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1));
  if (schema.type === "null") return null;
  return "text";
}

/** Every place of a value, itself first. */
export function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => placesIn(part, [...path, Array.isArray(value) ? Number(key) : key]))];
}

/** The value with another at a place. */
export function withAt(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value)) return value.map((part, at) => (at === key ? withAt(part, rest, other) : part));
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [key]: withAt(record[key], rest, other) };
}

export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, key) => (part as Record<string | number, unknown> | undefined)?.[key], value);
}

/** A script that would run where a text is taken for HTML; `marker` tells where it was stored. */
export const scriptOf = (marker: string): string =>
  `"><img src=x onerror="globalThis.__attacked='${marker}'"><script>globalThis.__attacked='${marker}'</script>`;

/** Texts that are no names, dates, addresses or patterns, or mean harm where they are taken for such. */
export const hostileStrings: readonly string[] = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\u202Egnp.exe",
  "\u200B\uFEFF",
  "مرحبا ⁧x⁩ שלום",
  "🏭".repeat(500),
  "x".repeat(100_000),
  "a".repeat(60) + "!",
  "((((((((((a+)+)+)+)+)+)+)+)+)+$",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "../../../../etc/passwd",
  "..\\..\\..\\windows\\win.ini",
  "/etc/passwd",
  "file:///etc/passwd",
  "http://169.254.169.254/latest/meta-data/",
  "javascript:alert(1)",
  "%00%2e%2e%2f",
  "'; DROP TABLE records; --",
  "${7*7}{{7*7}}<%=7*7%>",
  "\r\nset-cookie: a=b",
  '=HYPERLINK("http://evil.example")',
  "NaN",
  "-Infinity",
  "1e999",
  "9007199254740993",
  "2026-13-45T99:99:99Z",
  "live",
  "default",
  scriptOf("text"),
];

/** Numbers and objects as JSON may write them and no value here can be: put into the text of a body as they are. */
const RAW = "@raw:";
const raws = ["1e999", "-1e999", "1E+400", "0.0000000000000000000000000000001", '{"a":1,"a":2}', '{"__proto__":{"polluted":true}}'];

/** The text of a body. */
export function bodyText(body: unknown): string | undefined {
  return JSON.stringify(body)?.replaceAll(/"@raw:(\d+)"/g, (_, at: string) => raws[Number(at)]!);
}

/** What no field takes, or hardly one, by what stands there. */
export const hostileOthers: readonly unknown[] = [
  ...raws.map((_, at) => `${RAW}${at}`),
  null,
  true,
  -1,
  0,
  -0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  [],
  [null],
  [[]],
  {},
  { length: 1e9 },
  { toString: null, valueOf: null },
  Array.from({ length: 20_000 }, (_, n) => n),
  JSON.parse(`${"[".repeat(150)}${"]".repeat(150)}`),
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
];
