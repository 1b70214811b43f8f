import { createSocket, type Socket } from "node:dgram";
import { afterEach, expect, test } from "vitest";
import { message } from "@doppelwerk/messages";
import { attentionOf } from "../observability/attention.ts";
import { askTime, timeServer } from "./ask-time.ts";
import { ClockWatch } from "./clock-watch.ts";

const sockets: Socket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

/** A server of time whose clock is so many milliseconds ahead; `change` alters its answers. */
async function startServer(aheadMs: number, change: (answer: Buffer) => Buffer = (answer) => answer): Promise<number> {
  const socket = createSocket("udp4");
  sockets.push(socket);
  socket.on("message", (asked, { port, address }) => {
    const answer = Buffer.alloc(48);
    answer[0] = 0x24;
    answer[1] = 2;
    asked.copy(answer, 24, 40, 48);
    for (const at of [32, 40]) {
      const time = Date.now() + aheadMs;
      answer.writeUInt32BE((Math.floor(time / 1_000) + 2_208_988_800) % 2 ** 32, at);
      answer.writeUInt32BE(Math.floor(((time % 1_000) / 1_000) * 2 ** 32), at + 4);
    }
    socket.send(change(answer), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return socket.address().port;
}

test("[SV365] the clock is compared with a server of time; answers to another question, and of a server that is not synchronised, are none", async () => {
  const of = (port: number) => askTime({ host: "127.0.0.1", port });
  expect(Math.abs((await of(await startServer(0))) - 0)).toBeLessThan(500);
  expect(Math.abs((await of(await startServer(-90_000))) + 90_000)).toBeLessThan(500);
  const other = (answer: Buffer) => (answer.writeUInt8(answer[24]! ^ 1, 24), answer);
  await expect(of(await startServer(0, other))).rejects.toThrow(/no answer/);
  await expect(of(await startServer(0, (answer) => answer.subarray(0, 40)))).rejects.toThrow(/no answer/);
  const unsure = (answer: Buffer) => (answer.writeUInt8(0xe4, 0), answer);
  await expect(of(await startServer(0, unsure))).rejects.toThrow(/not synchronised/);
});

test("[SV365] a clock that is off by a second needs attention, and so does a server of time that does not answer", async () => {
  const watch = new ClockWatch({ host: "127.0.0.1", port: await startServer(5_000) });
  await watch.look();
  watch.close();
  const { aheadMs, server } = watch.state;
  expect(aheadMs).toBeGreaterThan(4_000);
  const state = (clock: object) =>
    attentionOf(
      {
        store: { parts: [] },
        rates: { droppedPerSecond: { points: [] } },
        queues: [],
        latencies: { eventLoopP99Ms: 0 },
        certificates: [],
        connections: [],
        worlds: [],
        clock,
      } as never,
      [],
    );
  expect(state({ server, aheadMs: -5_000 })).toEqual([
    { level: "error", message: message("server.attentionClock", { seconds: 5, server }) },
  ]);
  expect(state({ server, aheadMs: 900 })).toEqual([]);
  expect(state({ server, aheadMs: 3, failure: "no answer" }).map(({ message: { code } }) => code)).toEqual(["server.attentionTimeServer"]);
});

test("[SV365] a server of time is a host with a port, and nothing else", () => {
  expect(timeServer("time.plant.example")).toEqual({ host: "time.plant.example", port: 123 });
  expect(timeServer("[::1]:1123")).toEqual({ host: "::1", port: 1123 });
  for (const text of ["", "ntp://time", "time:0", "time:70000", "a b", "time/x"])
    expect(() => timeServer(text), text).toThrow(/is no server of time/);
});
