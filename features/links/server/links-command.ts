import { text as textOfStream } from "node:stream/consumers";
import type { Client } from "@doppelwerk/client";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import { printAnswer, remoteClient, type RemoteOptions } from "@doppelwerk/kit/command";
import { textOf } from "@doppelwerk/messages";
import * as calls from "../calls.ts";
import type { Grant, Link } from "../contract.ts";
import type {} from "../message-codes.ts";

interface GrantCommandOptions extends RemoteOptions {
  readonly place?: readonly string[];
  readonly shell?: readonly string[];
  readonly signal?: readonly string[];
  readonly until?: number;
}

export async function listLinks(options: RemoteOptions): Promise<void> {
  const { now, links, grants } = await everything(remoteClient(options));
  const lines = [...links.map((link) => linkLine(link, now)), ...grants.map(grantLine)];
  printAnswer(options, { links, grants }, lines.length === 0 ? "no links and no grants" : lines.join("\n"));
}

/** Prints the key, which is kept nowhere. Errors: DW_INVALID where nothing is granted or a name is of several shells, DW_NOT_FOUND. */
export async function grant(label: string, options: GrantCommandOptions): Promise<void> {
  const client = remoteClient(options);
  const named = [...(options.place ?? []), ...(options.shell ?? [])];
  const { shells } = named.length === 0 ? { shells: [] } : await calls.offers(client);
  const idOf = (which: string): string => shellNamed(shells, which);
  const places = (options.place ?? []).map(idOf);
  const granted = await calls.grant(client, {
    body: {
      label,
      places,
      shells: (options.shell ?? []).map(idOf),
      signals: [...(options.signal ?? [])],
      ...(options.until !== undefined && { expires: options.until }),
    },
  });
  printAnswer(options, granted, granted.key);
}

/** Errors: those of `links.add`. */
export async function follow(url: string, options: RemoteOptions & { readonly name?: string }): Promise<void> {
  const key = (await textOfStream(process.stdin)).trim();
  if (key === "") throw new DoppelwerkError("DW_INVALID", message("links.keyOnStdin"));
  const link = await calls.add(remoteClient(options), { body: { url, key, ...(options.name !== undefined && { name: options.name }) } });
  printAnswer(options, link, `${link.name} is shown here: ${link.id}`);
}

/** Errors: DW_NOT_FOUND; DW_CONFLICT where several have this name. */
export async function end(which: string, options: RemoteOptions): Promise<void> {
  const client = remoteClient(options);
  const { links, grants } = await everything(client);
  const all = [
    ...links.map(({ id, name }) => ({ id, name, end: () => calls.remove(client, { params: { link: id } }) })),
    ...grants.map(({ id, label }) => ({ id, name: label, end: () => calls.revoke(client, { params: { grant: id } }) })),
  ];
  const found = all.some(({ id }) => id === which) ? all.filter(({ id }) => id === which) : all.filter(({ name }) => name === which);
  if (found.length > 1) throw new DoppelwerkError("DW_CONFLICT", message("links.severalNamed", { which, ids: idsOf(found) }));
  const [only] = found;
  if (only === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("links.noneNamed", { which: which.slice(0, 200) }));
  await only.end();
  printAnswer(options, { ended: only.id, name: only.name }, `${only.name} is ended`);
}

async function everything(client: Client) {
  const [{ now, links }, { grants }] = await Promise.all([calls.list(client), calls.grants(client)]);
  return { now, links, grants };
}

/** By id, or by name where only one has it; what is not among those offered is asked for as it is. Errors: DW_INVALID. */
function shellNamed(shells: readonly { readonly id: string; readonly name: string }[], which: string): string {
  if (shells.some(({ id }) => id === which)) return which;
  const found = shells.filter(({ name }) => name === which);
  if (found.length > 1) throw new DoppelwerkError("DW_INVALID", message("links.severalNamed", { which, ids: idsOf(found) }));
  return found[0]?.id ?? which;
}

function idsOf(found: readonly { readonly id: string }[]): string {
  return found
    .slice(0, 5)
    .map(({ id }) => id)
    .join(", ");
}

function linkLine({ id, name, url, state, reason, lastContact, shows, findings }: Link, now: number): string {
  const seconds = lastContact === undefined ? undefined : Math.max(0, Math.round((now - lastContact) / 1_000_000));
  const age = state === "online" ? "" : seconds === undefined ? ", no contact yet" : `, last contact ${seconds} s ago`;
  const why = reason === undefined ? "" : `\n    ${textOf(reason)}`;
  const left = findings.map((finding) => `\n    ${textOf(finding)}`).join("");
  return `shows  ${name.padEnd(20)} ${state}${age}  ${shows.shells} shells, ${shows.signals} signals  ${url}  ${id}${why}${left}`;
}

function grantLine({ id, label, covers, isExpired, expires }: Grant): string {
  const term = isExpired ? "expired" : expires === undefined ? "until ended" : `until ${new Date(expires / 1_000).toISOString()}`;
  return `grants ${label.padEnd(20)} ${term}  ${covers.shells} shells, ${covers.signals} signals  ${id}`;
}
