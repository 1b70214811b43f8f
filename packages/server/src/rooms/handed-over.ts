import type { WebSocket } from "ws";

/** Resolves when what was sent before is handed to the network, or the connection is gone. */
export function handedOver(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", resolve);
    socket.ping("", undefined, () => {
      socket.off("close", resolve);
      resolve();
    });
  });
}
