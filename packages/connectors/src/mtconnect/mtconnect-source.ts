import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { SampleSource, SignalRecord } from "@doppelwerk/world";
import type { BrowseResult } from "@doppelwerk/world";
import type { ConnectionTarget, Connector, ConnectorOptions, DiscoverOptions } from "../host/connector.ts";
import { GuardedClient } from "../http/guarded-client.ts";
import { reasonOf } from "../samples/reason-of.ts";
import { createSessionSource, type Session } from "../samples/session-source.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import { offerOfDevices } from "./devices.ts";
import { boundaryOf, partsOf } from "./multipart.ts";
import { ObservationReader } from "./observation-reader.ts";
import { mtconnectSettings, type MtconnectSettings } from "./settings.ts";
import { AgentError, readStreams, type StreamsDocument } from "./streams.ts";
import { pause } from "../samples/pause.ts";

/** An MTConnect agent over HTTP. A signal's address is the id of a data item. */
export const mtconnectConnector: Connector = {
  open: (connection, signals, options) => createMtconnectSource(connection, signals, options),
  discover,
};

/** How far the agent's buffer was followed: kept over losses, so that what came meanwhile is read from the buffer. */
interface Position {
  instanceId: string | undefined;
  next: number;
}

function createMtconnectSource(
  connection: Parameters<Connector["open"]>[0],
  signals: readonly SignalRecord[],
  options: ConnectorOptions,
): SampleSource {
  const settings = mtconnectSettings.parse(connection.settings ?? {});
  const base = baseOf(connection.url);
  const { backfillFrom } = options;
  const after = (index: number): number => (typeof backfillFrom === "number" ? backfillFrom : (backfillFrom?.[index] ?? 0)) || 0;
  const position: Position = { instanceId: undefined, next: 0 };
  return createSessionSource({
    ...options,
    connection,
    signals,
    async begin(intake, stop) {
      const client = new GuardedClient(settings, options.secret);
      const ended = new AbortController();
      const signal = AbortSignal.any([stop, ended.signal]);
      try {
        const current = readStreams(await pageOf(client, new URL("current", base), signal));
        const reader = new ObservationReader(signals, after);
        const from = begin(current, position, reader, intake, backfillFrom !== undefined);
        const follow: Follow = {
          client,
          base,
          settings,
          reader,
          intake,
          position,
          stop: signal,
          currentNext: current.nextSequence,
          isBehind: from < current.nextSequence,
        };
        if (follow.isBehind) intake.archiveBegins();
        else void caughtUp(follow);
        const lost = (settings.mode === "stream" ? followStream(follow, from) : followPolls(follow, from)).catch(reasonOf);
        return sessionOf(lost, ended, client);
      } catch (error) {
        client.close();
        throw error;
      }
    },
  });
}

function sessionOf(lost: Promise<Message>, ended: AbortController, client: GuardedClient): Session {
  return {
    lost,
    async close() {
      ended.abort();
      client.close();
      await lost;
    },
  };
}

export function baseOf(url: string): URL {
  const base = new URL(url);
  base.search = "";
  base.hash = "";
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return base;
}

/** Says what stands, and returns where to follow from: where we were, if the agent is the same and still has it. */
function begin(current: StreamsDocument, position: Position, reader: ObservationReader, intake: ValueIntake, wantsPast: boolean): number {
  for (const index of reader.missing(current.observations)) intake.refused(index, message("connectors.dataItemUnknown"));
  for (const observation of current.observations) reader.read(observation, "current", intake);
  intake.flush();
  // some agents bear the same id over restarts, and count from 1 all the same
  const known = position.instanceId !== undefined;
  const resumed = position.instanceId === current.instanceId && position.next <= current.nextSequence ? position.next : undefined;
  if (known && resumed === undefined) intake.finding(undefined, message("connectors.agentRestartedWithLoss"));
  position.instanceId = current.instanceId;
  const wanted = resumed ?? (known || wantsPast ? current.firstSequence : current.nextSequence);
  if (resumed !== undefined && resumed < current.firstSequence)
    intake.dropped(current.firstSequence - resumed, message("connectors.observationsOverwritten"));
  return Math.max(wanted, current.firstSequence, 1);
}

interface Follow {
  readonly client: GuardedClient;
  readonly base: URL;
  readonly settings: MtconnectSettings;
  readonly reader: ObservationReader;
  readonly intake: ValueIntake;
  readonly position: Position;
  readonly stop: AbortSignal;
  /** What lies before was told by `current` as it stands: from the buffer it is history. */
  readonly currentNext: number;
  /** The buffer was not read up to there yet. */
  isBehind: boolean;
}

