import type { Told } from "@doppelwerk/sync";
import type { SourceNotice } from "@doppelwerk/world";

/** What a connection says of itself: the sentence in English, and the same for a screen that speaks another language. */
export interface ConnectionFinding {
  readonly text: string;
  readonly told: Told | null;
}

/** Sentences of the connectors. A source says them in English only, because it may run elsewhere and be older than this server. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^no source time: the server's time is taken$/, "noSourceTime"],
  [/^the server keeps no history of (?<count>\d+) of (?<total>\d+) signals$/, "noHistory"],
  [/^history broke off: (?<why>.+)$/s, "historyBroke"],
  [/^history: (?<why>.+)$/s, "historyFault"],
  [/^the address names a namespace by index, which the server may renumber$/, "namespaceIndex"],
  [/^(?<got>.+) where (?<type>\w+) is declared$/s, "wrongType"],
  [/^a text of more than (?<most>\d+) characters$/, "longText"],
  [/^reading takes longer than the interval: the values come later than asked for$/, "slowReading"],
  [/^there are topics that no signal is taken from, for example (?<topic>.+)$/s, "unusedTopic"],
  [/^the (?:payload|answer) has nothing at this pointer$/, "nothingAtPointer"],
  [/^a payload that is no Sparkplug B$/, "noSparkplug"],
  [/^alias (?<alias>.+) was never explained by a birth$/, "unknownAlias"],
  [/^the agent was started anew: what it saw before its loss is gone$/, "agentAnew"],
  [/^some rows lie more than a day ahead: their values are uncertain, and rows are asked for as if they were not there$/, "rowsAhead"],
  [/^the agent sends no stream: it is asked at the interval instead$/, "agentAsked"],
];

/** Undefined for notices that are no finding. */
export function toldFinding(notice: SourceNotice): ConnectionFinding | undefined {
  switch (notice.kind) {
    case "dropped":
      return {
        text: `${notice.count} samples dropped: ${notice.why}`,
        told: { code: "dropped", values: { count: notice.count, why: notice.why } },
      };
    case "clockOffset": {
      const { source, offsetS } = notice;
      const ahead = offsetS > 0;
      return {
        text: `clock of ${source} is ${offsetS.toFixed(1)} s ${ahead ? "ahead" : "behind"}; times are corrected`,
        told: {
          code: ahead ? "clockAhead" : "clockBehind",
          values: { source: source.split(/[:/]/).at(-1) ?? source, seconds: Math.abs(offsetS).toFixed(1) },
        },
      };
    }
    case "finding": {
      const { message, address } = notice;
      return { text: address ? `${message} (${address})` : message, told: toldSentence(message, address) };
    }
    default:
      return undefined;
  }
}

function toldSentence(message: string, address: string | undefined): Told | null {
  for (const [pattern, code] of sentences) {
    const match = pattern.exec(message);
    if (match !== null) return { code, values: { ...match.groups, ...(address ? { address } : {}) } };
  }
  return null;
}
