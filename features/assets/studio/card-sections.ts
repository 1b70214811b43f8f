import type { ShellCard } from "./use-shell-card.ts";

type Property = ShellCard["properties"][number];

/** A list of the same fields, as of state mappings, shifts or targets: a row an entry. */
export interface CardTable {
  readonly kind: "table";
  /** idShort of the list. */
  readonly name: string;
  readonly columns: readonly { readonly field: string; readonly label: Property["label"] }[];
  /** By field. */
  readonly rows: readonly ReadonlyMap<string, Property>[];
}

export interface CardFacts {
  readonly kind: "facts";
  readonly lines: readonly Property[];
}

/** What a card shows of one submodel. */
export interface CardSection {
  /** idShort of the submodel. */
  readonly name: string;
  readonly parts: readonly (CardTable | CardFacts)[];
}

/** `List[2].Field`, the list itself anywhere. */
const OF_ENTRY = /^(?<list>.*)\[(?<index>\d+)\]\.(?<field>\w+)$/;

/** The properties of a card by submodel, in their order; what stands in lists as tables. */
export function cardSections(properties: readonly Property[]): readonly CardSection[] {
  const submodels = Map.groupBy(properties, ({ path }) => path.slice(0, path.indexOf("/")));
  return [...submodels].map(([name, own]) => ({ name, parts: partsOf(own) }));
}

function partsOf(properties: readonly Property[]): readonly (CardTable | CardFacts)[] {
  const parts: (CardTable | { readonly kind: "facts"; readonly lines: Property[] })[] = [];
  const tables = new Map<
    string,
    { readonly columns: { field: string; label: Property["label"] }[]; readonly rows: Map<string, Property>[] }
  >();
  for (const property of properties) {
    const { list, index, field } = OF_ENTRY.exec(property.path)?.groups ?? {};
    if (list === undefined || field === undefined) {
      const last = parts.at(-1);
      if (last?.kind === "facts") last.lines.push(property);
      else parts.push({ kind: "facts", lines: [property] });
      continue;
    }
    let table = tables.get(list);
    if (table === undefined) {
      table = { columns: [], rows: [] };
      tables.set(list, table);
      parts.push({ kind: "table", name: list.slice(list.search(/[^/.]+$/)), ...table });
    }
    if (!table.columns.some((column) => column.field === field)) table.columns.push({ field, label: property.label });
    (table.rows[Number(index)] ??= new Map()).set(field, property);
  }
  return parts.map((part) => (part.kind === "table" ? { ...part, rows: part.rows.filter((row) => row !== undefined) } : part));
}

/** `StateMapping` reads as `State mapping`, `KPITargets` as `KPI targets`. */
export function spacedName(idShort: string): string {
  const words = idShort
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .split(" ")
    .map((word) => (/^[A-Z][A-Z0-9]+$/.test(word) ? word : word.toLowerCase()))
    .join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
