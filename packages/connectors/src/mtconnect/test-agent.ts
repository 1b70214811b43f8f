// An MTConnect agent for tests: a ring of observations behind HTTP, with probe, current, sample and multipart streams, in the words of version 2.0.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface TestItem {
  readonly id: string;
  readonly category: "SAMPLE" | "EVENT" | "CONDITION";
  /** Element name in streams, for example `Position`. */
  readonly element?: string;
}

interface Held {
  readonly item: TestItem;
  readonly sequence: number;
  readonly timestamp: string;
  readonly text: string;
  readonly nativeCode: string | undefined;
}

export interface TestAgentOptions {
  readonly items: readonly TestItem[];
  /** Body of `probe`. */
  readonly devices?: string;
  readonly bufferSize?: number;
  /** Answers `sample?interval` without a stream, as some do. */
  readonly noStreams?: boolean;
  readonly port?: number;
  readonly instanceId?: number;
}

export interface TestAgent {
  readonly port: number;
  readonly url: string;
  /** Adds an observation at the time given, else now. */
  observe(id: string, text: string, timestamp?: string, nativeCode?: string): void;
  /** As when the agent is started again between two questions: its buffer is empty, and counts from 1. */
  restart(instanceId: number): void;
  /** Breaks every stream; the buffer goes on to fill. */
  cutStreams(): void;
  /** What was asked, path and query. */
  readonly asked: string[];
  stop(): Promise<void>;
}

export async function startTestAgent(options: TestAgentOptions): Promise<TestAgent> {
  const { items, bufferSize = 1_000 } = options;
  let instanceId = options.instanceId ?? 1;
  const byId = new Map(items.map((item) => [item.id, item]));
  const buffer: Held[] = [];
  const latest = new Map<string, Held>();
  const streams = new Set<() => void>();
  const open = new Set<ServerResponse>();
  const asked: string[] = [];
  let sequence = 1;
  const add = (item: TestItem, text: string, timestamp: string, nativeCode?: string): void => {
    const held: Held = { item, sequence: sequence++, timestamp, text, nativeCode };
    buffer.push(held);
    if (buffer.length > bufferSize) buffer.shift();
    latest.set(item.id, held);
  };
  const begin = (): void => {
    for (const item of items)
      add(item, item.category === "CONDITION" ? "Unavailable" : "UNAVAILABLE", new Date(Date.now() - 1).toISOString());
  };
  begin();
  const first = (): number => buffer[0]?.sequence ?? 1;

  const document = (observations: readonly Held[], next: number): string => {
    const group = (category: TestItem["category"], tag: string): string => {
      const own = observations.filter(({ item }) => item.category === category);
      return own.length === 0 ? "" : `<${tag}>${own.map(element).join("")}</${tag}>`;
    };
    return `<?xml version="1.0" encoding="UTF-8"?><MTConnectStreams xmlns="urn:mtconnect.org:MTConnectStreams:2.0"><Header creationTime="${new Date().toISOString()}" sender="test" instanceId="${instanceId}" version="2.0.0.1" bufferSize="${bufferSize}" nextSequence="${next}" firstSequence="${first()}" lastSequence="${sequence - 1}"/><Streams><DeviceStream name="M" uuid="m"><ComponentStream component="Device" name="M" componentId="m">${group("SAMPLE", "Samples")}${group("EVENT", "Events")}${group("CONDITION", "Condition")}</ComponentStream></DeviceStream></Streams></MTConnectStreams>`;
  };

  const since = (from: number, count: number): { text: string; next: number } | undefined => {
    if (from < first() || from > sequence) return undefined;
    const part = buffer.filter((held) => held.sequence >= from).slice(0, count);
    const next = part.length === 0 ? from : part.at(-1)!.sequence + 1;
    return { text: document(part, next), next };
  };

  const outOfRange = (): string =>
    `<?xml version="1.0"?><MTConnectError xmlns="urn:mtconnect.org:MTConnectError:2.0"><Header instanceId="${instanceId}"/><Errors><Error errorCode="OUT_OF_RANGE">'from' must be within the buffer</Error></Errors></MTConnectError>`;

  const stream = (response: ServerResponse, begin: number, count: number, heartbeatMs: number): void => {
    const boundary = "a8e12eced4fb871ac096a99bf9728425";
    response.writeHead(200, { "content-type": `multipart/x-mixed-replace;boundary=${boundary}` });
    let from = begin;
    const send = (even: boolean): void => {
      const part = response.destroyed ? undefined : since(from, count);
      if (part === undefined || (part.next === from && !even)) return;
      // what one part cannot hold follows at once, not at the next beat
      if (part.next !== from) setImmediate(wake);
      from = part.next;
      const body = Buffer.from(part.text);
      response.write(`--${boundary}\r\nContent-type: text/xml\r\nContent-length: ${body.length}\r\n\r\n`);
      // in pieces, as networks do
      response.write(body.subarray(0, 100));
      response.write(body.subarray(100));
      response.write("\r\n");
    };
    const wake = (): void => send(false);
    const beat = setInterval(() => send(true), heartbeatMs);
    streams.add(wake);
    send(true);
    response.on("close", () => {
      clearInterval(beat);
      streams.delete(wake);
      open.delete(response);
    });
    open.add(response);
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!, "http://agent");
    asked.push(request.url!);
    const xml = (text: string, status = 200): void => void response.writeHead(status, { "content-type": "text/xml" }).end(text);
    const action = url.pathname.split("/").at(-1);
    if (action === "probe")
      return xml(options.devices ?? `<MTConnectDevices xmlns="urn:mtconnect.org:MTConnectDevices:2.0"><Devices/></MTConnectDevices>`);
    if (action === "current") return xml(document([...latest.values()], sequence));
    if (action !== "sample") return xml("", 404);
    const from = Number(url.searchParams.get("from") ?? first());
    const count = Number(url.searchParams.get("count") ?? 100);
    const part = since(from, count);
    if (part === undefined) return xml(outOfRange(), 404);
    if (url.searchParams.has("interval") && options.noStreams !== true)
      return stream(response, from, count, Number(url.searchParams.get("heartbeat") ?? 10_000));
    xml(part.text);
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    asked,
    observe(id, text, timestamp = new Date().toISOString(), nativeCode) {
      add(byId.get(id)!, text, timestamp, nativeCode);
      for (const wake of streams) wake();
    },
    restart(id) {
      instanceId = id;
      sequence = 1;
      buffer.length = 0;
      latest.clear();
      begin();
      for (const response of open) response.destroy();
    },
    cutStreams() {
      for (const response of open) response.destroy();
    },
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function element({ item, sequence, timestamp, text, nativeCode }: Held): string {
  const attributes = `dataItemId="${item.id}" sequence="${sequence}" timestamp="${timestamp}"`;
  if (item.category === "CONDITION")
    return `<${text} ${attributes} type="SYSTEM"${nativeCode === undefined ? "" : ` nativeCode="${nativeCode}"`}>text</${text}>`;
  const name = item.element ?? (item.category === "SAMPLE" ? "Position" : "Message");
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<${name} ${attributes}${name.endsWith("TimeSeries") ? ` sampleRate="100" sampleCount="${text.split(" ").length}"` : ""}>${escaped}</${name}>`;
}
