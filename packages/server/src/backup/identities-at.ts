import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isSealed } from "@doppelwerk/storage/sealing";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { MACHINE_ROLES } from "../machines/machine-store.ts";
import { readSecretFile, writePrivateFile, writeSecretFile } from "../accounts/private-file.ts";

/** Accounts, passkeys, machines, terminals, providers and trusted issuers: who may connect is kept as it is now, not by time. */
export const IDENTITY_FILES = [
  "accounts.json",
  "passkeys.json",
  "machines.json",
  "terminals.json",
  "providers.json",
  "credentials.json",
] as const;

type Item = Readonly<Record<string, unknown>>;
type Stored = Readonly<Record<string, unknown>>;

interface Collection {
  readonly file: (typeof IDENTITY_FILES)[number];
  /** Field with its items. */
  readonly field: string;
  readonly idOf: (item: Item) => string;
  /** What of it was made after an instant. */
  readonly without?: (item: Item, atMs: number) => Item;
  /** What both a state of before and one of after allow. */
  readonly both?: (earlier: Item, later: Item) => Item;
}

export interface IdentitiesAt {
  /** The restored folder, as it was backed up after the instant. */
  readonly data: string;
  /** Files of the newest backup before the instant; undefined where there is none. */
  readonly earlier: string | undefined;
  readonly atMs: number;
  readonly nowMs: number;
  /** Rights and credentials too that were taken away later. */
  readonly withRevoked: boolean;
}

/** What is not as it was backed up: `accounts.json person:…`. */
export interface CutIdentities {
  readonly removed: readonly string[];
  readonly reduced: readonly string[];
  /** With `withRevoked`. */
  readonly returned: readonly string[];
}

const collections: readonly Collection[] = [
  { file: "accounts.json", field: "accounts", idOf: ({ id }) => String(id), both: bothAllow },
  { file: "passkeys.json", field: "passkeys", idOf: ({ id }) => String(id) },
  {
    file: "machines.json",
    field: "machines",
    idOf: ({ id }) => String(id),
    both: bothAllow,
    without: (machine, atMs) => credentialsUntil(machine, atMs, ["key", "token"], ["enrolment"]),
  },
  {
    file: "terminals.json",
    field: "terminals",
    idOf: ({ id }) => String(id),
    without: (terminal, atMs) => credentialsUntil(terminal, atMs, ["browser"], ["link"]),
  },
  { file: "terminals.json", field: "people", idOf: ({ account }) => String(account) },
  { file: "providers.json", field: "providers", idOf: ({ id }) => String(id) },
  { file: "credentials.json", field: "trusted", idOf: ({ did }) => String(did), both: bothTrust },
];

/** What others hold since: taken out of its file, nobody would be told any more that it does not hold. */
const statements = [
  { file: "certificates.json", madeAt: ({ from }: Item) => from, revoked: (nowMs: number): unknown => isoOf(nowMs) },
  { file: "credentials.json", madeAt: ({ created }: Item) => created, revoked: (nowMs: number): unknown => ({ at: isoOf(nowMs) }) },
] as const;

/**
 * Leaves of a restored folder who may connect as of an instant. Security first: who was added later is not there, a right or a credential counts that the
 * backup before the instant and the one after it both have, and what was taken away after the earlier one stays taken away unless it is asked for.
 * Certificates and credentials that were issued later are revoked.
 * Errors: DW_DAMAGED, DW_FORBIDDEN (sealed with another key).
 */
export function cutIdentities({ data, earlier, atMs, nowMs, withRevoked }: IdentitiesAt): CutIdentities {
  const report = { removed: [] as string[], reduced: [] as string[], returned: [] as string[] };
  for (const collection of collections) {
    const { file, field, idOf } = collection;
    const later = readStored(data, file);
    const before = earlier === undefined ? undefined : readStored(earlier, file);
    if (later === undefined && before === undefined) continue;
    const items = itemsAt(collection, itemsOf(before, field), itemsOf(later, field) ?? [], {
      atMs,
      withRevoked,
      report,
      hasEarlier: earlier !== undefined,
    });
    const known = new Set(collection.field === "passkeys" || collection.field === "people" ? accountsOf(data) : []);
    const left =
      collection.field === "passkeys" || collection.field === "people" ? items.filter(({ account }) => known.has(String(account))) : items;
    for (const item of items) if (!left.includes(item)) report.removed.push(`${file} ${idOf(item)}`);
    write(data, file, { ...(later ?? before), [field]: left });
  }
  for (const { file, madeAt, revoked } of statements) {
    const stored = readStored(data, file);
    if (stored === undefined) continue;
    const isLater = (each: Item): boolean => each["revoked"] === undefined && Date.parse(String(madeAt(each))) > atMs;
    const issued = itemsOf(stored, "issued") ?? [];
    for (const each of issued.filter(isLater)) report.reduced.push(`${file} ${String(each["serial"] ?? each["id"])}`);
    write(data, file, { ...stored, issued: issued.map((each) => (isLater(each) ? { ...each, revoked: revoked(nowMs) } : each)) });
  }
  return report;
}

