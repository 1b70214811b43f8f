import type { LinearProgram, LinearSolver } from "./linear-program.ts";

/** One limit that cannot be kept together with the others, and by how much it would have to give where the least in all is given. */
export interface ConflictingLimit {
  readonly row: string;
  readonly limit: "lower" | "upper";
  readonly at: number;
  readonly unit: string | undefined;
  /** How far beyond the limit; 0 for a limit that is in the conflict but may stay. */
  readonly by: number;
}

/**
 * Why a program has no answer: a set of limits that cannot all be kept while any fewer of them can (an irreducible set, by taking limits away one by one, after
 * Chinneck and Dravnieks 1991), and the least that they would have to give (elastic program: every limit may be broken at a price of 1 per its own size).
 * Bounds of variables stay. Asks the solver once a suspected limit.
 */
export async function explainConflict(program: LinearProgram, solver: LinearSolver): Promise<ConflictingLimit[]> {
  const elastic = elasticOf(program);
  const answer = await solver.solve(elastic.program);
  if (answer.status !== "optimal") return [];
  const broken = new Map(elastic.slacks.map(({ row, limit }, i) => [`${row} ${limit}`, answer.values[program.variables.length + i]!]));
  // start from the limits that the elastic answer leans on: broken ones, and those it stands at
  let suspects = elastic.slacks.filter(({ row, limit }) => {
    const by = broken.get(`${row} ${limit}`)!;
    return by > TOLERANCE || isTight(program, row, limit, answer.values);
  });
  if (await isFeasible(program, suspects, solver)) suspects = [...elastic.slacks];
  for (const suspect of suspects) {
    const fewer = suspects.filter((one) => one !== suspect);
    if (!(await isFeasible(program, fewer, solver))) suspects = fewer;
  }
  return suspects.map(({ row, limit }) => {
    const { name, unit, lower, upper } = program.rows[row]!;
    const by = broken.get(`${row} ${limit}`)!;
    return { row: name, limit, at: (limit === "lower" ? lower : upper)!, unit, by: by > TOLERANCE ? by : 0 };
  });
}

const TOLERANCE = 1e-7;

interface Slack {
  readonly row: number;
  readonly limit: "lower" | "upper";
}

function limitsOf({ rows }: LinearProgram): Slack[] {
  return rows.flatMap(({ lower = -Infinity, upper = Infinity }, row) => [
    ...(lower > -Infinity ? [{ row, limit: "lower" as const }] : []),
    ...(upper < Infinity ? [{ row, limit: "upper" as const }] : []),
  ]);
}

function elasticOf(program: LinearProgram): { readonly program: LinearProgram; readonly slacks: readonly Slack[] } {
  const slacks = limitsOf(program);
  const first = program.variables.length;
  return {
    slacks,
    program: {
      sense: "minimise",
      variables: [
        ...program.variables.map((variable) => ({ ...variable, cost: 0 })),
        ...slacks.map(({ row, limit }, i) => {
          const { lower, upper } = program.rows[row]!;
          return {
            name: `slack ${i}`,
            cost: 1 / Math.max(1e-6, Math.abs((limit === "lower" ? lower : upper)!)),
            lower: 0,
            upper: Infinity,
          };
        }),
      ],
      rows: program.rows.map((row, r) => ({
        ...row,
        terms: [
          ...row.terms,
          ...slacks.flatMap((slack, i) => (slack.row === r ? [[first + i, slack.limit === "lower" ? 1 : -1] as const] : [])),
        ],
      })),
    },
  };
}

async function isFeasible(program: LinearProgram, kept: readonly Slack[], solver: LinearSolver): Promise<boolean> {
  const keeps = (row: number, limit: Slack["limit"]): boolean => kept.some((one) => one.row === row && one.limit === limit);
  const { status } = await solver.solve({
    sense: "minimise",
    variables: program.variables.map((variable) => ({ ...variable, cost: 0 })),
    rows: program.rows.flatMap((row, r) => {
      const [lower, upper] = [keeps(r, "lower") ? row.lower! : -Infinity, keeps(r, "upper") ? row.upper! : Infinity];
      return lower === -Infinity && upper === Infinity ? [] : [{ ...row, lower, upper }];
    }),
  });
  return status === "optimal";
}

function isTight(program: LinearProgram, row: number, limit: Slack["limit"], values: Float64Array): boolean {
  const { terms, lower, upper } = program.rows[row]!;
  const sum = terms.reduce((all, [variable, coefficient]) => all + coefficient * values[variable]!, 0);
  const at = (limit === "lower" ? lower : upper)!;
  return Math.abs(sum - at) <= TOLERANCE * Math.max(1, Math.abs(at)) || (limit === "lower" ? sum < at : sum > at);
}
