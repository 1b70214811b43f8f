import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect as connectPlain, isIP, isIPv6, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { framed } from "./syslog-message.ts";
import type { ReceiverAddress } from "./receiver-address.ts";

/** PEM. */
export interface ReceiverTrust {
  /** Certificates that the one of the receiver is checked with, instead of those of the system. */
  readonly authority?: string | undefined;
  /** Which the receiver is shown, with the key. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** One connection to a receiver of syslog. Each call throws where it broke; nothing is known then of what it took since it was opened. */
export interface ReceiverConnection {
  /** Resolves when the machine has it to send: a receiver that reads slowly is waited for. */
  send(messages: readonly Buffer[]): Promise<void>;
  /** Resolves when the receiver has read everything: it closed its side after this one did. */
  finish(): Promise<void>;
  destroy(): void;
}

const CONNECTING_MS = 10_000;
/** A receiver that takes nothing, or does not close, by then is broken. */
const STALLED_MS = 20_000;
/** A closed port is told by then, on the way back. */
const UDP_MS = 300;
/** Datagrams after which UDP rests a moment: a receiver with a buffer of usual size (Linux: 208 KiB) reads meanwhile. */
const UDP_AT_ONCE = 25;
const UDP_REST_MS = 10;

export function connectReceiver(address: ReceiverAddress, trust: ReceiverTrust): Promise<ReceiverConnection> {
  return address.transport === "udp" ? overUdp(address) : overStream(address, trust);
}

async function overStream(
  { transport, host, port }: ReceiverAddress,
  { authority, certificate, key }: ReceiverTrust,
): Promise<ReceiverConnection> {
  // no name is sent for an address (RFC 6066, 3)
  const tls: ConnectionOptions = {
    host,
    port,
    minVersion: "TLSv1.2",
    ...(isIP(host) === 0 && { servername: host }),
    ...(authority !== undefined && { ca: authority }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
  };
  const socket: Socket | TLSSocket = transport === "tcp" ? connectPlain({ host, port, keepAlive: true }) : connectTls(tls);
  let broken: Error | undefined;
  let isEnding = false;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", (error: Error) => (broken ??= error));
  // a receiver that goes away first may have left unread what it was sent
  socket.on("end", () => {
    if (!isEnding) broken ??= new Error("the receiver closed the connection");
  });
  socket.resume();
  const unbroken = (): void => {
    if (broken !== undefined) throw broken;
  };
  const within = async (work: Promise<unknown>, what: string, ms: number): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} within ${ms} ms`)), ms);
      timer.unref();
    });
    try {
      await Promise.race([work, late, closed]);
    } catch (error) {
      socket.destroy();
      throw broken ?? error;
    } finally {
      clearTimeout(timer);
    }
    unbroken();
  };
  await within(once(socket, transport === "tcp" ? "connect" : "secureConnect"), "no connection", CONNECTING_MS);
  if (socket.destroyed) throw broken ?? new Error("the receiver closed the connection");
  return {
    async send(messages) {
      unbroken();
      const written = new Promise<void>((resolve, reject) =>
        socket.write(Buffer.concat(messages.map(framed)), (error) => (error ? reject(error) : resolve())),
      );
      await within(written, "nothing was taken", STALLED_MS);
    },
    async finish() {
      unbroken();
      isEnding = true;
      const read = once(socket, "end");
      socket.end();
      await within(read, "the receiver did not close its side", STALLED_MS);
      await within(closed, "the connection did not end", STALLED_MS);
    },
    destroy: () => void socket.destroy(),
  };
}

/** What is lost on the way is lost: nobody says so but a port that is closed. */
async function overUdp({ host, port }: ReceiverAddress): Promise<ReceiverConnection> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  let broken: Error | undefined;
  socket.on("error", (error) => (broken ??= error));
  socket.unref();
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.connect(port, host, () => resolve());
  });
  const unbroken = (): void => {
    if (broken !== undefined) throw broken;
  };
  const pause = (milliseconds: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  return {
    async send(messages) {
      for (const [at, message] of messages.entries()) {
        if (at % UDP_AT_ONCE === UDP_AT_ONCE - 1) await pause(UDP_REST_MS);
        unbroken();
        await new Promise<void>((resolve, reject) => socket.send(message, (error) => (error ? reject(error) : resolve())));
      }
    },
    async finish() {
      await pause(UDP_MS);
      unbroken();
      socket.close();
    },
    destroy: () => void socket.close(),
  };
}
