import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

export interface TimeServer {
  readonly host: string;
  readonly port: number;
}

const NTP_PORT = 123;
const ANSWER_MS = 3_000;
const PACKET = 48;
/** No leap warning, version 4, client (RFC 5905, 7.3). */
const ASKS = 0x23;
const ANSWERS = 4;
/** Seconds from 1900 to 1970. */
const SINCE_1900 = 2_208_988_800;

/** `host` or `host:port`. Errors: DW_INVALID. */
export function timeServer(text: string): TimeServer {
  const [, bracketed, plain, port = String(NTP_PORT)] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw new DoppelwerkError("DW_INVALID", message("server.timeServer", { text: text.slice(0, 200) }));
  return { host, port: Number(port) };
}

/** By how many milliseconds the clock of the server that is asked is ahead of this one (SNTP, RFC 4330). Throws where there is no answer to this question. */
export function askTime({ host, port }: TimeServer, now: () => number = Date.now): Promise<number> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  const asked = Buffer.alloc(PACKET);
  asked[0] = ASKS;
  // what only who was asked knows; the time itself is kept here
  randomBytes(8).copy(asked, 40);
  return new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
    let sentAt = now();
    socket.once("error", reject);
    socket.on("message", (answer) => {
      const gotAt = now();
      const isAnswer = answer.length >= PACKET && (answer[0]! & 7) === ANSWERS && answer.subarray(24, 32).equals(asked.subarray(40, 48));
      if (!isAnswer) return;
      clearTimeout(timer);
      const [stratum, leap] = [answer[1]!, answer[0]! >> 6];
      if (stratum === 0 || stratum > 15 || leap === 3) return reject(new Error("it is not synchronised itself"));
      resolve((timeAt(answer, 32) - sentAt + (timeAt(answer, 40) - gotAt)) / 2);
    });
    socket.connect(port, host, () => {
      sentAt = now();
      socket.send(asked);
    });
  }).finally(() => socket.close());
}

/** Milliseconds since 1970; seconds begin again in 2036. */
function timeAt(packet: Buffer, at: number): number {
  const seconds = packet.readUInt32BE(at);
  const since1900 = seconds < SINCE_1900 ? seconds + 2 ** 32 : seconds;
  return (since1900 - SINCE_1900) * 1_000 + (packet.readUInt32BE(at + 4) / 2 ** 32) * 1_000;
}
