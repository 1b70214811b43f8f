import { message } from "@doppelwerk/messages";
import type { Instant } from "@doppelwerk/world";
import { DoppelwerkError } from "@doppelwerk/world";
import { instantOf } from "../samples/source-time.ts";
import { parseDocument, descendants, type XmlNode } from "./xml-node.ts";

export interface Observation {
  readonly dataItem: string;
  readonly category: "sample" | "event" | "condition";
  readonly sequence: number;
  readonly time: Instant | undefined;
  /** Text as it stands; for a condition its level; undefined = UNAVAILABLE. */
  readonly text: string | undefined;
  /** Of a condition: which of several this one is. */
  readonly nativeCode?: string;
  /** Hertz; only time series have it. */
  readonly sampleRate?: number;
  /** Entries or rows instead of a value. */
  readonly structured: boolean;
}

export interface StreamsDocument {
  /** Another one = the agent was started again and counts from 1. */
  readonly instanceId: string;
  readonly firstSequence: number;
  readonly nextSequence: number;
  readonly observations: readonly Observation[];
}

/** What an agent answered instead: its code and text (MTConnect Part 1, errors). */
export class AgentError extends Error {
  readonly code: string;
  constructor(code: string, text: string) {
    super(`the agent answers ${code}${text === "" ? "" : `: ${text.slice(0, 200)}`}`);
    this.name = "AgentError";
    this.code = code;
  }
}

/** Reads an MTConnectStreams document of any 1.x or 2.x. Throws `AgentError` for an MTConnectError document. */
export function readStreams(text: string): StreamsDocument {
  const root = parseDocument(text);
  if (root.name === "MTConnectError") {
    const error = [...descendants(root, "Error")][0] ?? [...descendants(root, "Errors")][0]?.children[0];
    throw new AgentError(error?.attributes["errorCode"] ?? "an error", error?.text ?? "");
  }
  if (root.name !== "MTConnectStreams")
    throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.agentAnswersOtherDocument", { name: root.name }));
  const header = root.children.find((child) => child.name === "Header")?.attributes ?? {};
  return {
    instanceId: header["instanceId"] ?? "",
    firstSequence: Number(header["firstSequence"] ?? 0),
    nextSequence: Number(header["nextSequence"] ?? 0),
    observations: [...descendants(root, "ComponentStream")].flatMap((component) =>
      component.children.flatMap((group) => {
        const category = CATEGORIES[group.name];
        return category === undefined ? [] : group.children.map((node) => observationOf(node, category));
      }),
    ),
  };
}

const CATEGORIES: Readonly<Record<string, Observation["category"] | undefined>> = {
  Samples: "sample",
  Events: "event",
  Condition: "condition",
};

function observationOf(node: XmlNode, category: Observation["category"]): Observation {
  const { dataItemId = "", sequence, timestamp, nativeCode, sampleRate } = node.attributes;
  const level = category === "condition" ? node.name : node.text;
  const rate = Number(sampleRate);
  return {
    dataItem: dataItemId,
    category,
    sequence: Number(sequence),
    time: instantOf(timestamp),
    text: /^unavailable$/i.test(level) ? undefined : level,
    ...(nativeCode === undefined ? {} : { nativeCode }),
    ...(node.name.endsWith("TimeSeries") && rate > 0 ? { sampleRate: rate } : {}),
    structured: node.children.length > 0,
  };
}
