import { message, textOf, type Message } from "@doppelwerk/kit";
import type { SourceNotice } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";

/** What a connection says of itself: the sentence in English, and the same for a screen that speaks another language. */
export interface ConnectionFinding {
  readonly text: string;
  readonly told: Message;
}

/** Undefined for notices that are no finding. */
export function connectionFindingOf(notice: SourceNotice): ConnectionFinding | undefined {
  const told = messageOfNotice(notice);
  return told && { text: textOf(told), told };
}

function messageOfNotice(notice: SourceNotice): Message | undefined {
  switch (notice.kind) {
    case "dropped":
      return message("connect.samplesDropped", { count: notice.count, why: notice.why });
    case "clockOffset": {
      const { source, offsetS } = notice;
      const params = { source: source.split(/[:/]/).at(-1) ?? source, seconds: Math.abs(offsetS).toFixed(1) };
      return offsetS > 0 ? message("connect.clockAhead", params) : message("connect.clockBehind", params);
    }
    case "finding":
      return notice.address ? message("connect.findingAt", { finding: notice.message, address: notice.address }) : notice.message;
    default:
      return undefined;
  }
}
