import type { LinearAnswer, LinearProgram } from "./linear-program.ts";

/** One limit that costs something, in words. */
export interface ExplainedLimit {
  readonly row: string;
  readonly limit: "lower" | "upper";
  readonly at: number;
  /** Change of the objective for one unit more of the limit. */
  readonly dual: number;
  readonly text: string;
}

/** Which limits bind and what a unit of each is worth, the dearest first (per one per cent of the limit). Empty for integer programs, which have no duals. */
export function explainDuals(program: LinearProgram, answer: LinearAnswer, money = "cost"): ExplainedLimit[] {
  const sign = program.sense === "minimise" ? 1 : -1;
  return program.rows
    .flatMap(({ name, unit, lower = -Infinity, upper = Infinity }, i): ExplainedLimit[] => {
      const dual = answer.rowDuals[i] ?? 0;
      if (Math.abs(dual) < 1e-9) return [];
      const limit = sign * dual > 0 ? "lower" : "upper";
      const at = limit === "lower" ? lower : upper;
      const one = unit === undefined ? "one unit" : `1 ${unit}`;
      const ease = limit === "lower" ? `asked for ${one} less` : `given ${one} more`;
      const text = `${name} is at its ${limit} limit of ${shown(at)}${unit === undefined ? "" : ` ${unit}`}; ${ease}, ${money} would ${program.sense === "minimise" ? "fall" : "rise"} by ${shown(Math.abs(dual))}`;
      return [{ row: name, limit, at, dual, text }];
    })
    .toSorted((x, y) => Math.abs(y.dual * y.at) - Math.abs(x.dual * x.at) || (x.row < y.row ? -1 : 1));
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
