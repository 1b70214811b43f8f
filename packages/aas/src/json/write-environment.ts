import type { AttributeType, ClassName } from "../class-table.ts";
import { CLASSES, classNamed, standInsOf } from "../class-table.ts";
import type { Environment, EnvironmentParts } from "../metamodel.ts";

type Instance = Readonly<Record<string, unknown>>;

/**
 * JSON text of an environment: `modelType` first, attributes in the order of the standard's schema, unknown attributes last by name,
 * empty lists left out. Equal environments give equal text, whatever the order of their keys.
 */
export function writeEnvironment(environment: Environment, indent = 0): string {
  return JSON.stringify(ordered("Environment", environment as unknown as Instance), undefined, indent);
}

/** The text of `writeEnvironment` document by document, for environments that are not held whole in memory. */
export function* jsonPieces(parts: EnvironmentParts): Generator<string> {
  let lists = 0;
  yield "{";
  for (const { name, type } of classNamed("Environment").attributes) {
    if (type.kind !== "list") continue;
    let items = 0;
    for (const item of parts[name as keyof EnvironmentParts]()) {
      if (items++ > 0) yield ",";
      else yield `${lists++ > 0 ? "," : ""}${JSON.stringify(name)}:[`;
      yield JSON.stringify(ordered(type.of, item as unknown as Instance));
    }
    if (items > 0) yield "]";
  }
  yield "}";
}

function ordered(expected: string, instance: Instance): Instance {
  const row =
    standInsOf(expected as ClassName) === undefined ? classNamed(expected as ClassName) : CLASSES.get(instance.modelType as string);
  if (row === undefined) return instance;
  const entries: [string, unknown][] = row.hasModelType ? [["modelType", row.name]] : [];
  for (const { name, type } of row.attributes) {
    const value = instance[name];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) entries.push([name, orderedValue(type, value)]);
  }
  for (const name of Object.keys(instance).sort()) {
    if (name !== "modelType" && !row.byName.has(name)) entries.push([name, instance[name]]);
  }
  return Object.fromEntries(entries);
}

function orderedValue(type: AttributeType, value: unknown): unknown {
  if (type.kind === "instance") return ordered(type.of, value as Instance);
  return type.kind === "list" ? (value as Instance[]).map((item) => ordered(type.of, item)) : value;
}
