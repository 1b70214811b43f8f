import type { Message } from "@doppelwerk/messages";
import type { BranchId, Instant, RecordId } from "@doppelwerk/world";
import type { ConnectionRequest } from "./connections-api.ts";

// A twin that is proposed from what a plant offers.

/** A proposal of a twin while it is made, and what became of it. */
export interface ProposalState {
  readonly id: RecordId;
  readonly name: string;
  readonly at: Instant;
  readonly state: "browsing" | "thinking" | "writing" | "done" | "failed";
  /** Why it failed. */
  readonly why?: string;
  readonly told?: Message;
  /** What to ask with for the same again: a file as long as it is held. Absent for an event log that came with the request: it is not kept. */
  readonly of?: Pick<ProposalRequest, "connection" | "url" | "protocol" | "settings" | "secret" | "file">;
  /** Absent when there was nothing new. */
  readonly branch?: BranchId;
  readonly request?: RecordId;
  readonly summary?: ProposalSummary;
}

export interface ProposalSummary {
  readonly offered: number;
  readonly assets: number;
  /** Machines that another source told of before: their values join its assets. Absent in reports of before. */
  readonly joined?: number;
  readonly signals: number;
  readonly flows: number;
  readonly nameplates: number;
  readonly candidates: number;
  readonly changes: number;
  readonly conflicts: number;
  readonly questions: number;
  readonly unknown: number;
}

/** Why each thing is proposed, what is asked (each can be left), and what nobody told. */
export interface ProposalReport extends ProposalState {
  readonly evidence: readonly {
    readonly kind: "tree" | "asset" | "nameplate" | "signal" | "flow" | "candidate";
    readonly shell: string;
    readonly subject: string;
    readonly message: Message;
    /** @deprecated Use `message`. */
    readonly why: ProposalText;
    /** 0–1. */
    readonly confidence: number;
  }[];
  readonly questions: readonly {
    readonly id: string;
    readonly message: Message;
    /** @deprecated Use `message`. */
    readonly text: ProposalText;
    readonly choices?: readonly string[];
  }[];
  readonly unknowns: readonly {
    readonly message: Message;
    /** @deprecated Use `message`. */
    readonly text: ProposalText;
    /** Of documents: the rule that is broken, with the fault in English. */
    readonly finding?: { readonly constraint: string; readonly message: string };
    readonly count: number;
    readonly examples: readonly string[];
  }[];
  readonly conflicts: readonly { readonly id: RecordId; readonly field: string; readonly reason: string }[];
}

interface ProposalText {
  readonly en: string;
  readonly zh: string;
}

/** What a proposal is made from: a connection, an address, an event log beside it or alone; answers by question id. */
export interface ProposalRequest extends Partial<ConnectionRequest> {
  readonly connection?: RecordId;
  readonly name?: string;
  /** CSV or XES. */
  readonly eventLog?: string;
  /** A file that was looked into; with `url` where what it describes is. */
  readonly file?: string;
  readonly answers?: Readonly<Record<string, string>>;
  /** Of what the branch and the request say to people; English without it. */
  readonly language?: "en" | "zh";
}
