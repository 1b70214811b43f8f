import type { FeatureContext } from "@doppelwerk/kit/server";
import type { ConnectionStatus } from "@doppelwerk/sync";
import type { connect } from "../../feature.ts";
import type { ConnectionManager } from "./connection-manager.ts";

/** How connections stand, at `/metrics`. */
export function addMetrics({ metric }: FeatureContext<typeof connect>, manager: ConnectionManager): void {
  metric({
    kind: "counter",
    name: "pushes_refused_total",
    help: "requests with samples that were answered 503 because they could not be stored",
    read: () => [{ value: manager.pushesRefused }],
  });
  metric({
    kind: "gauge",
    name: "connections_connected",
    help: "connections in state connected",
    read: () => [{ value: manager.list().filter(({ state }) => state === "connected").length }],
  });
  const ofEach = (kind: "gauge" | "counter", name: string, help: string, value: (connection: ConnectionStatus) => number) =>
    metric({
      kind,
      name: `connection_${name}`,
      help,
      labels: ["connection", "protocol"],
      read: () =>
        manager
          .list()
          .map((connection) => ({ value: value(connection), labels: { connection: connection.name, protocol: connection.protocol } })),
    });
  ofEach("gauge", "up", "1 while the connection is connected", ({ state }) => (state === "connected" ? 1 : 0));
  ofEach(
    "counter",
    "dropped_total",
    "samples this connection lost since it was opened: full queues, overflows, gaps of sequences",
    ({ dropped }) => dropped,
  );
  ofEach("gauge", "samples_per_second", "samples taken from this connection", ({ samplesPerSecond }) => samplesPerSecond);
  ofEach("gauge", "signals", "signals of this connection", ({ signals }) => signals);
}
