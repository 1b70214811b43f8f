import { openSecretStore, openTrustList, startConnectorHost } from "@doppelwerk/connectors";
import type { FeatureContext, Open } from "@doppelwerk/kit/server";
import { ownCertificates, pastReading, type Connections } from "@doppelwerk/ports";
import { changedKind, LIVE, type ConnectionRecord, type LogEntry, type RecordId, type RecordReader } from "@doppelwerk/world";
import { join } from "node:path";
import * as contract from "../contract.ts";
import type { connect } from "../feature.ts";
import { openBackfillMarks } from "./connections/backfill-marks.ts";
import { openClockOffsetJournal, type ClockOffsetLine } from "./connections/clock-offset-journal.ts";
import { ConditionEvents } from "./connections/condition-events.ts";
import { ConnectionManager } from "./connections/connection-manager.ts";
import { findPlant } from "./connections/connection-target.ts";
import { connectionHandlers, declarationHandlers, trustHandlers, type ConnectionServices } from "./connections/handlers.ts";
import { certificatesOf } from "./connections/certificates-of-others.ts";
import { Identities } from "./connections/identities.ts";
import { addMetrics } from "./connections/metrics.ts";
import { openAliveMark } from "./connections/outage.ts";
import { stateHandlers } from "./states/handlers.ts";

/** The connections of a world to its plants, what people declare of their signals, and how raw words of stations are read (P7). */
export const open: Open<typeof connect> = async (ctx) => {
  const directory = ctx.folder("connectors");
  const [secrets, trust] = [openSecretStore(directory), openTrustList(directory)];
  const clockOffsets = openClockOffsetJournal(ctx.journal<ClockOffsetLine>("clock-offsets"), (error) =>
    ctx.log.error({ err: error }, "the correction of a clock could not be kept yet"),
  );
  const past = ctx.use(pastReading);
  const conditions = new ConditionEvents({
    recordLater: (events) => ctx.derivations.recordLater(events),
    query: (query) => ctx.own.events.query(query),
    log: ctx.log,
  });
  const manager = new ConnectionManager({
    host: startConnectorHost({
      clock: ctx.clock,
      dataDir: directory,
      onCrash: (reason) => ctx.log.error({ reason }, "the connectors' process died; it is started again"),
    }),
    fileFolders: ctx.fileFolders,
    secrets,
    table: ctx.table,
    intake: ctx.intake,
    history: ctx.own.history,
    clock: ctx.clock,
    log: ctx.log,
    clockOffsets,
    backfilled: openBackfillMarks(join(ctx.folder("."), "backfilled.json")),
    alive: openAliveMark(join(ctx.folder("."), "alive-until")),
    onConditions: (events) => conditions.reported(events),
    onStatus: (connection) => ctx.publish(contract.status, connection),
    onBackfill: (connection, progress) => void past.report(connection, progress),
    onGone: (connection) => void past.abandon(connection),
  });
  const stops = [past.follow((state) => ctx.publish(contract.backfill, state)), followRecords(ctx, manager)];
  addMetrics(ctx, manager);
  manager.start();
  const reader = () => ctx.own.documents.reader(LIVE);
  await manager.follow(reader());
  const identities = new Identities({
    secrets,
    certificates: () => ctx.find(ownCertificates),
    users: (name) => usersOf(reader(), name),
    changed: (name) => void manager.secretChanged(name, reader()),
    now: () => ctx.now(),
    fault: (name, error) => ctx.log.error({ err: error, secret: name }, "the certificates of a connection could not be renewed"),
  });
  void identities.renew();
  const services = { manager, secrets, trust, reader, identities };
  return {
    handlers: { ...stateHandlers(ctx), ...connectionHandlers(services), ...declarationHandlers(services), ...trustHandlers(services) },
    ports: { "connections.list@1": connectionsPort(manager, { identities, reader, trust, secrets }) },
    async close() {
      for (const stop of stops) stop();
      identities.close();
      await manager.close();
      await conditions.close();
      clockOffsets.close();
    },
  };
};

/** What other features may ask of connections. */
function connectionsPort(
  manager: ConnectionManager,
  { identities, reader, trust, secrets }: Pick<ConnectionServices, "identities" | "reader" | "trust" | "secrets">,
): Connections {
  return {
    certificates: () => certificatesOf(trust, secrets),
    identityOf(connection) {
      const secret = (reader().get(connection) as ConnectionRecord | undefined)?.secret;
      return secret === undefined || usersOf(reader(), secret).length > 1 ? undefined : identities.of(secret);
    },
    list: async () => manager.list(),
    heard: () => manager.heard,
    closed: (connection) => manager.closed(connection),
    bring: (connection, values) => manager.push(connection, values, { token: undefined }, { judged: true }),
    browse: (plant) => findPlant(manager, plant),
    look: (plant, addresses) => manager.look(plant, addresses),
  };
}

function usersOf(reader: RecordReader, name: string): readonly RecordId[] {
  return reader.query({ kind: "connection" }).flatMap(({ id, secret }) => (secret === name ? [id] : []));
}

/** Sources are opened and closed as the records of live say. */
function followRecords({ own }: FeatureContext<typeof connect>, manager: ConnectionManager): () => void {
  return own.documents.onCommit(({ entry }) => {
    if (entry.branch === LIVE && concernsConnections(entry)) void manager.follow(own.documents.reader(LIVE));
  });
}

function concernsConnections({ changes }: LogEntry): boolean {
  return changes.some((change) => ["connection", "signal"].includes(changedKind(change)));
}
