import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { FlexibleJobShop } from "../flexible-job-shop/flexible-job-shop.ts";
import { readFlexibleJobShop } from "../flexible-job-shop/read-flexible-job-shop.ts";
import type { JobShop } from "../job-shop/job-shop.ts";
import { readJobShop } from "../job-shop/read-job-shop.ts";
import type { ScheduleJob, ScheduleProblem } from "./schedule-problem.ts";

/** A job shop of the benchmark sets as a schedule of its own. */
export function problemOfShop(shop: JobShop, title: string): ScheduleProblem {
  return problemOf(title, shop.machines, shop.firstMachine, shop.jobs, (job) =>
    Array.from({ length: shop.first[job + 1]! - shop.first[job]! }, (_, k) => {
      const op = shop.first[job]! + k;
      return { choices: [{ machine: shop.machine[op]!, time: shop.duration[op]! }] };
    }),
  );
}

/** A flexible job shop of the benchmark sets as a schedule of its own. */
export function problemOfFlexible(shop: FlexibleJobShop, title: string): ScheduleProblem {
  return problemOf(title, shop.machines, shop.firstMachine, shop.jobs, (job) =>
    Array.from({ length: shop.first[job + 1]! - shop.first[job]! }, (_, k) => {
      const op = shop.first[job]! + k;
      return {
        choices: Array.from({ length: shop.firstChoice[op + 1]! - shop.firstChoice[op]! }, (_each, i) => {
          const choice = shop.firstChoice[op]! + i;
          return { machine: shop.machine[choice]!, time: shop.time[choice]! };
        }),
      };
    }),
  );
}

/** A text of either format; which one is told by what can be read, a job shop of the industrial sets last. Throws DW_INVALID with the reasons of both. */
export function readScheduleFile(text: string, title: string): ScheduleProblem {
  try {
    return problemOfShop(readJobShop(text, { jobs: "classic" }), title);
  } catch (asShop) {
    try {
      return problemOfFlexible(readFlexibleJobShop(text), title);
    } catch (asFlexible) {
      try {
        return problemOfShop(readJobShop(text), title);
      } catch {
        // its reason is that of the classic one, or less clear
      }
      throw new DoppelwerkError(
        "DW_INVALID",
        message("sim.neitherJobShop", { reason: (asShop as Error).message, reason2: (asFlexible as Error).message }),
      );
    }
  }
}

function problemOf(
  title: string,
  machines: number,
  firstMachine: number,
  jobs: number,
  operations: (job: number) => ScheduleJob["operations"],
): ScheduleProblem {
  return {
    format: "doppelwerk-schedule/1",
    title,
    unit: "1",
    machines: Array.from({ length: machines }, (_, m) => ({ id: String(m + firstMachine), label: `M${m + firstMachine}` })),
    jobs: Array.from({ length: jobs }, (_, j) => ({ id: String(j), label: `J${j}`, operations: operations(j) })).filter(
      (job) => job.operations.length > 0,
    ),
  };
}
