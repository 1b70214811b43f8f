import type { Finding } from "@doppelwerk/aas";

/** What a JSON value must look like, with words for whoever writes it: checks, JSON Schema and tables of the guide come from one table. */
export type JsonShape =
  | {
      readonly is: "number";
      readonly doc: string;
      readonly min?: number;
      readonly above?: number;
      readonly max?: number;
      readonly whole?: boolean;
    }
  | { readonly is: "text"; readonly doc: string; readonly pattern?: string }
  | { readonly is: "flag"; readonly doc: string }
  | { readonly is: "oneOf"; readonly doc: string; readonly values: readonly string[] }
  | { readonly is: "list"; readonly doc: string; readonly of: JsonShape; readonly least?: number; readonly most?: number }
  | { readonly is: "record"; readonly doc: string; readonly of: JsonShape }
  | { readonly is: "object"; readonly doc: string; readonly fields: JsonFields }
  /** Objects told apart by the field `by`. */
  | {
      readonly is: "kinds";
      readonly doc: string;
      readonly name: string;
      readonly by: string;
      readonly kinds: Readonly<Record<string, JsonFields>>;
    }
  /** One of several; `pick` names the one meant, by what the value is. */
  | { readonly is: "either"; readonly doc: string; readonly of: readonly JsonShape[]; pick(value: unknown): JsonShape | undefined }
  /** A shape defined elsewhere, so that shapes can nest. */
  | { readonly is: "named"; readonly doc: string; readonly name: string };

/** A field whose name ends in "?" may be absent. */
export type JsonFields = Readonly<Record<string, JsonShape>>;
export type NamedShapes = Readonly<Record<string, JsonShape>>;

const MAX_FINDINGS = 100;

/** Findings of a value that is not of a shape; stops after a hundred. `faults` tells by name of shape what a well-shaped value lacks. */
export function jsonFindings(
  value: unknown,
  shape: JsonShape,
  named: NamedShapes,
  faults: Readonly<Record<string, (value: never) => string | undefined>> = {},
): Finding[] {
  const findings: Finding[] = [];
  check(value, shape, "", { named, faults, findings, depth: 0 });
  return findings;
}

/** JSON Schema 2020-12 of a shape. */
export function jsonSchemaOf(shape: JsonShape, named: NamedShapes, title: string): Readonly<Record<string, unknown>> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    ...(schemaOf(shape) as object),
    $defs: Object.fromEntries(Object.entries(named).map(([name, inner]) => [name, schemaOf(inner)])),
  };
}

/** The known word that was probably meant: at most a third of its letters away, or the same but for case, "-" and "_". */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const short = word.slice(0, 60);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of known) {
    const a = plain(short);
    const b = plain(candidate);
    const near = a === b ? 0 : a.length > 2 && (b.startsWith(a) || a.startsWith(b)) ? 1 : editDistance(a, b);
    if (near < bestDistance && near <= Math.max(1, Math.floor(Math.max(a.length, b.length) / 3))) {
      best = candidate;
      bestDistance = near;
    }
  }
  return best;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, "");
}

export function quoted(word: string): string {
  return JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word);
}

interface Check {
  readonly named: NamedShapes;
  readonly faults: Readonly<Record<string, (value: never) => string | undefined>>;
  readonly findings: Finding[];
  readonly depth: number;
}

