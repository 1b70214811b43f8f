import { message } from "@doppelwerk/messages";
import { linearFaults, type LinearAnswer, type LinearProgram, type LinearSolver } from "@doppelwerk/sim/optimise";
import { DoppelwerkError } from "@doppelwerk/world";
import type * as highsModule from "highs";

type Load = typeof highsModule.default.default;
type Highs = Awaited<ReturnType<Load>>;
type HighsModel = ReturnType<Highs["createModel"]>;

/** HiGHS as WebAssembly behind the port of `sim`. Loaded at the first solve (about 40 ms); a solve blocks its thread, so large programs belong in a worker. */
export function createHighsSolver(): LinearSolver {
  let loading: Promise<Highs> | undefined;
  return {
    async solve(program, { seconds } = {}) {
      const [fault] = linearFaults(program);
      if (fault !== undefined) throw new DoppelwerkError("DW_INVALID", message("engines.programCannotSolved", { fault }));
      // its declarations describe the CommonJS build, what is imported is the ES module
      loading ??= import("highs").then((module) => (module.default as unknown as Load)());
      const highs = await loading;
      const model = highs.createModel(modelOf(highs, program));
      try {
        model.options.set({ output_flag: false, ...(seconds === undefined ? {} : { time_limit: seconds }) });
        model.run();
        return answerOf(highs, model, program);
      } finally {
        model.dispose();
      }
    },
  };
}

function modelOf(highs: Highs, { sense, variables, rows }: LinearProgram): Parameters<Highs["createModel"]>[0] {
  const count = rows.reduce((sum, { terms }) => sum + terms.length, 0);
  const starts = new Int32Array(rows.length + 1);
  const indices = new Int32Array(count);
  const values = new Float64Array(count);
  let at = 0;
  for (const [i, { terms }] of rows.entries()) {
    for (const [variable, coefficient] of terms) {
      indices[at] = variable;
      values[at++] = coefficient;
    }
    starts[i + 1] = at;
  }
  const { variableType, objectiveSense } = highs.constants;
  return {
    numCols: variables.length,
    numRows: rows.length,
    sense: sense === "minimise" ? objectiveSense.minimize : objectiveSense.maximize,
    colCost: Float64Array.from(variables, ({ cost }) => cost),
    colLower: Float64Array.from(variables, ({ lower }) => lower ?? 0),
    colUpper: Float64Array.from(variables, ({ upper }) => upper ?? Infinity),
    rowLower: Float64Array.from(rows, ({ lower }) => lower ?? -Infinity),
    rowUpper: Float64Array.from(rows, ({ upper }) => upper ?? Infinity),
    matrix: { format: "csr", numRows: rows.length, numCols: variables.length, starts, indices, values },
    ...(isInteger({ variables })
      ? { integrality: variables.map(({ integer }) => (integer ? variableType.integer : variableType.continuous)) }
      : {}),
  };
}

function answerOf(highs: Highs, model: HighsModel, program: LinearProgram): LinearAnswer {
  const { modelStatus } = highs.constants;
  const code = model.getModelStatus();
  const status =
    code === modelStatus.optimal
      ? "optimal"
      : code === modelStatus.infeasible
        ? "infeasible"
        : code === modelStatus.unbounded || code === modelStatus.unboundedOrInfeasible
          ? "unbounded"
          : "limit";
  const none = new Float64Array();
  if (status === "infeasible" || status === "unbounded")
    return { status, objective: Number.NaN, bound: Number.NaN, values: none, rowDuals: none, variableDuals: none };
  const { colValue, colDual, rowDual } = model.getSolution();
  const objective = model.getObjectiveValue();
  if (isInteger(program))
    return { status, objective, bound: Number(model.info.get("mip_dual_bound")), values: colValue, rowDuals: none, variableDuals: none };
  const bound = status === "optimal" ? objective : program.sense === "minimise" ? -Infinity : Infinity;
  return { status, objective, bound, values: colValue, rowDuals: rowDual, variableDuals: colDual };
}

function isInteger({ variables }: Pick<LinearProgram, "variables">): boolean {
  return variables.some(({ integer }) => integer);
}
