import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { MqttClient } from "mqtt";
import type { Destination, SentValue } from "./destination.ts";
import type { PlantServer } from "./plant-server.ts";
import { readJson, writeWhole } from "./small-file.ts";

export interface Receivers {
  readonly mqtt?: MqttClient;
  readonly server?: PlantServer;
  /** Where a bench posts its curves. */
  readonly curves?: string;
}

const MOST = 1_000;
const NOTE_MS = 2_000;
/** Values of one request older than this waited here. */
const LATE_MS = 60_000;

interface Note {
  readonly seq: number;
  /** The connection that has received up to there; another one has received nothing. */
  readonly connection?: string;
}

/**
 * Sends the entries of one destination in order, each until it is acknowledged. How far it came is noted a moment later, so after a kill some are sent again:
 * with the same time and number, by which a receiver knows them.
 */
export async function deliver(
  destination: Destination,
  receivers: Receivers,
  options: { readonly folder: string; readonly stop: AbortSignal; readonly log: (text: string) => void },
): Promise<void> {
  const file = join(options.folder, `sent-${destination.name}.json`);
  let noted = readJson<Note>(file, { seq: 0 });
  let sent = noted;
  let notedAt = 0;
  let complaint = "";
  while (!options.stop.aborted) {
    let pauseMs = 500;
    try {
      const to = await receiverOf(destination, receivers);
      if (to !== undefined) {
        if (to.connection !== sent.connection) sent = { seq: 0, ...to };
        const entries = destination.pending(sent.seq, MOST);
        const values = entries.flatMap((entry) => entry.values);
        const events = entries.flatMap(({ event }) => event ?? []);
        if (events.length > 0) await receivers.server!.capture(events);
        if (values.length > 0) await send(destination, receivers, to, values, options.stop);
        if (entries.length > 0) sent = { ...sent, seq: entries.at(-1)!.seq };
        pauseMs = entries.length > 0 ? 5 : 500;
      }
      complaint = "";
    } catch (error) {
      const words = (error as Error).message;
      if (!options.stop.aborted && words !== complaint) options.log(`${destination.name}: ${words}`);
      complaint = words;
      pauseMs = 1_000;
    }
    if (sent !== noted && Date.now() - notedAt > NOTE_MS) {
      writeWhole(file, JSON.stringify(sent));
      noted = sent;
      notedAt = Date.now();
    }
    await sleep(pauseMs, undefined, { signal: options.stop }).catch(() => {
      // told to stop: the loop ends
    });
  }
  if (sent !== noted) writeWhole(file, JSON.stringify(sent));
}

/** Undefined: there is nobody to send to now. */
async function receiverOf({ name, by }: Destination, receivers: Receivers): Promise<{ readonly connection?: string } | undefined> {
  if (by === "mqtt") return receivers.mqtt?.connected === true ? {} : undefined;
  if (by === "post") return receivers.curves === undefined ? undefined : {};
  if (by === "epcis") {
    const world = await receivers.server?.known();
    return world === undefined ? undefined : { connection: world };
  }
  const connection = await receivers.server?.connectionOf(name);
  return connection === undefined ? undefined : { connection };
}

async function send(
  { name, by }: Destination,
  receivers: Receivers,
  to: { readonly connection?: string },
  values: readonly SentValue[],
  stop: AbortSignal,
): Promise<void> {
  if (by === "push") return receivers.server!.push(name, to.connection!, values, values[0]!.ms < Date.now() - LATE_MS);
  if (by === "mqtt")
    return void (await Promise.all(
      values.map((value) => receivers.mqtt!.publishAsync(value.address, messageOf(value), { qos: 1, retain: true })),
    ));
  for (const { address, value } of values) {
    const response = await fetch(`${receivers.curves}/${encodeURIComponent(address)}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: String(value),
      signal: AbortSignal.any([stop, AbortSignal.timeout(10_000)]),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the curve ${address} is answered ${response.status}`);
  }
}

function messageOf({ value, ms }: SentValue): string {
  return JSON.stringify({ timestamp: new Date(ms).toISOString(), value });
}
