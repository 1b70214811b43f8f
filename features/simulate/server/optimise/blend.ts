import { Worker } from "node:worker_threads";
import type { BlendAnswer, BlendRequest } from "@doppelwerk/client";
import {
  blendingProgram,
  explainConflict,
  explainDuals,
  type Blend,
  type LinearProgram,
  type LinearSolver,
} from "@doppelwerk/sim/optimise";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

const SECONDS_MAX = 20;
const GRACE_S = 10;

/** Solves a charge in a thread of its own: a program that is hard keeps nobody else waiting, and has an end. */
export function solveBlend(request: BlendRequest): Promise<BlendAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./blend-worker.ts", import.meta.url), {
      workerData: request,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    const end = (act: () => void): void => {
      clearTimeout(timer);
      act();
      void worker.terminate();
    };
    const timer = setTimeout(
      () =>
        end(() => reject(new DoppelwerkError("DW_UNAVAILABLE", message("simulate.chargeNotSolvedWithin", { max: SECONDS_MAX + GRACE_S })))),
      (SECONDS_MAX + GRACE_S) * 1_000,
    );
    worker.once("message", ({ answer, failure }: { readonly answer?: BlendAnswer; readonly failure?: Message }) =>
      end(() => (answer ? resolve(answer) : reject(new DoppelwerkError("DW_INVALID", failure ?? message("simulate.chargeCannotSolved"))))),
    );
    worker.once("error", (error) =>
      end(() => reject(new DoppelwerkError("DW_UNAVAILABLE", message("simulate.solverEnded", { reason: (error as Error).message })))),
    );
  });
}

/** The cheapest charge, what its limits cost, or which limits conflict. */
export async function answerBlend(request: BlendRequest, solver: LinearSolver): Promise<BlendAnswer> {
  const blend = request as Blend;
  const program = blendingProgram(blend);
  const startMs = performance.now();
  const answer = await solver.solve(program, { seconds: SECONDS_MAX });
  const ms = performance.now() - startMs;
  const { status } = answer;
  if (status === "infeasible") {
    const rows = withAvailability(program);
    const conflict = await explainConflict(rows, solver);
    return { status, ms, conflict: conflict.map(({ unit = "kg", ...one }) => ({ ...one, unit })) };
  }
  if (answer.values.length === 0) return { status, ms };
  const masses = request.materials.map(({ name, pieceKg }, j) => ({
    name,
    kg: answer.values[j]! * (pieceKg ?? 1),
    ...(pieceKg === undefined ? {} : { pieces: Math.round(answer.values[j]!) }),
  }));
  const product = request.materials.reduce((sum, material, j) => sum + masses[j]!.kg * (material.yield ?? 1), 0);
  return {
    status,
    ms,
    cost: answer.objective,
    bound: answer.bound,
    masses,
    analysis: request.limits.map(({ element, low, high }) => ({
      element,
      share: request.materials.reduce((sum, { content }, j) => sum + masses[j]!.kg * (content[element] ?? 0), 0) / product,
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
    })),
    prices: [
      ...explainDuals(program, answer).map(({ row, limit, at, dual }) => ({ row, limit, at, unit: "kg", saves: Math.abs(dual) })),
      // what is used up: one more kilogram of it
      ...program.variables.flatMap(({ name, upper = Infinity }, j) => {
        const dual = answer.variableDuals[j] ?? 0;
        return dual < -1e-9 && Number.isFinite(upper) ? [{ row: name, limit: "upper" as const, at: upper, unit: "kg", saves: -dual }] : [];
      }),
    ],
  };
}

/** What there is of a material as a limit of its own, so that it can be named in a conflict. */
function withAvailability(program: LinearProgram): LinearProgram {
  return {
    ...program,
    variables: program.variables.map(({ upper: _upper, ...variable }) => variable),
    rows: [
      ...program.rows,
      ...program.variables.flatMap(({ name, upper = Infinity }, j) =>
        Number.isFinite(upper) ? [{ name, unit: "kg", upper, terms: [[j, 1] as const] }] : [],
      ),
    ],
  };
}
