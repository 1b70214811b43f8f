import { join } from "node:path";
import { printAnswer } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { isOwned, openDataFolder } from "@doppelwerk/storage/files";
import { DoppelwerkError } from "@doppelwerk/world";
import { parse } from "../http/query.ts";
import { logStopped, type CommandLineAct } from "../transparency/append-stopped.ts";
import { newTerminal } from "../terminals/terminal-routes.ts";
import { LINK_LIFETIME_MS, TerminalStore, terminalsPath, type Terminal } from "../terminals/terminal-store.ts";

export interface TerminalsCommandOptions {
  readonly data: string;
  readonly json?: boolean;
}

export async function listTerminals(options: TerminalsCommandOptions): Promise<void> {
  const terminals = new TerminalStore(terminalsPath(options.data)).list().map(shown);
  const lines = terminals.map(({ name, place = "", since }) => `${name.padEnd(24)} ${place.padEnd(24)} ${since ?? "no browser yet"}`);
  printAnswer(options, { terminals }, lines.length === 0 ? "no terminals" : lines.join("\n"));
}

export async function enrolTerminal(
  name: string,
  options: TerminalsCommandOptions & {
    readonly place?: string;
    readonly idle?: number;
    readonly badgeNeedsPin?: boolean;
    readonly signOff?: readonly string[];
  },
): Promise<void> {
  const { place, idle, badgeNeedsPin, signOff } = options;
  const given = {
    name,
    ...(place !== undefined && { place }),
    ...(idle !== undefined && { idleS: idle }),
    ...(badgeNeedsPin === true && { badgeNeedsPin }),
    ...(signOff !== undefined && { signOffAt: signOff }),
  };
  await changed(options, (store, did) => {
    const known = store.list().find((terminal) => terminal.name === name.trim());
    const { place: where, ...rest } = parse(newTerminal, given, message("server.terminalOptions"));
    const { id } = known ?? store.create({ ...rest, ...(where !== undefined && { place: where }) });
    did({ operation: known === undefined ? "kernel.createTerminal" : "kernel.linkTerminal" });
    const token = store.offerLink(id, Date.now());
    const hours = LINK_LIFETIME_MS / 3_600_000;
    const text = `in the browser of ${name}, once, within ${hours} hours and once the server runs, open\n  https://SERVER/terminal#${token}`;
    printAnswer(options, { ...shown(store.byId(id)!), path: `/terminal#${token}` }, text);
  });
}

export async function revokeTerminal(name: string, options: TerminalsCommandOptions): Promise<void> {
  await changed(options, (store, did) => {
    const terminal = store.list().find((each) => each.name === name.trim());
    if (terminal === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noTerminal", { id: name.slice(0, 100) }));
    store.remove(terminal.id);
    did({ operation: "kernel.removeTerminal" });
    printAnswer(options, { revoked: terminal.name }, `${terminal.name} is a terminal no more`);
  });
}

function shown({ id, name, place, idleS, badgeNeedsPin, signOffAt, created, browser }: Terminal) {
  return {
    id,
    name,
    ...(place !== undefined && { place }),
    idleS,
    badgeNeedsPin,
    signOffAt,
    created,
    ...(browser !== undefined && { since: browser.since }),
  };
}

/** Changes the terminals of a folder that no server runs on: one that does has them in memory. Errors: DW_CONFLICT, and those of the log. */
async function changed(
  options: TerminalsCommandOptions,
  change: (store: TerminalStore, did: (act: CommandLineAct) => void) => void,
): Promise<void> {
  const { data } = options;
  if (isOwned(join(data, "lease.sqlite"))) throw new DoppelwerkError("DW_CONFLICT", message("server.terminalsServerRuns", { data }));
  const folder = await openDataFolder(data, { owner: `doppelwerk terminals ${process.pid}` });
  try {
    const store = new TerminalStore(terminalsPath(data));
    await logStopped(data, (did) => change(store, did));
  } finally {
    await folder.close();
  }
}
