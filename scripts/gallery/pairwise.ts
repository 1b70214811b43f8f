/** Factors by name, each with its values. */
export type Factors = Readonly<Record<string, readonly string[]>>;
/** One value of each factor. */
export type Row<Of extends Factors> = { readonly [Name in keyof Of]: Of[Name][number] };

/**
 * Rows in which every pair of values of two factors occurs at least once. Greedy: each row begins with a pair that is still missing and takes, factor by
 * factor, the value that adds most missing pairs; of equal ones the value used least so far. The same factors give the same rows.
 */
export function pairwise<const Of extends Factors>(factors: Of): readonly Row<Of>[] {
  const names = Object.keys(factors);
  const missing = new Set(pairsOf(names, factors));
  const used = new Map<string, number>();
  const rows: Record<string, string>[] = [];
  for (const name of names) if (factors[name]!.length === 0) return [];
  if (names.length === 1) return factors[names[0]!]!.map((value) => ({ [names[0]!]: value }) as Row<Of>);
  while (missing.size > 0) {
    const row = seedOf([...missing][0]!);
    for (const name of names.toSorted((a, b) => factors[b]!.length - factors[a]!.length)) {
      if (row[name] !== undefined) continue;
      const added = (value: string): number =>
        Object.entries(row).filter(([other, its]) => missing.has(pair(name, value, other, its))).length;
      row[name] = factors[name]!.toSorted(
        (a, b) => added(b) - added(a) || (used.get(`${name}=${a}`) ?? 0) - (used.get(`${name}=${b}`) ?? 0),
      )[0]!;
    }
    for (const each of pairsOfRow(row)) missing.delete(each);
    for (const [name, value] of Object.entries(row)) used.set(`${name}=${value}`, (used.get(`${name}=${value}`) ?? 0) + 1);
    rows.push(Object.fromEntries(names.map((name) => [name, row[name]!])));
  }
  return rows as unknown as readonly Row<Of>[];
}

/** Pairs of values of two factors that no row has. */
export function missingPairs(factors: Factors, rows: readonly Readonly<Record<string, string>>[]): readonly string[] {
  const found = new Set(rows.flatMap(pairsOfRow));
  return pairsOf(Object.keys(factors), factors).filter((each) => !found.has(each));
}

const pair = (name: string, value: string, other: string, its: string): string =>
  name < other ? JSON.stringify([name, value, other, its]) : JSON.stringify([other, its, name, value]);

function seedOf(missing: string): Record<string, string> {
  const [name, value, other, its] = JSON.parse(missing) as [string, string, string, string];
  return { [name]: value, [other]: its };
}

function pairsOf(names: readonly string[], factors: Factors): string[] {
  return names.flatMap((name, at) =>
    names.slice(at + 1).flatMap((other) => factors[name]!.flatMap((value) => factors[other]!.map((its) => pair(name, value, other, its)))),
  );
}

function pairsOfRow(row: Readonly<Record<string, string>>): string[] {
  const all = Object.entries(row);
  return all.flatMap(([name, value], at) => all.slice(at + 1).map(([other, its]) => pair(name, value, other, its)));
}
