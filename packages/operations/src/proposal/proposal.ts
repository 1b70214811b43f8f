import type { Environment } from "@doppelwerk/aas";
import type { Message } from "@doppelwerk/messages";

/** What is proposed for a source. Nothing here is in force: it becomes a branch with a merge request. */
export interface Proposal {
  readonly environment: Environment;
  readonly signals: readonly ProposedSignal[];
  /** Why each thing is proposed, in the order of the subjects. */
  readonly evidence: readonly ProposalEvidence[];
  /** At most ten; each can be left unanswered. */
  readonly questions: readonly Question[];
  /** What was offered and is not proposed, and what a plant has and nobody told. */
  readonly unknowns: readonly Unknown[];
  readonly counts: ProposalCounts;
}

export interface ProposalCounts {
  readonly offered: number;
  readonly assets: number;
  /** Machines that other sources told of before. */
  readonly joined: number;
  readonly signals: number;
  readonly flows: number;
  readonly nameplates: number;
  readonly candidates: number;
}

/** A variable that is proposed as a signal of an asset; `idShort` names its property in the asset's operational data. */
export interface ProposedSignal {
  readonly address: string;
  readonly shell: string;
  readonly idShort: string;
  readonly name: string;
  readonly role: string;
  readonly counter?: "totaliser" | "shiftReset";
}

export type EvidenceKind = "tree" | "asset" | "nameplate" | "time" | "signal" | "flow" | "candidate";

/** Why one thing is proposed. `confidence` is an estimate of the share of like proposals that people would leave as they are, 0–1. */
export interface ProposalEvidence {
  readonly kind: EvidenceKind;
  /** The shell it is about. */
  readonly shell: string;
  readonly subject: string;
  /** The reason. */
  readonly message: Message;
  readonly confidence: number;
}

/** `id` is stable over runs: an answer given once stands for the next run too. */
export interface Question {
  readonly id: string;
  readonly message: Message;
  /** What can be answered; absent = free text of the form in `message`. */
  readonly choices?: readonly string[];
}

export interface Unknown {
  readonly message: Message;
  /** Of documents: what is wrong with them, for a screen that says it in its own language. */
  readonly finding?: { readonly constraint: string; readonly message: string };
  /** Variables that it is about. */
  readonly count: number;
  readonly examples: readonly string[];
}

/** Answers by question id. An empty text is no answer. */
export type Answers = Readonly<Record<string, string>>;
