import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { message, type Message } from "@doppelwerk/messages";
import type { SignalRecord } from "@doppelwerk/world";
import { DoppelwerkError } from "@doppelwerk/world";
import { DraftCollector, exampleOf, typeOfScalar } from "../discovery/draft-collector.ts";
import type { Connector } from "../host/connector.ts";
import { rawOfText, scalarOfText } from "../samples/raw-of-text.ts";
import { createSessionSource, GRACE_MS, type Session } from "../samples/session-source.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import { shdrSettings, type ShdrSettings } from "./settings.ts";
import { LineSplitter, parseShdrLine, type ShdrLine } from "./shdr-line.ts";
import { reasonOf } from "../samples/reason-of.ts";

const MAX_DRAFTS = 20_000;

/** An MTConnect adapter without its agent: SHDR lines over TCP, usually port 7878. A signal's address is the key of the adapter. */
export const shdrConnector: Connector = {
  open(connection, signals, options) {
    const settings = shdrSettings.parse(connection.settings ?? {});
    return createSessionSource({
      ...options,
      connection,
      signals,
      begin: async (intake) =>
        openSession(await openSocket(connection.url, settings), connection.url, signals, settings, intake, options.graceMs ?? GRACE_MS),
    });
  },
  async discover({ url, settings: raw }, options) {
    const settings = shdrSettings.parse(raw ?? {});
    const collector = new DraftCollector(MAX_DRAFTS);
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
    collector.remark(message("connectors.adapterNoUnits"));
    return collector.result(url);
  },
};

async function openSocket(url: string, { timeoutMs }: ShdrSettings): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 7878 : Number(port) });
  const timer = setTimeout(
    () => socket.destroy(new DoppelwerkError("DW_UNAVAILABLE", message("connectors.noConnectionMs", { timeoutMs }))),
    timeoutMs,
  );
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

/** So many pings without an answer, and the adapter knows none; what was never acknowledged would also keep TCP from asking for life itself. */
const PINGS_UNANSWERED = 3;
/** TCP asks for life after so long without a byte; ten seconds later a peer that is gone is given up. */
const KEEP_ALIVE_MS = 10_000;
const SILENT = message("connectors.adapterFellSilent");

function openSession(
  first: Socket,
  url: string,
  signals: readonly SignalRecord[],
  settings: ShdrSettings,
  intake: ValueIntake,
  silentMs: number,
): Session {
  const byKey = Map.groupBy(signals.keys(), (index) => signals[index]!.address ?? "");
  const { promise: lost, resolve } = Promise.withResolvers<Message>();
  let socket = first;
  let over = false;
  /** Promised by the adapter; undefined while it promised none. */
  let heartbeatMs: number | undefined;
  let unanswered = 0;
  /** Pieces that came, to see whether any did. */
  let heard = 0;
  let silence: ReturnType<typeof setTimeout> | undefined;
  /** Keys that were said since anything was first said on this link. */
  let said = new Set<string>();
  const unsaid = setTimeout(() => {
    for (const [key, indices] of byKey)
      if (!said.has(key)) for (const index of indices) intake.refused(index, message("connectors.keySilent"));
  }, silentMs);
  const ping = setInterval(() => {
    if (heartbeatMs === undefined && ++unanswered > PINGS_UNANSWERED) return;
    socket.write("* PING\n");
  }, settings.pingMs);

  const lose = (reason: Message): void => {
    if (over) return;
    over = true;
    clearInterval(ping);
    clearTimeout(silence);
    clearTimeout(unsaid);
    socket.destroy();
    resolve(reason);
  };
  const watch = (): void => {
    clearTimeout(silence);
    // three missed heartbeats
    const most = heartbeatMs === undefined ? settings.silentS * 1_000 : Math.max(100, heartbeatMs) * 3;
    silence = setTimeout(() => (heartbeatMs === undefined ? void lookAgain() : lose(SILENT)), most);
  };
  /**
   * An adapter without heartbeat says nothing while nothing changes, and so does a link that is dead at its other end. Whoever connects is told what
   * stands: a second link that is told it takes the place of the first; one that is told nothing shows that the adapter is gone.
   */
  const lookAgain = async (): Promise<void> => {
    if (heard === 0) return watch();
    const before = heard;
    const other = await openSocket(url, settings).catch(() => {
      // an adapter that accepts nobody is gone, and is taken for one below
      return undefined;
    });
    const speaks = other !== undefined && (await saysSomething(other, settings.timeoutMs));
    if (over || heard !== before) {
      other?.destroy();
      if (!over) watch();
    } else if (!speaks) {
      other?.destroy();
      lose(SILENT);
    } else follow(other);
  };
  const follow = (link: Socket): void => {
    const before = socket;
    socket = link;
    if (before !== link) before.destroy();
    said = new Set();
    let reason = message("connectors.connectionLost");
    link.setKeepAlive(true, KEEP_ALIVE_MS);
    link.on("error", (error) => (reason = reasonOf(error)));
    link.on("close", () => link === socket && lose(reason));
    link.on("data", () => {
      heard++;
      silence?.refresh();
    });
    onLines(link, settings, take, (text) => {
      const pong = /^\*\s*PONG\s+(\d+)/.exec(text)?.[1];
      if (pong === undefined || heartbeatMs !== undefined) return;
      heartbeatMs = Number(pong);
      watch();
    });
    // what it said while it was only looked at waits to be read
    link.resume();
    watch();
    link.write("* PING\n");
  };
  const take = (line: ShdrLine): void => {
    for (const { key, text } of line.values) {
      for (const index of byKey.get(key) ?? []) {
        const isFirst = !said.has(key);
        const raw = text === undefined ? undefined : rawOfText(text, signals[index]!.valueType);
        // what an adapter says first is what stands; it says it itself
        intake.value(index, { raw, ...(line.time === undefined ? {} : { time: line.time }), ...(isFirst ? { standing: "now" } : {}) });
      }
      if (byKey.has(key)) said.add(key);
    }
    intake.flush();
    if (!intake.full) return;
    const reading = socket;
    reading.pause();
    void intake.room().then(() => reading.resume());
  };
  follow(first);
  return {
    lost,
    async close() {
      lose(message("connectors.connectionClosed"));
      await lost;
    },
  };
}

/** Whether anything comes within the time; it stays to be read. */
async function saysSomething(socket: Socket, withinMs: number): Promise<boolean> {
  return once(socket, "readable", { signal: AbortSignal.timeout(withinMs) }).then(
    () => socket.readableLength > 0,
    () => false,
  );
}
