// A proposal in a thread of its own: thousands of names must not hold up the live plant.
import { parentPort, workerData } from "node:worker_threads";
import { propose, type Answers, type Offered, type Proposal } from "@doppelwerk/operations";
import { DoppelwerkError, type Told } from "@doppelwerk/world";
import { eventLogOf, type ChosenColumns } from "../event-log/read-log.ts";
import { withEventLog } from "./event-log.ts";

export interface ProposalTask {
  readonly offered: Offered;
  /** CSV or XES. */
  readonly eventLog?: string;
  readonly chosen?: ChosenColumns;
  readonly answers: Answers;
}

export type FromProposalWorker = { readonly proposal: Proposal } | { readonly refused: string; readonly told?: Told };

const { offered, eventLog, chosen, answers } = workerData as ProposalTask;
try {
  const whole = eventLog === undefined ? offered : withEventLog(offered, eventLogOf(eventLog, 0, chosen));
  parentPort!.postMessage({ proposal: propose(whole, answers) } satisfies FromProposalWorker);
} catch (error) {
  parentPort!.postMessage({
    refused: error instanceof Error ? error.message : String(error),
    ...(error instanceof DoppelwerkError && error.told !== undefined ? { told: error.told } : {}),
  } satisfies FromProposalWorker);
}
