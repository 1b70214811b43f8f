import { hostname, userInfo } from "node:os";
import { createClient, HOME_WORLD, type Client } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { InvalidArgumentError, Option } from "commander";

import { machineHeaders } from "./machine-requests.ts";

// Subcommands speak to a running server over its own HTTP API, as the studio does.

export const DEFAULT_PORT = 8420;

export const serverOption = () =>
  new Option("--server <url>", "the running server, with /worlds/NAME behind it for a world beside the default one").default(
    `http://127.0.0.1:${DEFAULT_PORT}`,
  );

export interface RemoteOptions {
  readonly server: string;
  readonly json?: boolean;
  readonly as?: string;
  readonly person?: string;
  /** A file with the key of a machine, or its access token. */
  readonly key?: string;
}

/** A secret of the person's own beside the name, for who is several people on one machine. */
export const personOption = () => new Option("--person <secret>").env("DOPPELWERK_PERSON").hideHelp();

/** On a server with accounts the command is a machine. */
export const keyOption = () =>
  new Option("--key <file>", "on a server with accounts: file with the key of this machine, or its access token").env("DOPPELWERK_KEY");

/** The person is the user of this machine, by the name of `--as`. */
export function remoteClient(options: RemoteOptions): Client {
  const name = options.as ?? userInfo().username;
  const id = `cli-${hostname()}-${userInfo().username}-${name}-${options.person ?? ""}`;
  return createClient({
    ...worldOfServer(options.server),
    person: { id, name },
    fetch: (url, init) => reach(options, url, init as RequestInit),
  });
}

/** Origin and world of `http://host:port` or `http://host:port/worlds/NAME`. */
export function worldOfServer(server: string): { readonly baseUrl: string; readonly world: string } {
  const baseUrl = server.replace(/\/$/, "");
  const match = /^(.*)\/worlds\/([^/]+)$/.exec(baseUrl);
  return match === null ? { baseUrl, world: HOME_WORLD } : { baseUrl: match[1]!, world: match[2]! };
}

/** Errors: DW_UNAVAILABLE where no server answers, DW_INVALID for a file of `--key` that holds none, and what the server refuses the machine. */
export async function reach(options: RemoteOptions, url: string, init: RequestInit): Promise<Response> {
  const { key } = options;
  try {
    const shown = key !== undefined && (await machineHeaders(key, init.method ?? "GET", url));
    return await fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...shown } });
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      message("server.noServerAnswers", { server: options.server, reason: (error as Error).message }),
    );
  }
}

/** A JSON line, or the text for people. */
export function printAnswer(options: Pick<RemoteOptions, "json">, value: unknown, text: string): void {
  process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${text}\n`);
}

export function secondsToListen(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0.1 && seconds <= 120)) throw new InvalidArgumentError("0.1 to 120 seconds");
  return seconds;
}
