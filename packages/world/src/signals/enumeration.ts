/** The name of one number of an enumeration. */
export type NamedValue = {
  readonly value: number;
  readonly name: string;
};

/** Names of the numbers of a signal, in the order in which the plant gives them; each number once. */
export type Enumeration = readonly NamedValue[];

/** Every viewer receives the names of every signal: a list of fault codes fits, a register of addresses does not. */
export const MAX_NAMED_VALUES = 256;
const MAX_NAME = 100;

/**
 * The enumeration that a plant gives, within bounds: of a number that is named twice the first name counts, blank names and numbers that are no safe integer
 * are left out, a name is cut to 100 characters, and of more than 256 names the first 256 are kept. Undefined when nothing is left.
 */
export function boundedEnumeration(
  given: Iterable<{ readonly value: number; readonly name: string }> | undefined,
): Enumeration | undefined {
  const names = new Map<number, string>();
  for (const { value, name } of given ?? []) {
    if (names.size >= MAX_NAMED_VALUES) break;
    if (!Number.isSafeInteger(value) || names.has(value)) continue;
    const shown = shortName(name);
    if (shown !== "") names.set(value, shown);
  }
  // keys in the order of their names, as records are written: what was read back compares equal as text
  return names.size === 0 ? undefined : [...names].map(([value, name]) => ({ name, value }));
}

function shortName(name: string): string {
  // a plant may send megabytes: what lies beyond is not looked at
  const clean = name
    .slice(0, 4 * MAX_NAME)
    .replace(/\s+/g, " ")
    .trim();
  const letters = [...clean];
  return letters.length <= MAX_NAME ? clean : `${letters.slice(0, MAX_NAME - 1).join("")}…`;
}

/** Whether a field of a record is an enumeration within bounds. */
export function isEnumeration(field: unknown): field is Enumeration {
  if (!Array.isArray(field) || field.length === 0 || field.length > MAX_NAMED_VALUES) return false;
  const numbers = new Set<unknown>();
  return (field as readonly Partial<NamedValue>[]).every((named) => {
    const { value, name } = named ?? {};
    const isNew = !numbers.has(value);
    numbers.add(value);
    return isNew && Number.isSafeInteger(value) && typeof name === "string" && name !== "" && name.length <= 2 * MAX_NAME;
  });
}

/** The name of a value; undefined for one that has none, and for words. */
export function nameOfValue(enumeration: Enumeration | undefined, value: unknown): string | undefined {
  if (enumeration === undefined) return undefined;
  const number = typeof value === "boolean" ? Number(value) : value;
  return enumeration.find((named) => named.value === number)?.name;
}
