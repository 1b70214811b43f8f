import { foldKey, type AnyFold } from "./fold.ts";

type Ordered = Pick<AnyFold, "id" | "version" | "needs">;

/** How many folds deep each fold's needs go: 0 for one that takes samples only. Throws with everything that is wrong: it is a bug of who lists them. */
export function depthOfFolds(folds: readonly Ordered[]): ReadonlyMap<string, number> {
  const byKey = new Map(folds.map((fold) => [foldKey(fold), fold]));
  const wrong = [
    ...folds.filter((fold, at) => folds.some(({ id }, other) => other < at && id === fold.id)).map(({ id }) => `two folds are named ${id}`),
    ...folds.flatMap(({ id, needs }) => needs.filter((need) => !byKey.has(need)).map((need) => `${id} needs ${need}, which is not there`)),
  ];
  if (wrong.length > 0) throw new Error(wrong.join("; "));
  const depths = new Map<string, number>();
  const depthOf = (fold: Ordered, path: readonly string[]): number => {
    const known = depths.get(fold.id);
    if (known !== undefined) return known;
    if (path.includes(fold.id)) throw new Error(`folds need each other: ${[...path, fold.id].join(" → ")}`);
    const depth = Math.max(-1, ...fold.needs.map((need) => depthOf(byKey.get(need)!, [...path, fold.id]))) + 1;
    depths.set(fold.id, depth);
    return depth;
  };
  for (const fold of folds) depthOf(fold, []);
  return depths;
}
