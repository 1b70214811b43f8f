import { createClient } from "@doppelwerk/client";
import type { Client } from "@doppelwerk/client";

// #region connect
/** A client for Node: network, socket, clock and timer are given to it. */
export function connect(server: string, name: string): Client {
  return createClient({
    baseUrl: server,
    person: { id: `secret of ${name}`, name },
    fetch: (address, init) => fetch(address, init as RequestInit),
    WebSocket: WebSocket as never,
    now: () => Date.now() * 1_000,
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}
// #endregion
