import type { PeopleInAnswer } from "@doppelwerk/kit";

/** Figures of performance or workload cover at least so many people, or who asks himself. */
export const GROUP_MIN = 5;

type Figures = Extract<PeopleInAnswer, { readonly as: "figures" }>;

/** An answer without the rows that would show how few people work. A row that does not say how many people it covers covers one. */
export function groupOfFive(answer: unknown, { list, person, count }: Figures, asker: string): unknown {
  const rows = (answer as Readonly<Record<string, unknown>>)[list] as readonly Readonly<Record<string, unknown>>[];
  const shown = rows.filter((row) => row[person] === asker || (typeof row[count] === "number" && row[count] >= GROUP_MIN));
  return { ...(answer as object), [list]: shown, withheld: rows.length - shown.length };
}
