import type { ServerMessage } from "@doppelwerk/sync";
import { expect, test } from "vitest";
import { TopicQueue } from "./topic-queue.ts";

/** A socket whose network takes what it is told to. */
class Socket {
  bufferedAmount = 0;
  readonly sent: { readonly topic: string; readonly payload: number; readonly dropped?: number }[] = [];
  #drained: ((error?: Error) => void)[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text) as never);
    this.bufferedAmount += 100_000;
  }

  ping(_data: unknown, _mask: unknown, drained: (error?: Error) => void): void {
    this.#drained.push(drained);
  }

  drain(error?: Error): void {
    this.bufferedAmount = 0;
    for (const drained of this.#drained.splice(0)) drained(error);
  }
}

function queueOn(socket: Socket) {
  const dropped: string[] = [];
  const queue = new TopicQueue(socket as never, (topic) => dropped.push(topic));
  const put = (topic: string, payload: number): void => {
    const message: ServerMessage = { kind: "topic", topic, payload };
    queue.put(topic, 20, message, JSON.stringify(message));
  };
  return { queue, put, dropped };
}

test("[SV159] messages for a slow viewer wait in their order; the oldest of a topic are dropped, counted, and named with the next one", () => {
  const socket = new Socket();
  const { queue, put, dropped } = queueOn(socket);
  for (let n = 0; n < 50; n++) put("a", n);
  put("b", 0);
  expect([socket.sent.length, queue.length, dropped.length]).toEqual([11, 21, 19]);
  while (queue.length > 0) socket.drain();
  const own = socket.sent.filter(({ topic }) => topic === "a");
  expect(own.map(({ payload }) => payload)).toEqual([
    ...Array.from({ length: 11 }, (_, n) => n),
    ...Array.from({ length: 20 }, (_, n) => n + 30),
  ]);
  expect(own.flatMap(({ payload, dropped: lost }) => (lost === undefined ? [] : [[payload, lost]]))).toEqual([[30, 19]]);
  expect(socket.sent.filter(({ topic }) => topic === "b")).toEqual([{ kind: "topic", topic: "b", payload: 0 }]);
  // quick again: nothing waits
  socket.drain();
  put("a", 50);
  expect([queue.length, socket.sent.at(-1)]).toEqual([0, { kind: "topic", topic: "a", payload: 50 }]);
});

test("[SV159] for a viewer that is gone nothing waits any more", () => {
  const socket = new Socket();
  const { queue, put } = queueOn(socket);
  for (let n = 0; n < 30; n++) put("a", n);
  socket.drain(new Error("gone"));
  expect(queue.length).toBe(0);
});
