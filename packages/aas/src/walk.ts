import { CLASSES, classNamed, standInsOf, type ClassName, type ClassRow } from "./class-table.ts";

type Instance = Readonly<Record<string, unknown>>;

/** What a walk does with one instance, after everything below it: the instance itself, another one, or undefined to leave it out. */
export type Visit = (row: ClassRow, instance: Instance, path: string, inList: boolean) => Instance | undefined;

/** Replaces instances from the leaves up. Unchanged parts stay the same objects; a list that has lost all its items is left out. */
export function walk(className: ClassName, instance: Instance, visit: Visit, path = "", inList = false): Instance | undefined {
  const row = classNamed(className);
  let changed: Record<string, unknown> | undefined;
  for (const { name, type } of row.attributes) {
    if (type.kind !== "instance" && type.kind !== "list") continue;
    const value = instance[name];
    if (value === undefined) continue;
    const at = path === "" ? name : `${path}.${name}`;
    const next =
      type.kind === "instance"
        ? walkOne(type.of, value, visit, at, false)
        : walkList(type.of, value as readonly unknown[], visit, at, row.name === "SubmodelElementList");
    if (next === value) continue;
    changed ??= { ...instance };
    if (next === undefined) delete changed[name];
    else changed[name] = next;
  }
  return visit(row, changed ?? instance, path, inList);
}

function walkOne(of: string, value: unknown, visit: Visit, path: string, inList: boolean): unknown {
  const row =
    standInsOf(of as ClassName) === undefined ? classNamed(of as ClassName) : CLASSES.get((value as { modelType: string }).modelType);
  return row === undefined ? value : walk(row.name, value as Instance, visit, path, inList);
}

function walkList(of: string, items: readonly unknown[], visit: Visit, path: string, inList: boolean): unknown {
  const next = items.map((item, index) => walkOne(of, item, visit, `${path}[${index}]`, inList));
  if (next.every((item, index) => item === items[index])) return items;
  const left = next.filter((item) => item !== undefined);
  return left.length === 0 ? undefined : left;
}
