import { useEffect, useState } from "react";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { useLoad, useStudio } from "@doppelwerk/kit/studio";
import { list } from "../calls.ts";

const LOOK_MS = 5_000;

/** Every connection with its state: listed, and told by the topic `connect.status` in between. `isAsked`: whether the list came, or could not be had. */
export function useConnections(): {
  readonly isAsked: boolean;
  /** Why it could not, the last time. */
  readonly failure: { readonly message: string; readonly code: string | undefined; readonly onRetry: () => void } | undefined;
  readonly connections: readonly ConnectionStatus[];
  readonly put: (connection: ConnectionStatus) => void;
} {
  const studio = useStudio();
  const [connections, setConnections] = useState<readonly ConnectionStatus[]>([]);
  const loaded = useLoad(async (signal) => setConnections(await list(studio.client, {}, { signal })), [], LOOK_MS);
  const put = (connection: ConnectionStatus): void => setConnections((known) => withStatus(known, connection));
  useEffect(
    () =>
      studio.live.on((event) => {
        if (event.kind === "topic" && event.topic === "connect.status")
          setConnections((known) => withStatus(known, event.payload as ConnectionStatus));
      }),
    [studio],
  );
  const failure = loaded.kind === "failed" ? { message: loaded.message, code: loaded.code, onRetry: loaded.reload } : undefined;
  return { isAsked: loaded.kind !== "loading", failure, connections, put };
}

function withStatus(known: readonly ConnectionStatus[], connection: ConnectionStatus): readonly ConnectionStatus[] {
  return known.some(({ id }) => id === connection.id)
    ? known.map((one) => (one.id === connection.id ? connection : one))
    : [...known, connection];
}
