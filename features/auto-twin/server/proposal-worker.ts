// A proposal in a thread of its own: thousands of names must not hold up the live plant.
import type { Message } from "@doppelwerk/kit";
import { parentPort, workerData } from "node:worker_threads";
import { propose, type Answers, type Offered, type Proposal } from "@doppelwerk/operations";
import { reasonOf } from "@doppelwerk/world";
import { eventLogOf, type ChosenColumns } from "@doppelwerk/connectors/event-log";
import { withEventLog } from "./event-log.ts";

export interface ProposalTask {
  readonly offered: Offered;
  /** CSV or XES. */
  readonly eventLog?: string;
  readonly chosen?: ChosenColumns;
  readonly answers: Answers;
}

export type FromProposalWorker = { readonly proposal: Proposal } | { readonly refused: Message };

const { offered, eventLog, chosen, answers } = workerData as ProposalTask;
try {
  const whole = eventLog === undefined ? offered : withEventLog(offered, eventLogOf(eventLog, 0, chosen));
  parentPort!.postMessage({ proposal: propose(whole, answers) } satisfies FromProposalWorker);
} catch (error) {
  parentPort!.postMessage({ refused: reasonOf(error) } satisfies FromProposalWorker);
}
