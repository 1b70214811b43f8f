import { textsOf, type LanguageTexts, type Message } from "@doppelwerk/kit";
import type { Proposal } from "@doppelwerk/operations";
import type { ProposalReport } from "../contract.ts";

/** What the blob of a proposal holds, as JSON. */
export interface StoredReport extends Pick<Proposal, "evidence" | "questions" | "unknowns"> {
  readonly conflicts: ProposalReport["conflicts"];
}

type Former<Part, Name extends string> = Part | (Omit<Part, "message"> & Readonly<Record<Name, LanguageTexts>>);

/** As it was stored before 1.0: with texts in both languages instead of messages. */
interface FormerReport {
  readonly evidence: readonly Former<StoredReport["evidence"][number], "why">[];
  readonly questions: readonly Former<StoredReport["questions"][number], "text">[];
  readonly unknowns: readonly Former<StoredReport["unknowns"][number], "text">[];
  readonly conflicts: StoredReport["conflicts"];
}

/** A stored report as it is answered, of this version or an earlier one. */
export function readReport(json: string): Pick<ProposalReport, "evidence" | "questions" | "unknowns" | "conflicts"> {
  const { evidence, questions, unknowns, conflicts } = JSON.parse(json) as FormerReport;
  return {
    evidence: evidence.map((each) => ("why" in each ? { ...each, message: written(each.why) } : { ...each, why: textsOf(each.message) })),
    questions: questions.map(answered),
    unknowns: unknowns.map(answered),
    conflicts,
  };
}

function answered<Part extends { readonly message: Message }>(part: Former<Part, "text">): Part & { readonly text: LanguageTexts } {
  const { message, text } = part as Partial<{ readonly message: Message; readonly text: LanguageTexts }>;
  const texts = message === undefined ? text! : textsOf(message);
  return { ...part, message: message ?? written(texts), text: texts } as Part & { readonly text: LanguageTexts };
}

function written(texts: LanguageTexts): Message {
  return { code: "autoTwin.asWritten", params: { texts } };
}
