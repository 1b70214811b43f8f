import type { JobTools } from "@doppelwerk/kit";
import { judgeColumns, type ColumnsTask, type JudgedColumns } from "@doppelwerk/operations";

/** Steps of one group of rules that are listed: beyond that the test says that it is not whole. */
const MAX_STEPS = 100_000;

/** Rules of one group of signals over their recorded samples. */
export function perform(_shared: undefined, task: ColumnsTask, tools: JobTools): JudgedColumns {
  return judgeColumns(task, { maxSteps: MAX_STEPS, isStopped: () => tools.isStopped() });
}
