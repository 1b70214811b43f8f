import type { Told } from "@doppelwerk/sync";
import type { LogEntry } from "@doppelwerk/world";

/** What the server itself writes as reasons, however old the entry is; what people wrote is theirs and has no code. */
const ownReasons: readonly (readonly [RegExp, string])[] = [
  [/^fork: proposal from (?<name>.+)$/s, "forkOfProposal"],
  [/^fork: (?<name>.+)$/s, "fork"],
  [/^merge: (?<name>.+)$/s, "merge"],
  [/^import (?<name>.+)$/s, "import"],
  [/^connect (?<name>.+)$/s, "connect"],
  [/^change the connection (?<name>.+)$/s, "connectionChanged"],
  [/^derived signals of the line$/, "derivedSignals"],
  [/^propose: (?<name>.+)$/s, "propose"],
  [/^propose a twin from (?<name>.+)$/s, "proposeTwin"],
  [/^describe a merge request again$/, "requestDescribed"],
  [/^comment on a merge request$/, "requestComment"],
  [/^show other results on a merge request$/, "requestResults"],
  [/^approve: (?<name>.+)$/s, "approve"],
  [/^reject: (?<name>.+)$/s, "reject"],
  [/^withdraw: (?<name>.+)$/s, "withdraw"],
  [/^confirmed on the plant$/, "confirmed"],
];

/** A reason in a form that a screen can say in its reader's language: undefined = say the text as it is. */
export function toldReason({ reason, undo }: Pick<LogEntry, "reason" | "undo">): Told | undefined {
  if (undo !== undefined) return { code: "undo", values: { name: reason.replace(/^undo: /, "") } };
  for (const [pattern, code] of ownReasons) {
    const match = pattern.exec(reason);
    if (match !== null) return { code, values: { ...match.groups } };
  }
  return undefined;
}
