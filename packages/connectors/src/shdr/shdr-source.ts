import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { SignalRecord } from "@doppelwerk/world";
import { DraftCollector, exampleOf, typeOfScalar } from "../discovery/draft-collector.ts";
import type { Connector } from "../host/connector.ts";
import { rawOfText, scalarOfText } from "../samples/raw-of-text.ts";
import { createSessionSource, GRACE_MS, type Session } from "../samples/session-source.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import { shdrSettings, type ShdrSettings } from "./settings.ts";
import { LineSplitter, parseShdrLine, type ShdrLine } from "./shdr-line.ts";

const MOST_DRAFTS = 20_000;

/** An MTConnect adapter without its agent: SHDR lines over TCP, usually port 7878. A signal's address is the key of the adapter. */
export const shdrConnector: Connector = {
  open(connection, signals, options) {
    const settings = shdrSettings.parse(connection.settings ?? {});
    return createSessionSource({
      ...options,
      connection,
      signals,
      begin: async (intake) =>
        openSession(await openSocket(connection.url, settings), signals, settings, intake, options.graceMs ?? GRACE_MS),
    });
  },
  async discover({ url, settings: raw }, options) {
    const settings = shdrSettings.parse(raw ?? {});
    const collector = new DraftCollector(MOST_DRAFTS);
    const socket = await openSocket(url, settings);
    onLines(socket, settings, (line) => {
      for (const { key, text } of line.values) {
        if (text === undefined) continue;
        const value = scalarOfText(text);
        collector.add({ name: key, path: key.split(":"), address: key, valueType: typeOfScalar(value), example: exampleOf(value) });
      }
    });
    try {
      await sleep((options.listenS ?? settings.discoverS) * 1000);
    } finally {
      socket.destroy();
    }
    collector.remark("an adapter names its values but says neither unit nor type: its agent (http://…:5000) knows them");
    return collector.result(url);
  },
};

async function openSocket(url: string, { timeoutMs }: ShdrSettings): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 7878 : Number(port) });
  const timer = setTimeout(() => socket.destroy(new Error(`no connection in ${timeoutMs} ms`)), timeoutMs);
  socket.once("connect", () => resolve(socket));
  socket.on("error", reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function onLines(socket: Socket, settings: ShdrSettings, take: (line: ShdrLine) => void, command?: (text: string) => void): void {
  const splitter = new LineSplitter();
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    for (const line of splitter.push(text)) {
      if (line.startsWith("*")) command?.(line);
      const parsed = parseShdrLine(line, settings.timeZone);
      if (parsed !== undefined) take(parsed);
    }
  });
}

function openSession(
  socket: Socket,
  signals: readonly SignalRecord[],
  settings: ShdrSettings,
  intake: ValueIntake,
  silentMs: number,
): Session {
  const byKey = Map.groupBy(signals.keys(), (index) => signals[index]!.address ?? "");
  const { promise: lost, resolve } = Promise.withResolvers<string>();
  let reason = "connection lost";
  /** Runs only once the adapter has promised a heartbeat. */
  let silence: ReturnType<typeof setTimeout> | undefined;
  socket.on("error", (error) => (reason = error.message));
  socket.on("close", () => resolve(reason));
  socket.on("data", () => silence?.refresh());
  const said = new Set<string>();
  onLines(
    socket,
    settings,
    (line) => {
      for (const { key, text } of line.values) {
        for (const index of byKey.get(key) ?? []) {
          const first = !said.has(key);
          const raw = text === undefined ? undefined : rawOfText(text, signals[index]!.valueType);
          // what an adapter says first is what stands; it says it itself
          intake.value(index, { raw, ...(line.time === undefined ? {} : { time: line.time }), ...(first ? { standing: "now" } : {}) });
        }
        if (byKey.has(key)) said.add(key);
      }
      intake.flush();
      if (!intake.full) return;
      socket.pause();
      void intake.room().then(() => socket.resume());
    },
    (text) => {
      const pong = /^\*\s*PONG\s+(\d+)/.exec(text)?.[1];
      if (pong === undefined) return;
      // three missed heartbeats
      silence ??= setTimeout(
        () => {
          reason = "the adapter fell silent";
          socket.destroy();
        },
        Math.max(100, Number(pong)) * 3,
      );
    },
  );
  const ping = setInterval(() => socket.write("* PING\n"), settings.pingMs);
  socket.write("* PING\n");
  const unsaid = setTimeout(() => {
    for (const [key, indices] of byKey)
      if (!said.has(key)) for (const index of indices) intake.refused(index, "the adapter said nothing of this key yet");
  }, silentMs);
  void lost.then(() => {
    clearInterval(ping);
    clearTimeout(silence);
    clearTimeout(unsaid);
  });
  return {
    lost,
    async close() {
      socket.destroy();
      await lost;
    },
  };
}
