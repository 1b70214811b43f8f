import type { ConnectionRecord, RecordReader, SignalRecord } from "@doppelwerk/world";
import { assetPlaces, placeOfSignal } from "./asset-places.ts";
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

/**
 * The topic of every signal: prefix, the shells from the enterprise down, the signal. Those that would share a topic are told apart by what differs in
 * their addresses (`AgvFleet/AGV2/Speed`), else by their ids, whatever the order they come in.
 */
export function topicsOf(signals: readonly (SignalRecord | undefined)[], reader: RecordReader, prefix: string): SignalTopics {
  const places = assetPlaces(reader);
  const rows = new Map<string, { readonly row: number; readonly signal: SignalRecord }[]>();
  let ownEchoes = 0;
  for (const [row, signal] of signals.entries()) {
    if (signal === undefined) continue;
    if (isBelow(sourceTopic(signal, reader) ?? "", prefix)) {
      ownEchoes++;
      continue;
    }
    const topic = [prefix, ...placeOfSignal(signal, places, reader).map(levelOf)].join("/");
    const there = rows.get(topic);
    if (there === undefined) rows.set(topic, [{ row, signal }]);
    else there.push({ row, signal });
  }
  const topics = new Map<number, string>();
  const taken = new Set(rows.keys());
  for (const [topic, sharing] of rows) {
    const named = sharing.length === 1 ? [topic] : topicsByAddress(topic, sharing);
    const isFree = named !== undefined && (sharing.length === 1 || named.every((each) => !taken.has(each)));
    for (const [at, { row, signal }] of sharing.entries()) {
      const whole = isFree ? named[at]! : `${topic}~${signal.id.slice(-12)}`;
      taken.add(whole);
      if (Buffer.byteLength(whole) <= TOPIC_BYTES) topics.set(row, whole);
    }
  }
  return { topics, ownEchoes };
}

/** The first part of their addresses in which all of the signals differ, as a level above them; undefined where there is none that says anything. */
function topicsByAddress(topic: string, sharing: readonly { readonly signal: SignalRecord }[]): readonly string[] | undefined {
  const addresses = sharing.map(({ signal }) => (signal.address ?? "").split(/[/.;#|]+/));
  const [first] = addresses;
  if (addresses.some((parts) => parts.length !== first!.length)) return undefined;
  const last = topic.lastIndexOf("/");
  for (let part = 0; part < first!.length; part++) {
    const levels = addresses.map((parts) => parts[part]!);
    // a number of a node says no more than our own
    if (levels.some((level) => level === "" || /^[ig]=|^\d+$/.test(level))) continue;
    const named = levels.map((level) => `${topic.slice(0, last)}/${levelOf(level.replace(/^s=/, ""))}${topic.slice(last)}`);
    if (new Set(named).size === named.length) return named;
  }
  return undefined;
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