interface Cut {
  readonly atMs: number;
  readonly withRevoked: boolean;
  readonly hasEarlier: boolean;
  readonly report: { readonly removed: string[]; readonly reduced: string[]; readonly returned: string[] };
}

function itemsAt(
  { file, idOf, without, both }: Collection,
  before: readonly Item[] | undefined,
  later: readonly Item[],
  cut: Cut,
): readonly Item[] {
  const { atMs, withRevoked, hasEarlier, report } = cut;
  const earlier = new Map((before ?? []).map((item) => [idOf(item), item]));
  const kept: Item[] = [];
  for (const item of later) {
    const id = idOf(item);
    const was = earlier.get(id);
    earlier.delete(id);
    if (was === undefined && !wasThere(item, atMs, hasEarlier)) {
      report.removed.push(`${file} ${id}`);
      continue;
    }
    if (was !== undefined && withRevoked && !isSame(was, item)) {
      report.returned.push(`${file} ${id}`);
      kept.push(was);
      continue;
    }
    const allowed = was === undefined || both === undefined ? item : both(was, item);
    const left = without?.(allowed, atMs) ?? allowed;
    if (!isSame(left, item)) report.reduced.push(`${file} ${id}`);
    kept.push(left);
  }
  if (withRevoked)
    for (const [id, item] of earlier) {
      report.returned.push(`${file} ${id}`);
      kept.push(item);
    }
  return kept;
}

/** One without a time is taken for later where an earlier backup has none. */
function wasThere({ created }: Item, atMs: number, hasEarlier: boolean): boolean {
  return typeof created === "string" ? Date.parse(created) <= atMs : !hasEarlier;
}

/** Roles that both have; disabled or expired where one of them is; an invitation that both have. Password, codes and key are those of the later one. */
function bothAllow(earlier: Item, later: Item): Item {
  const { invitation, disabled, expires, ...rest } = later;
  const roles = (later["roles"] as readonly string[]).filter((role) => (earlier["roles"] as readonly string[]).includes(role));
  const ends = [expires, earlier["expires"]].filter((each) => typeof each === "string").toSorted();
  return {
    ...rest,
    roles,
    ...(invitation !== undefined && isSame(invitation, earlier["invitation"]) && { invitation }),
    ...((disabled ?? earlier["disabled"]) === true && { disabled: true }),
    ...(ends[0] !== undefined && { expires: ends[0] }),
  };
}

/** The lower role; disabled where one of them is; types and hosts that both have. */
function bothTrust(earlier: Item, later: Item): Item {
  const { disabled, ...rest } = later;
  const both = (field: string): readonly unknown[] =>
    ((later[field] ?? []) as readonly unknown[]).filter((each) => ((earlier[field] ?? []) as readonly unknown[]).includes(each));
  const [role] = MACHINE_ROLES.filter((each) => each === earlier["role"] || each === later["role"]);
  return {
    ...rest,
    role,
    types: both("types"),
    ...(later["hosts"] !== undefined && { hosts: both("hosts") }),
    ...((disabled ?? earlier["disabled"]) === true && { disabled: true }),
  };
}

/** Without credentials that were made after an instant, and without codes and links that wait for somebody. */
function credentialsUntil(item: Item, atMs: number, dated: readonly string[], waiting: readonly string[]): Item {
  return Object.fromEntries(
    Object.entries(item).filter(([name, value]) => {
      if (waiting.includes(name)) return false;
      return !dated.includes(name) || Date.parse((value as { readonly since: string }).since) <= atMs;
    }),
  );
}

function accountsOf(data: string): readonly string[] {
  return (itemsOf(readStored(data, "accounts.json"), "accounts") ?? []).map(({ id }) => String(id));
}

function itemsOf(stored: Stored | undefined, field: string): readonly Item[] | undefined {
  return stored?.[field] as readonly Item[] | undefined;
}

function readStored(folder: string, file: string): Stored | undefined {
  const path = join(folder, file);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readSecretFile(path, file)) as Stored;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.accountsNotRead", { path }));
  }
}

/** As it was kept: sealed, or not. A file without anybody was not there. */
function write(data: string, file: string, stored: Stored): void {
  const path = join(data, file);
  const text = JSON.stringify(stored, undefined, 1);
  const isEmpty = Object.entries(stored).every(([name, value]) => name === "version" || (Array.isArray(value) && value.length === 0));
  if (isEmpty) rmSync(path, { force: true });
  else if (existsSync(path) && !isSealed(readFileSync(path, "utf8"))) writePrivateFile(path, text);
  else writeSecretFile(path, file, text);
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
