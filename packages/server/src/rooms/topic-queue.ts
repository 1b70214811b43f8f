import type { ServerMessage } from "@doppelwerk/sync";
import type { WebSocket } from "ws";

/** Bytes that a viewer may have waiting before messages of topics wait for it here. */
export const MAX_BUFFERED_BYTES = 1_000_000;

interface Held {
  readonly message: ServerMessage;
  readonly text: string;
}

interface Waiting {
  readonly messages: Held[];
  /** Dropped since the last message that was sent. */
  dropped: number;
}

/**
 * What is pushed to one viewer. While it is too slow messages wait, so many of each topic; then the oldest of the topic are dropped and counted, and the
 * next one that it receives says how many are missing.
 */
export class TopicQueue {
  readonly #socket: Pick<WebSocket, "bufferedAmount" | "send" | "ping">;
  readonly #onDropped: (topic: string) => void;
  readonly #waiting = new Map<string, Waiting>();
  #isWatching = false;

  constructor(socket: Pick<WebSocket, "bufferedAmount" | "send" | "ping">, onDropped: (topic: string) => void) {
    this.#socket = socket;
    this.#onDropped = onDropped;
  }

  /** Messages that wait. */
  get length(): number {
    return [...this.#waiting.values()].reduce((sum, { messages }) => sum + messages.length, 0);
  }

  /** `text` is the message as JSON, written once for all viewers. */
  put(topic: string, bound: number, message: ServerMessage, text: string): void {
    if (this.#waiting.size === 0 && this.#socket.bufferedAmount <= MAX_BUFFERED_BYTES) return this.#socket.send(text);
    let own = this.#waiting.get(topic);
    if (own === undefined) this.#waiting.set(topic, (own = { messages: [], dropped: 0 }));
    own.messages.push({ message, text });
    if (own.messages.length > bound) {
      own.messages.shift();
      own.dropped++;
      this.#onDropped(topic);
    }
    this.#watch();
  }

  /** The callback of a ping comes when everything before it was handed to the network. */
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#socket.ping("", undefined, (error?: Error) => {
      this.#isWatching = false;
      // a socket that is gone needs nothing any more
      if (error) this.#waiting.clear();
      else this.#flush();
    });
  }

  #flush(): void {
    for (const [topic, waiting] of this.#waiting) {
      while (waiting.messages.length > 0) {
        if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) return this.#watch();
        const { message, text } = waiting.messages.shift()!;
        this.#socket.send(
          waiting.dropped > 0 && message.kind === "topic" ? JSON.stringify({ ...message, dropped: waiting.dropped }) : text,
        );
        waiting.dropped = 0;
      }
      this.#waiting.delete(topic);
    }
  }
}
