/** A linear or mixed-integer program: costs, bounds, rows between limits. Infinity stands for no limit. */
export interface LinearProgram {
  readonly sense: "minimise" | "maximise";
  readonly variables: readonly LinearVariable[];
  readonly rows: readonly LinearRow[];
}

export interface LinearVariable {
  readonly name: string;
  readonly cost: number;
  /** Default 0 and Infinity. */
  readonly lower?: number;
  readonly upper?: number;
  readonly integer?: boolean;
}

export interface LinearRow {
  readonly name: string;
  /** Unit in which the limits are told. */
  readonly unit?: string;
  readonly lower?: number;
  readonly upper?: number;
  /** Index of a variable and its coefficient; each variable at most once. */
  readonly terms: readonly (readonly [variable: number, coefficient: number])[];
}

export interface LinearAnswer {
  /** `limit`: stopped in time; values are there when a solution was found. */
  readonly status: "optimal" | "infeasible" | "unbounded" | "limit";
  readonly objective: number;
  /** Proven bound of the objective: equal to it when a linear program is optimal. */
  readonly bound: number;
  readonly values: Float64Array;
  /** Change of the objective for one unit more of a row's binding limit, and of a variable's; empty for integer programs. */
  readonly rowDuals: Float64Array;
  readonly variableDuals: Float64Array;
}

/** Port of an exact solver; `engines/highs` implements it. */
export interface LinearSolver {
  /** Throws DW_INVALID for a program that is none (see `linearFaults`). */
  solve(program: LinearProgram, options?: { readonly seconds?: number }): Promise<LinearAnswer>;
}

/** What is wrong with a program itself; none = it can be given to a solver. */
export function linearFaults(program: LinearProgram): string[] {
  const faults: string[] = [];
  for (const { name, cost, lower = 0, upper = Infinity } of program.variables)
    if (!Number.isFinite(cost) || !(lower <= upper))
      faults.push(`variable ${name}: its cost must be finite and its lower bound not above its upper`);
  for (const { name, lower = -Infinity, upper = Infinity, terms } of program.rows) {
    if (!(lower <= upper)) faults.push(`row ${name}: lower limit ${lower} above upper limit ${upper}`);
    const seen = new Set<number>();
    for (const [variable, coefficient] of terms) {
      if (program.variables[variable] === undefined) faults.push(`row ${name}: no variable ${variable}`);
      if (!Number.isFinite(coefficient)) faults.push(`row ${name}: the coefficient of variable ${variable} is not finite`);
      if (seen.has(variable)) faults.push(`row ${name}: variable ${variable} twice`);
      seen.add(variable);
    }
  }
  return faults;
}

/**
 * Checks an optimal answer of a linear program without its solver: values within all limits, duals of the right sign and only where a limit binds, and
 * the dual objective equal to the primal one. Returns the largest relative violation; about 1e−7 is what solvers promise.
 */
export function optimalityError(program: LinearProgram, answer: LinearAnswer): number {
  const sign = program.sense === "minimise" ? 1 : -1;
  let error = 0;
  let dualObjective = 0;
  const price = program.variables.map(({ cost }) => cost);
  const limit = (value: number, lower: number, upper: number, dual: number): void => {
    const scale = 1 + Math.abs(value);
    error = Math.max(error, (lower - value) / scale, (value - upper) / scale);
    // raising a limit that holds from below can only worsen the objective, and the other way round
    const at = sign * dual > 0 ? lower : upper;
    if (dual === 0) return;
    if (Number.isFinite(at)) dualObjective += dual * at;
    else error = Math.max(error, Math.abs(dual));
  };
  for (const [i, { lower = -Infinity, upper = Infinity, terms }] of program.rows.entries()) {
    let activity = 0;
    for (const [variable, coefficient] of terms) {
      activity += coefficient * answer.values[variable]!;
      price[variable]! -= coefficient * answer.rowDuals[i]!;
    }
    limit(activity, lower, upper, answer.rowDuals[i]!);
  }
  for (const [j, { lower = 0, upper = Infinity }] of program.variables.entries()) {
    // what is left of a cost after the rows is the variable's own dual
    error = Math.max(error, Math.abs(price[j]! - answer.variableDuals[j]!) / (1 + Math.abs(price[j]!)));
    limit(answer.values[j]!, lower, upper, Math.abs(answer.variableDuals[j]!) < 1e-9 ? 0 : answer.variableDuals[j]!);
  }
  return Math.max(error, Math.abs(dualObjective - answer.objective) / (1 + Math.abs(answer.objective)));
}
