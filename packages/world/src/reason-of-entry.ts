import type { Message } from "@doppelwerk/messages";
import type { LogEntry } from "./change.ts";

/** How releases before `LogEntry.message` wrote the reasons of the product, for the logs that hold them. What people wrote has no code. */
const oldReasons: readonly (readonly [RegExp, string])[] = [
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

/** The reason of an entry as a message; undefined = show its text as it is. */
export function messageOfEntry({ reason, undo, message }: Pick<LogEntry, "reason" | "undo" | "message">): Message | undefined {
  if (message !== undefined) return message;
  if (undo !== undefined) return { code: "changes.logUndo", params: { name: reason.replace(/^undo: /, "") } };
  for (const [pattern, code] of oldReasons) {
    const match = pattern.exec(reason);
    if (match !== null) return { code, params: { ...match.groups } as Message["params"] };
  }
  return undefined;
}
