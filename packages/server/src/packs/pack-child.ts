import type { OpenPack, PackHandler } from "@doppelwerk/kit/server";
import { lineReader } from "./lines.ts";
import { packContext, packView, type Ask } from "./pack-context.ts";
import { crossingError, type FromPack, type ToPack } from "./pack-protocol.ts";
import { sealProcess } from "./seal-process.ts";

// A process for the server part of one feature of a pack. It speaks JSON lines with the server over stdin and stdout.

const { stdin, stdout, exit } = process;
// what the pack prints goes to the log of the server, which is behind stderr
globalThis.console = new console.Console(process.stderr);

const closing = new AbortController();
const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let asks = 0;
let handlers: Readonly<Record<string, PackHandler>> = {};
let close: (() => Promise<void>) | undefined;

const send = (sent: FromPack): void => void stdout.write(`${JSON.stringify(sent)}\n`);

const ask: Ask = (view, method, args) =>
  new Promise((resolve, reject) => {
    const id = asks++;
    asked.set(id, { resolve, reject });
    send({ type: "ask", id, view, method, args });
  });

async function open({ server, world }: ToPack & { readonly type: "open" }): Promise<void> {
  try {
    const { open } = (await import(server)) as { readonly open: OpenPack };
    const opened = await open(packContext(ask, world, closing.signal));
    ({ handlers } = opened);
    close = opened.close?.bind(opened);
    send({ type: "opened", handlers: Object.keys(handlers) });
  } catch (error) {
    send({ type: "failed", error: crossingError(error) });
  }
}

async function answer({ id, endpoint, call }: ToPack & { readonly type: "call" }): Promise<void> {
  try {
    const value = await handlers[endpoint]!({ ...call, view: packView(ask, id) });
    send({ type: "answer", id, ...(value === undefined ? {} : { value }) });
  } catch (error) {
    send({ type: "answer", id, error: crossingError(error) });
  }
}

function receive(line: string): void {
  const received = JSON.parse(line) as ToPack;
  if (received.type === "answer") settle(received);
  else if (received.type === "call") void answer(received);
  else if (received.type === "ping") send({ type: "pong" });
  else if (received.type === "open") void open(received);
  else void end();
}

function settle({ id, value, error }: ToPack & { readonly type: "answer" }): void {
  const waiting = asked.get(id);
  asked.delete(id);
  if (error === undefined) waiting?.resolve(value);
  else waiting?.reject(Object.assign(new Error(error.message), { code: error.code, reason: error.reason }));
}

async function end(): Promise<void> {
  closing.abort();
  try {
    await close?.();
  } finally {
    send({ type: "closed" });
    exit(0);
  }
}

sealProcess();
stdin.on(
  "data",
  lineReader(receive, () => exit(1)),
);
// the server is gone
stdin.on("end", () => exit(0));