function sampleUrl({ base, settings }: Follow, from: number, stream: boolean): URL {
  const url = new URL("sample", base);
  url.searchParams.set("from", String(from));
  url.searchParams.set("count", String(settings.count));
  if (stream) {
    url.searchParams.set("interval", String(settings.intervalMs));
    url.searchParams.set("heartbeat", String(settings.heartbeatMs));
  }
  return url;
}

const STARTED_ANEW = message("connectors.agentRestarted");

/** An agent that lost its buffer counts from 1, so that what it counts next lies behind where we are. */
function isAnew({ instanceId, nextSequence }: StreamsDocument, position: Position, from: number): boolean {
  return instanceId !== position.instanceId || nextSequence < from;
}

/** Takes a document of the sequence; returns where the next begins. */
async function take(follow: Follow, text: string, from: number): Promise<number> {
  const { intake, reader, position, currentNext } = follow;
  const document = readStreams(text);
  if (isAnew(document, position, from)) throw new DoppelwerkError("DW_UNAVAILABLE", STARTED_ANEW);
  const first = Math.min(...document.observations.map(({ sequence }) => sequence), document.nextSequence);
  if (first > from && document.firstSequence > from)
    intake.dropped(document.firstSequence - from, message("connectors.observationsOverwritten"));
  // a document groups observations by component: the order is that of the sequence
  for (const observation of document.observations.toSorted((a, b) => a.sequence - b.sequence))
    if (observation.sequence >= from) reader.read(observation, observation.sequence < currentNext ? "past" : "live", intake);
  intake.flush();
  if (intake.full) await intake.room();
  position.next = Math.max(from, document.nextSequence);
  if (follow.isBehind && position.next >= currentNext) await caughtUp(follow);
  return position.next;
}

/** The buffer was read to where `current` stood: what comes from now on is live. */
async function caughtUp(follow: Follow): Promise<void> {
  follow.isBehind = false;
  follow.reader.caughtUp();
  await follow.intake.archiveEnds(follow.reader.pastValues);
}

/** Resolves with why it ended. */
async function followStream(follow: Follow, begin: number): Promise<Message> {
  const { client, settings, stop } = follow;
  const response = await client.stream(sampleUrl(follow, begin, true), { accept: "multipart/x-mixed-replace" }, stop);
  const boundary = boundaryOf(response.headers["content-type"]);
  if (boundary === undefined) {
    response.destroy();
    follow.intake.finding(undefined, message("connectors.agentPolledInstead"));
    return followPolls(follow, begin);
  }
  let silent = false;
  const timer = setTimeout(() => {
    silent = true;
    response.destroy();
  }, settings.heartbeatMs * 3);
  let from = begin;
  try {
    for await (const part of partsOf(response as AsyncIterable<Buffer>, boundary, settings.maxBytes)) {
      timer.refresh();
      from = await take(follow, part, from);
    }
    return message(silent ? "connectors.streamFellSilent" : "connectors.agentEndedStream");
  } catch (error) {
    if (stop.aborted) return message("connectors.connectionClosed");
    return silent ? message("connectors.streamFellSilent") : reasonOf(error);
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}

async function followPolls(follow: Follow, begin: number): Promise<Message> {
  const { client, settings, stop } = follow;
  let from = begin;
  while (!stop.aborted) {
    const before = from;
    try {
      from = await take(follow, await pageOf(client, sampleUrl(follow, from, false), stop), from);
    } catch (error) {
      if (stop.aborted) return message("connectors.connectionClosed");
      // an agent with nothing new may say so by an error
      if (!(error instanceof AgentError) || error.code !== "OUT_OF_RANGE") return reasonOf(error);
      const current = readStreams(await pageOf(client, new URL("current", follow.base), stop));
      if (isAnew(current, follow.position, from)) return STARTED_ANEW;
      const { firstSequence } = current;
      if (firstSequence > from) {
        follow.intake.dropped(firstSequence - from, message("connectors.observationsOverwritten"));
        from = firstSequence;
      }
    }
    // a full answer has more behind it
    if (from - before < settings.count) await pause(settings.intervalMs, stop);
  }
  return message("connectors.connectionClosed");
}

async function pageOf(client: GuardedClient, url: URL, stop?: AbortSignal): Promise<string> {
  const { status, body } = await client.get(url, { accept: "text/xml, application/xml" }, stop);
  const text = body.toString("utf8");
  // errors come with 4xx since 1.0 and with 200 from older agents
  if (status !== 200 && !text.includes("MTConnectError"))
    throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.agentAnswers", { status }));
  return text;
}

async function discover({ url, settings: raw }: ConnectionTarget, options: DiscoverOptions): Promise<BrowseResult> {
  const settings = mtconnectSettings.parse(raw ?? {});
  const client = new GuardedClient(settings, options.secret);
  try {
    return offerOfDevices(await pageOf(client, new URL("probe", baseOf(url))));
  } finally {
    client.close();
  }
}
