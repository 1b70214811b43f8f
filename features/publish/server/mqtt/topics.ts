import type { ConnectionRecord, RecordReader, SignalRecord } from "@doppelwerk/world";
import { assetPlaces, distinctPaths, placeOfSignal } from "../places/asset-places.ts";
import { isBelow } from "./settings.ts";

/** A level that many brokers and clients would stumble over in length. */
const LEVEL_LENGTH = 200;
const TOPIC_BYTES = 65_535;

/** Below the prefix, where no shell can stand: its first character is one that a level never begins with. */
export const STATUS_LEVEL = "_doppelwerk/status";

export interface SignalTopics {
  /** Row of the live table → topic. */
  readonly topics: ReadonlyMap<number, string>;
  /** Signals that are read from below the prefix and so are not published. */
  readonly ownEchoes: number;
}

/** The topic of every signal: prefix, the shells from the enterprise down, the signal, told apart (`AgvFleet/AGV2/Speed`). */
export function topicsOf(signals: readonly (SignalRecord | undefined)[], reader: RecordReader, prefix: string): SignalTopics {
  const places = assetPlaces(reader);
  const placed: { readonly row: number; readonly signal: SignalRecord; readonly path: readonly string[] }[] = [];
  let ownEchoes = 0;
  for (const [row, signal] of signals.entries()) {
    if (signal === undefined) continue;
    if (isBelow(sourceTopic(signal, reader) ?? "", prefix)) ownEchoes++;
    else placed.push({ row, signal, path: placeOfSignal(signal, places, reader).map(levelOf) });
  }
  const topics = new Map<number, string>();
  for (const [at, path] of distinctPaths(placed, levelOf).entries()) {
    const topic = [prefix, ...path].join("/");
    if (Buffer.byteLength(topic) <= TOPIC_BYTES) topics.set(placed[at]!.row, topic);
  }
  return { topics, ownEchoes };
}

/** One level of a topic from any name: what MQTT does not allow or a reader cannot see becomes `_`; `_` first is kept for us. */
export function levelOf(name: string): string {
  const clean = name
    .replace(/[\s/+#\p{Cc}]+/gu, "_")
    .replace(/^[_$]+/, "")
    .slice(0, LEVEL_LENGTH);
  return clean === "" ? "unnamed" : clean.toWellFormed();
}

/** The topic a signal is read from, where it comes from a broker. */
function sourceTopic(signal: SignalRecord, reader: RecordReader): string | undefined {
  if (signal.connection === undefined) return undefined;
  const connection = reader.get(signal.connection) as ConnectionRecord | undefined;
  return connection?.protocol === "mqtt" ? signal.address?.split("#", 1)[0] : undefined;
}
