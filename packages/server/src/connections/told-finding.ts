import type { Told } from "@doppelwerk/sync";
import type { SourceNotice } from "@doppelwerk/world";
import { toldSentence } from "@doppelwerk/connectors/sentences";

/** What a connection says of itself: the sentence in English, and the same for a screen that speaks another language. */
export interface ConnectionFinding {
  readonly text: string;
  readonly told: Told | null;
}

/** Undefined for notices that are no finding. */
export function toldFinding(notice: SourceNotice): ConnectionFinding | undefined {
  switch (notice.kind) {
    case "dropped":
      return {
        text: `${notice.count} samples dropped: ${notice.why}`,
        told: { code: "dropped", values: { count: notice.count, why: toldSentence(notice.why) ?? notice.why } },
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
      return { text: address ? `${message} (${address})` : message, told: withAddress(toldSentence(message), address) };
    }
    default:
      return undefined;
  }
}

function withAddress(told: Told | undefined, address: string | undefined): Told | null {
  if (told === undefined) return null;
  return address ? { ...told, values: { ...told.values, address } } : told;
}
