import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { printAnswer } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ListedFeature } from "../features/resolve.ts";
import { PeopleData, type Erased } from "../privacy/people-data.ts";
import { personExport } from "../privacy/person-export.ts";
import { erasePerson as erasePersonContract, exportPerson as exportPersonContract } from "../privacy/privacy-contract.ts";
import { connected, type AdministratorOptions } from "./administrator.ts";
import { workingOnFolder, type FolderCommandOptions } from "./folder-worlds.ts";

export interface PeopleCommandOptions extends AdministratorOptions {
  /** A folder that no server runs on; otherwise the running server. */
  readonly data?: string;
  readonly json?: boolean;
}

type Load = () => Promise<readonly ListedFeature[]>;

/** Writes everything that is kept of a person to a new file. `who`: a login, or an id. */
export async function exportPerson(who: string, options: PeopleCommandOptions & { readonly out: string }, load: Load): Promise<void> {
  if (options.data !== undefined) {
    await workingOnFolder(options as FolderCommandOptions, await load(), async (opened) => {
      const { worlds, identities } = opened;
      const people = new PeopleData({ worlds, identities });
      const person = people.requireKnown(identities?.accounts.byLogin(who)?.id ?? who);
      await written(Readable.from(personExport({ person, worlds, identities, inventory: people.inventory })), options.out);
      await worlds.home.transparency?.append(() => ({ what: "export", operation: exportPersonContract.id, status: 200 }));
    });
  } else {
    const server = await connected(options);
    const answer = await server.asked("GET", `/privacy/people/${encodeURIComponent(await server.idOf(who))}`);
    await written(Readable.fromWeb(answer.body as never), options.out).finally(() => server.leave());
  }
  printAnswer(options, { person: who, out: options.out }, `what is kept of ${who} is in ${options.out}`);
}

/** Erases a person. `texts`: what becomes of notes and the like. */
export async function erasePerson(
  who: string,
  options: PeopleCommandOptions & { readonly texts: "erase" | "keep"; readonly yes?: boolean },
  load: Load,
): Promise<void> {
  if (options.yes !== true) throw new DoppelwerkError("DW_INVALID", message("server.erasureNeedsYes", { person: who }));
  const erased = options.data === undefined ? await erasedByServer(who, options) : await erasedInFolder(who, options, await load());
  const { documents, notReached } = erased;
  const rest = notReached.length === 0 ? "" : `; not reached, because in the archive: ${notReached.join(", ")}`;
  printAnswer(options, erased, `${who} is erased, with ${documents} documents${rest}`);
}

async function erasedInFolder(
  who: string,
  options: PeopleCommandOptions & { readonly texts: "erase" | "keep" },
  features: readonly ListedFeature[],
): Promise<Erased> {
  return workingOnFolder(options as FolderCommandOptions, features, async ({ worlds, identities }) => {
    const people = new PeopleData({ worlds, identities });
    const person = people.requireKnown(identities?.accounts.byLogin(who)?.id ?? who);
    const erased = await people.erase(person, options.texts);
    identities?.sessions.endAll(person, { why: "removed" });
    const { transparency } = worlds.home;
    await transparency?.append(() => ({ what: "request", operation: erasePersonContract.id, status: 200 }));
    return erased;
  });
}

async function erasedByServer(who: string, options: PeopleCommandOptions & { readonly texts: "erase" | "keep" }): Promise<Erased> {
  const server = await connected(options);
  try {
    const path = `/privacy/people/${encodeURIComponent(await server.idOf(who))}/erasure`;
    return (await (await server.asked("POST", path, { texts: options.texts })).json()) as Erased;
  } finally {
    await server.leave();
  }
}

/** A new file that only its user reads. */
async function written(content: Readable, path: string): Promise<void> {
  try {
    await pipeline(content, createWriteStream(path, { mode: 0o600, flags: "wx" }));
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_UNAVAILABLE", message("server.fileNotWritten", { reason: (error as Error).message, path }));
  }
}
