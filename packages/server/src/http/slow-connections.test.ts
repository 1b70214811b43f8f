import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import pino from "pino";
import { afterEach, expect, test } from "vitest";
import { createApp } from "./app.ts";
import { CONNECTION_LIMITS, type ConnectionLimits } from "./connection-limits.ts";

const QUICK = { ...CONNECTION_LIMITS, headersMs: 400, bodyMs: 400, bodyBytesPerS: 100, unreadMs: 600, betweenRequestsMs: 300, lookMs: 50 };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(limits: ConnectionLimits = QUICK): Promise<number> {
  const app = createApp(pino({ level: "silent" }), undefined, undefined, undefined, limits);
  app.post("/taken", async (request) => ({ taken: JSON.stringify(request.body).length }));
  app.get("/long", async () => {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return { done: true };
  });
  app.get("/large", async () => Buffer.alloc(50_000_000, 97));
  await app.listen({ port: 0, host: "127.0.0.1" });
  closing.push(() => app.close());
  return (app.server.address() as AddressInfo).port;
}

interface Trickled {
  /** What came back until the other side closed. */
  readonly text: string;
  readonly sent: number;
}

/** Sends a beginning, then more octets every so often, until the connection ends or all is said. */
function trickle(port: number, begin: string, { each = "", everyMs = 50, times = 200 } = {}): Promise<Trickled> {
  return new Promise((resolve) => {
    let [text, sent] = ["", 0];
    const socket = connect(port, "127.0.0.1", () => socket.write(begin));
    const more = setInterval(() => {
      if (each !== "" && sent < times && socket.writable) socket.write(each, () => sent++);
    }, everyMs);
    socket.on("data", (octets) => (text += String(octets)));
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(more);
      resolve({ text, sent });
    });
  });
}

const HEAD = "host: 127.0.0.1\r\n";

test("[SV354] headers that come octet by octet end with 408, and one that is too long with 431", async () => {
  const port = await serve();
  const { text, sent } = await trickle(port, `GET /taken HTTP/1.1\r\n${HEAD}x: `, { each: "a" });
  expect(text).toMatch(/^HTTP\/1\.1 408 /);
  expect(sent).toBeLessThan(200);
  expect((await trickle(port, `GET /taken HTTP/1.1\r\n${HEAD}x: ${"a".repeat(20_000)}\r\n\r\n`)).text).toMatch(/^HTTP\/1\.1 431 /);
  // who says nothing at all
  expect((await trickle(port, "")).text).toMatch(/^HTTP\/1\.1 408 |^$/);
});

test("[SV354] a body that comes octet by octet ends with 408, of a request that has an answer already too; one that comes slowly and steadily is taken", async () => {
  const port = await serve();
  const post = (length: number, more = "") =>
    `POST /taken HTTP/1.1\r\n${HEAD}content-type: application/json\r\ncontent-length: ${length}\r\n${more}\r\n`;
  const slow = await trickle(port, `${post(1_000)}"`, { each: "a" });
  expect(slow.text).toMatch(/^HTTP\/1\.1 408 /);
  const chunked = `POST /taken HTTP/1.1\r\n${HEAD}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n"\r\n`;
  expect((await trickle(port, chunked, { each: "1\r\na\r\n" })).text).toMatch(/^HTTP\/1\.1 408 /);
  const answered = await trickle(port, `GET /none HTTP/1.1\r\n${HEAD}content-length: 1000\r\n\r\n`, { each: "a" });
  expect(answered.text).toMatch(/^HTTP\/1\.1 404 /);
  expect(answered.sent).toBeLessThan(200);
  // 1,200 octets of white space in about 1.5 s, four windows
  const steady = await trickle(port, `${post(1_203, "connection: close\r\n")}"a"`, { each: " ".repeat(40), times: 30 });
  expect(steady).toEqual({ text: expect.stringMatching(/^HTTP\/1\.1 200 [^]*\{"taken":3\}$/), sent: 30 });
});

test("[SV354] an answer of which nothing is taken is given up; one that takes long to make, and a connection between requests for a while, are not", async () => {
  const port = await serve();
  const unread = connect(port, "127.0.0.1");
  unread.pause();
  unread.write(`GET /large HTTP/1.1\r\n${HEAD}\r\n`);
  await new Promise((resolve) => {
    unread.on("error", resolve);
    unread.on("close", resolve);
    // what the network holds is read at the end, and is not all of it
    const look = setInterval(() => {
      unread.write("x", (error) => {
        if (!error) return;
        clearInterval(look);
        resolve(undefined);
      });
    }, 100);
    unread.on("close", () => clearInterval(look));
  });
  unread.destroy();
  const long = await trickle(port, `GET /long HTTP/1.1\r\n${HEAD}connection: close\r\n\r\n`);
  expect(long.text).toMatch(/^HTTP\/1\.1 200 [^]*\{"done":true\}$/);
  const kept = await trickle(port, `GET /none HTTP/1.1\r\n${HEAD}\r\n`);
  expect(kept.text).toMatch(/^HTTP\/1\.1 404 /);
});