function check(value: unknown, shape: JsonShape, path: string, state: Check): void {
  const { findings } = state;
  const fail = (constraint: string, message: string): void => {
    if (findings.length < MAX_FINDINGS) findings.push({ path, constraint, severity: "error", message });
  };
  if (state.depth > 30) return fail("depth", "is nested too deeply");
  const deeper = { ...state, depth: state.depth + 1 };
  switch (shape.is) {
    case "number": {
      const fault = numberFault(value, shape);
      return fault && fail(...fault);
    }
    case "text":
      if (typeof value !== "string" || value === "") return fail("type", `must be a text (${shape.doc}), not ${told(value)}`);
      return shape.pattern === undefined || new RegExp(shape.pattern, "u").test(value)
        ? undefined
        : fail("value", `${quoted(value)} has other signs than letters, digits, _ and -, or is longer than 80`);
    case "flag":
      return typeof value === "boolean" ? undefined : fail("type", `must be true or false, not ${told(value)}`);
    case "oneOf":
      if (typeof value === "string" && shape.values.includes(value)) return;
      return fail(
        "value",
        `${typeof value === "string" ? quoted(value) : told(value)} is not one of ${shape.values.join(", ")}${meant(value, shape.values)}`,
      );
    case "list":
      if (!Array.isArray(value)) return fail("type", `must be a list (${shape.doc}), not ${told(value)}`);
      if (value.length < (shape.least ?? 0)) return fail("value", `must have at least ${shape.least} entries`);
      if (value.length > (shape.most ?? 100_000)) return fail("value", `has ${value.length} entries, more than ${shape.most ?? 100_000}`);
      return value.forEach((entry, index) => check(entry, shape.of, `${path}[${index}]`, deeper));
    case "record":
      if (!isObject(value)) return fail("type", `must be an object (${shape.doc}), not ${told(value)}`);
      for (const [name, entry] of Object.entries(value)) check(entry, shape.of, join(path, name), deeper);
      return;
    case "object":
      return isObject(value)
        ? checkFields(value, shape.fields, path, deeper)
        : fail("type", `must be an object (${shape.doc}), not ${told(value)}`);
    case "kinds":
      return isObject(value) ? checkKind(value, shape, path, deeper) : fail("type", `must be an object (${shape.doc}), not ${told(value)}`);
    case "either": {
      const inner = shape.pick(value);
      return inner === undefined ? fail("type", `must be ${shape.doc}, not ${told(value)}`) : check(value, inner, path, deeper);
    }
    default: {
      const before = findings.length;
      check(value, state.named[shape.name]!, path, deeper);
      const fault = findings.length === before ? state.faults[shape.name]?.(value as never) : undefined;
      if (fault !== undefined) fail("value", fault);
    }
  }
}

/** Constraint and message; undefined for a number that is right. */
function numberFault(value: unknown, shape: Extract<JsonShape, { is: "number" }>): [constraint: string, message: string] | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return ["type", `must be a number (${shape.doc}), not ${told(value)}`];
  const good =
    (shape.min === undefined || value >= shape.min) &&
    (shape.above === undefined || value > shape.above) &&
    (shape.max === undefined || value <= shape.max) &&
    (shape.whole !== true || Number.isInteger(value));
  return good ? undefined : ["value", `must be ${rangeOf(shape)}, not ${value}`];
}

/** An object whose fields depend on the kind that it names. */
function checkKind(value: Readonly<Record<string, unknown>>, shape: Extract<JsonShape, { is: "kinds" }>, path: string, state: Check): void {
  const { findings } = state;
  const kind = value[shape.by];
  const known = Object.keys(shape.kinds);
  if (typeof kind === "string" && Object.hasOwn(shape.kinds, kind))
    return checkFields(value, { [shape.by]: { is: "text", doc: "" }, ...shape.kinds[kind] }, path, state);
  if (findings.length >= MAX_FINDINGS) return;
  const what = kind === undefined ? "is required" : `${typeof kind === "string" ? quoted(kind) : told(kind)} is not known`;
  findings.push({
    path: join(path, shape.by),
    constraint: kind === undefined ? "required" : "value",
    severity: "error",
    message: `${what}: ${shape.name} is one of ${known.join(", ")}${meant(kind, known)}`,
  });
}

function checkFields(value: Readonly<Record<string, unknown>>, fields: JsonFields, path: string, state: Check): void {
  const names = Object.keys(fields).map((field) => (field.endsWith("?") ? field.slice(0, -1) : field));
  const { findings } = state;
  for (const name of Object.keys(value)) {
    if (names.includes(name) || name.startsWith("$") || name === "comment") continue;
    const missing = names.filter((candidate) => value[candidate] === undefined);
    const alias = aliases[name.toLowerCase()];
    const hint = alias !== undefined && missing.includes(alias) ? `; did you mean ${quoted(alias)}?` : meant(name, missing);
    if (findings.length < MAX_FINDINGS)
      findings.push({
        path: join(path, name),
        constraint: "additional",
        severity: "error",
        message: `is not a field here${hint || `; there are ${names.join(", ")}`}`,
      });
  }
  for (const [field, shape] of Object.entries(fields)) {
    const optional = field.endsWith("?");
    const name = optional ? field.slice(0, -1) : field;
    const entry = value[name];
    if (entry !== undefined) check(entry, shape, join(path, name), state);
    else if (!optional && findings.length < MAX_FINDINGS)
      findings.push({ path: join(path, name), constraint: "required", severity: "error", message: `is required (${shape.doc})` });
  }
}

