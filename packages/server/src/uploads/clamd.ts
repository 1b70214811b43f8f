import { connect, type Socket } from "node:net";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

export interface ScannerAddress {
  readonly text: string;
  readonly connect: { readonly path: string } | { readonly host: string; readonly port: number };
}

const DEFAULT_PORT = 3310;
/** A scanner that says or takes nothing by then is away. */
const STALLED_MS = 60_000;
const MAX_PIECE = 1 << 20;
const MAX_ANSWER = 4_096;

/** `clamd://host:3310`, or `clamd:/run/clamav/clamd.ctl`. Errors: DW_INVALID. */
export function scannerAddress(text: string): ScannerAddress {
  const path = /^clamd:(?:\/\/)?(\/(?!\/)[^\0]+)$/.exec(text)?.[1];
  if (path !== undefined) return { text, connect: { path } };
  const [, host, port = String(DEFAULT_PORT)] = /^clamd:\/\/([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw new DoppelwerkError("DW_INVALID", message("server.scannerAddress", { text: text.slice(0, 200) }));
  return { text, connect: { host: host.replace(/^\[|\]$/g, ""), port: Number(port) } };
}

/** Name of what was found in the bytes; undefined where nothing was (clamd, INSTREAM). Throws where the scanner did not judge all of them. */
export async function scanByClamd({ connect: to }: ScannerAddress, pieces: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const socket = connect(to);
  let said = "";
  let broken: Error | undefined;
  socket.setTimeout(STALLED_MS, () => socket.destroy(new Error(`no answer within ${STALLED_MS} ms`)));
  socket.on("error", (error) => (broken ??= error));
  socket.on("data", (chunk: Buffer) => {
    if (said.length < MAX_ANSWER) said += chunk.toString("utf8");
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  try {
    await send(socket, pieces);
    await closed;
  } finally {
    socket.destroy();
  }
  const answer = said.replace(/\0[^]*$/, "").trim();
  const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (found !== undefined) return found;
  if (answer === "stream: OK") return undefined;
  throw broken !== undefined && answer === "" ? broken : new Error(answer.slice(0, 200) || "the scanner gave no answer");
}

/** Stops where the scanner has said something already: it judged, or takes no more. */
async function send(socket: Socket, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const isOpen = (): boolean => !socket.destroyed && socket.writable;
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (!isOpen() || socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        socket.off("drain", goOn).off("close", goOn);
        resolve();
      };
      socket.once("drain", goOn).once("close", goOn);
    });
  };
  await write(Buffer.from("zINSTREAM\0"));
  for await (const piece of pieces) {
    if (!isOpen()) return;
    for (let at = 0; at < piece.length; at += MAX_PIECE) {
      const part = piece.subarray(at, at + MAX_PIECE);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      await write(length);
      await write(part);
    }
  }
  await write(Buffer.alloc(4));
}
