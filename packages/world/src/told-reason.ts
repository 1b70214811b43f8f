import type { Message } from "@doppelwerk/messages";
import type { LogEntry } from "./change.ts";

/** What the server itself writes as reasons, however old the entry is; what people wrote is theirs and has no code. */
const ownReasons: readonly (readonly [RegExp, string])[] = [
  [/^fork: proposal from (?<name>.+)$/s, "changes.logForkOfProposal"],
  [/^fork: (?<name>.+)$/s, "changes.logFork"],
  [/^merge: (?<name>.+)$/s, "changes.logMerge"],
  [/^import (?<name>.+)$/s, "changes.logImport"],
  [/^connect (?<name>.+)$/s, "changes.logConnect"],
  [/^change the connection (?<name>.+)$/s, "changes.logConnectionChanged"],
  [/^derived signals of the line$/, "changes.logDerivedSignals"],
  [/^propose: (?<name>.+)$/s, "changes.logPropose"],
  [/^propose a twin from (?<name>.+)$/s, "changes.logProposeTwin"],
  [/^describe a merge request again$/, "changes.logRequestDescribed"],
  [/^comment on a merge request$/, "changes.logRequestComment"],
  [/^show other results on a merge request$/, "changes.logRequestResults"],
  [/^approve: (?<name>.+)$/s, "changes.logApprove"],
  [/^reject: (?<name>.+)$/s, "changes.logReject"],
  [/^withdraw: (?<name>.+)$/s, "changes.logWithdraw"],
  [/^confirmed on the plant$/, "changes.logConfirmed"],
];

/** A reason in a form that a screen can say in its reader's language: undefined = say the text as it is. */
export function toldReason({ reason, undo }: Pick<LogEntry, "reason" | "undo">): Message | undefined {
  if (undo !== undefined) return { code: "changes.logUndo", params: { name: reason.replace(/^undo: /, "") } };
  for (const [pattern, code] of ownReasons) {
    const match = pattern.exec(reason);
    if (match !== null) return { code, params: { ...match.groups } as Message["params"] };
  }
  return undefined;
}
