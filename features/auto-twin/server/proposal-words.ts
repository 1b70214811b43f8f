import { message, textIn, type Language, type Message } from "@doppelwerk/kit";
import type { Proposal } from "@doppelwerk/operations";
import type {} from "../message-codes.ts";

/** What a proposal writes into its branch and its request: people read it there, so it stands in the language of the one who asked. */
export interface ProposalWords {
  readonly branch: string;
  readonly title: string;
  readonly action: string;
  readonly text: string;
}

const MAX_UNKNOWN_LINES = 20;

/** `conflicts` counts things people changed that stay as they are; `id` is where the evidence is kept. */
export function proposalWords(
  language: Language,
  name: string,
  { counts, questions, unknowns }: Pick<Proposal, "counts" | "questions" | "unknowns">,
  conflicts: number,
  id: string,
): ProposalWords {
  const text = (each: Message): string => textIn(each, language);
  const { assets, signals, offered, nameplates, flows, candidates } = counts;
  const unknown = unknowns.filter(({ finding }) => finding === undefined);
  const faults = unknowns.length - unknown.length;
  const lines = [
    text(message("autoTwin.request.counts", { assets, signals, offered, nameplates, flows, candidates })),
    ...(conflicts === 0 ? [] : [text(message("autoTwin.request.conflicts", { count: conflicts }))]),
    ...(questions.length === 0
      ? []
      : ["", text(message("autoTwin.request.questions")), ...questions.map((each) => `- ${text(each.message)}`)]),
    ...(faults === 0 ? [] : ["", text(message("autoTwin.request.faults", { count: faults }))]),
    ...(unknown.length === 0
      ? []
      : [
          "",
          text(message("autoTwin.request.unknown")),
          ...unknown
            .slice(0, MAX_UNKNOWN_LINES)
            .map(
              ({ message: what, count }) => `- ${text(count === 0 ? what : message("autoTwin.request.counted", { reason: what, count }))}`,
            ),
        ]),
    "",
    text(message("autoTwin.request.evidence", { id })),
  ];
  return {
    branch: text(message("autoTwin.request.branch", { name })).slice(0, 120),
    title: text(message("autoTwin.request.title", { name })).slice(0, 200),
    action: text(message("autoTwin.request.action")),
    text: lines.join("\n").slice(0, 10_000),
  };
}
