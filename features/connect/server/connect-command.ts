import { readFile } from "node:fs/promises";
import { DoppelwerkError, message, type Json } from "@doppelwerk/kit";
import { jsonOr, remoteClient, printAnswer, settingsFrom, type RemoteOptions } from "@doppelwerk/kit/command";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { connectPlant } from "../calls.ts";
import type { PlantRequest } from "../connection-shapes.ts";
import type {} from "../message-codes.ts";

interface ConnectOptions extends RemoteOptions {
  readonly name?: string;
  readonly protocol?: PlantRequest["protocol"];
  readonly set?: readonly string[];
  readonly settings?: string;
  readonly secret?: string;
  readonly listen?: number;
  readonly propose?: boolean;
}

export async function connect(url: string, options: ConnectOptions): Promise<ConnectionStatus> {
  const { protocol, secret, listen: listenS } = options;
  const settings = (await settingsOf(options)) as Record<string, Json> | undefined;
  const status = await connectPlant(remoteClient(options), {
    body: { url, name: options.name ?? url, protocol, settings, secret, listenS },
  });
  const next = options.propose === true ? "" : `\n  a twin of it: doppelwerk propose "${status.name}"`;
  printAnswer(options, status, `${status.name}: ${status.state}, ${status.signals} signals${next}`);
  return status;
}

/** The file first, then what stands on the command line. */
async function settingsOf({ set, settings: file }: ConnectOptions): Promise<Record<string, unknown> | undefined> {
  return settingsFrom(set, file === undefined ? {} : await jsonFile(file));
}

async function jsonFile(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new DoppelwerkError("DW_INVALID", message("connect.cannotReadFile", { code: error.code ?? error.message, file }));
  });
  const json = jsonOr(text);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new DoppelwerkError("DW_INVALID", message("connect.settingsJsonObject", { file }));
  return json as Record<string, unknown>;
}
