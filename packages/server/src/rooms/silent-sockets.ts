import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";

/** How often everybody is asked whether he is still there. */
export const SWEEP_MS = 10_000;
/** Questions in a row without an answer after which a connection is cut off: 30 to 40 s. */
export const MAX_UNANSWERED = 3;
/** Sweeps that a new connection may see before its hello: 10 to 20 s. */
const MAX_SWEEPS_BEFORE_HELLO = 2;

interface Watched {
  /** What the answer to the last questions has to say: one that was not read is not known. */
  asked: Set<string>;
  unanswered: number;
  /** Undefined once it has said hello, or where none is asked for. */
  sweepsBeforeHello: number | undefined;
}

type Socket = Pick<WebSocket, "ping" | "terminate" | "close" | "on">;

/**
 * Ends connections whose other end is gone without a word (a cable, a sleeping laptop, a stopped process), and those that never say who they are.
 * Time is counted in sweeps, so that a server that was itself held up cuts off nobody for it.
 */
export class SilentSockets {
  readonly #watched = new Map<Socket, Watched>();

  add(socket: Socket, needsHello: boolean): void {
    const watched: Watched = { asked: new Set(), unanswered: 0, sweepsBeforeHello: needsHello ? 0 : undefined };
    this.#watched.set(socket, watched);
    socket.on("pong", (said) => {
      if (!watched.asked.has(String(said))) return;
      watched.asked.clear();
      watched.unanswered = 0;
    });
    socket.on("close", () => this.#watched.delete(socket));
  }

  greeted(socket: Socket): void {
    const watched = this.#watched.get(socket);
    if (watched !== undefined) watched.sweepsBeforeHello = undefined;
  }

  sweep(): void {
    for (const [socket, watched] of this.#watched) {
      if (watched.unanswered >= MAX_UNANSWERED) socket.terminate();
      else if (watched.sweepsBeforeHello !== undefined && ++watched.sweepsBeforeHello > MAX_SWEEPS_BEFORE_HELLO)
        socket.close(1008, "no hello came");
      else {
        watched.unanswered++;
        const question = randomBytes(8).toString("hex");
        watched.asked.add(question);
        socket.ping(question);
      }
    }
  }
}
