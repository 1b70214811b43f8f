import type { WebSocket } from "ws";

/** What a viewer may leave unread: beyond it the connection is cut, and a window that comes back has everything again. */
const MAX_UNREAD_BYTES = 128_000_000;
/** What all viewers of a world may leave unread: beyond it whoever has most is cut off. */
const MAX_UNREAD_OF_ALL_BYTES = 256_000_000;
/** From here on it is looked at what the others leave. */
const MUCH_UNREAD_BYTES = 8_000_000;

interface Viewer {
  readonly seat: string;
  readonly socket: Pick<WebSocket, "bufferedAmount" | "readyState" | "OPEN">;
}

/** Who is to be cut off before more is sent to a viewer. */
export function whoLeavesTooMuch<V extends Viewer>(viewer: V, all: Iterable<V>): V | undefined {
  if (viewer.socket.bufferedAmount > MAX_UNREAD_BYTES) return viewer;
  if (viewer.socket.bufferedAmount <= MUCH_UNREAD_BYTES) return undefined;
  const open = [...all].filter(({ socket }) => socket.readyState === socket.OPEN);
  const unread = open.reduce((sum, { socket }) => sum + socket.bufferedAmount, 0);
  if (unread <= MAX_UNREAD_OF_ALL_BYTES) return undefined;
  return open.reduce((a, b) => (b.socket.bufferedAmount > a.socket.bufferedAmount ? b : a));
}