/** Words of other tools for our fields. */
const aliases: Readonly<Record<string, string>> = {
  next: "to",
  output: "to",
  target: "to",
  successor: "to",
  servers: "places",
  channels: "places",
  parallel: "places",
  servicetime: "time",
  processingtime: "time",
  cycletime: "time",
  cycle: "time",
  service: "time",
  iat: "interarrival",
  interarrivaltime: "interarrival",
  interarrivals: "interarrival",
  failures: "stops",
  breakdowns: "stops",
  downtimes: "stops",
  mtbf: "between",
  mttr: "duration",
  repair: "duration",
  queue: "buffer",
  buffersize: "buffer",
  size: "capacity",
  slots: "capacity",
  sd: "cv",
  stddev: "sd",
  sigma: "sd",
  std: "sd",
  mu: "mean",
  rate: "mean",
  min: "low",
  max: "high",
  minimum: "low",
  maximum: "high",
  mode: "mode",
  k: "shape",
  alpha: "shape",
  beta: "scale",
  lambda: "scale",
  kind: "type",
  class: "type",
  type: "kind",
  horizon: "durationS",
  horizons: "durationS",
  duration: "durationS",
  warmup: "warmUpS",
  warmups: "warmUpS",
  shifts: "calendar",
  rework: "inspection",
  reject: "inspection",
  weight: "probability",
  share: "probability",
  p: "probability",
  name: "id",
  length: "lengthM",
  speed: "speedMps",
  value: "value",
};

function schemaOf(shape: JsonShape): unknown {
  switch (shape.is) {
    case "number":
      return {
        type: shape.whole === true ? "integer" : "number",
        description: shape.doc,
        ...(shape.min === undefined ? {} : { minimum: shape.min }),
        ...(shape.above === undefined ? {} : { exclusiveMinimum: shape.above }),
        ...(shape.max === undefined ? {} : { maximum: shape.max }),
      };
    case "text":
      return { type: "string", description: shape.doc, minLength: 1, ...(shape.pattern === undefined ? {} : { pattern: shape.pattern }) };
    case "flag":
      return { type: "boolean", description: shape.doc };
    case "oneOf":
      return { enum: shape.values, description: shape.doc };
    case "list":
      return {
        type: "array",
        description: shape.doc,
        items: schemaOf(shape.of),
        ...(shape.least === undefined ? {} : { minItems: shape.least }),
        maxItems: shape.most ?? 100_000,
      };
    case "record":
      return { type: "object", description: shape.doc, additionalProperties: schemaOf(shape.of) };
    case "object":
      return { description: shape.doc, ...fieldsSchema(shape.fields) };
    case "kinds":
      return {
        description: shape.doc,
        oneOf: Object.entries(shape.kinds).map(([kind, fields]) => {
          const { properties, required } = fieldsSchema(fields);
          return {
            type: "object",
            properties: { [shape.by]: { const: kind }, ...properties },
            required: [shape.by, ...required],
            additionalProperties: false,
            patternProperties,
          };
        }),
      };
    case "either":
      return { description: shape.doc, anyOf: shape.of.map(schemaOf) };
    default:
      return { $ref: `#/$defs/${shape.name}`, description: shape.doc };
  }
}

/** `comment` and names that begin with "$" may stand anywhere. */
const patternProperties = { "^(comment|\\$.*)$": {} };

function fieldsSchema(fields: JsonFields): {
  type: string;
  properties: Record<string, unknown>;
  required: string[];
  additionalProperties: boolean;
  patternProperties: unknown;
} {
  const properties: Record<string, unknown> = {};
  const required: string[] = [];
  for (const [field, shape] of Object.entries(fields)) {
    const name = field.endsWith("?") ? field.slice(0, -1) : field;
    properties[name] = schemaOf(shape);
    if (name === field) required.push(name);
  }
  return { type: "object", properties, required, additionalProperties: false, patternProperties };
}

function rangeOf(shape: Extract<JsonShape, { is: "number" }>): string {
  const noun = shape.whole === true ? "a whole number" : "a number";
  if (shape.min !== undefined && shape.max !== undefined) return `${noun} from ${shape.min} to ${shape.max}`;
  if (shape.above !== undefined) return `${noun} above ${shape.above}${shape.max === undefined ? "" : ` and at most ${shape.max}`}`;
  if (shape.min !== undefined) return `${noun} of ${shape.min} or more`;
  return noun;
}

function meant(word: unknown, known: readonly string[]): string {
  const near = typeof word === "string" ? nearestWord(word, known) : undefined;
  return near === undefined ? "" : `; did you mean ${quoted(near)}?`;
}

function told(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return quoted(value);
  return typeof value === "object" ? "an object" : String(value);
}

function join(path: string, name: string): string {
  const plain = /^[A-Za-z_$][\w$]*$/.test(name) ? name : undefined;
  if (plain === undefined) return `${path}[${quoted(name)}]`;
  return path === "" ? plain : `${path}.${plain}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(before[j]! + 1, row[j - 1]! + 1, before[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    before = row;
  }
  return before[b.length]!;
}
