import type { HandlersOf } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { parseTilePath } from "@doppelwerk/trust/log";
import { DoppelwerkError } from "@doppelwerk/world";
import { entryOf, type Entry } from "./entry.ts";
import { COMMAND_LINE } from "./append-stopped.ts";
import { checkCount, evidenceText, MAX_EVIDENCE, peopleOf } from "./evidence.ts";
import type { transparencyContract } from "./transparency-contract.ts";
import type { OutsideRecord } from "./outside-records.ts";
import type { TransparencyLog } from "./transparency-log.ts";

interface TileParams {
  readonly level: string;
  readonly tile1: string;
  readonly tile2?: string;
  readonly tile3?: string;
  readonly tile4?: string;
}

/** `known` is undefined where this server writes no log. */
export function transparencyHandlers(
  known: TransparencyLog | undefined,
  nameOf: (id: string) => string,
  /** What others stated about checkpoints of so many entries or more. */
  stated: (size: number) => readonly OutsideRecord[] = () => [],
): HandlersOf<typeof transparencyContract> {
  const logged = (): TransparencyLog => {
    if (known === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.transparencyNone"));
    return known;
  };
  const tile = async ({ params }: { readonly params: TileParams }) => {
    const log = logged();
    const { level, tile1, tile2, tile3, tile4 } = params;
    const path = ["tile", level, tile1, tile2, tile3, tile4].filter((part) => part !== undefined).join("/");
    const named = parseTilePath(path);
    const body = named === undefined ? undefined : await log.tile(named.level, named.index, named.width);
    if (body === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.transparencyNoTile", { path: path.slice(0, 100) }));
    return { body };
  };
  return {
    "transparency.log": async () => {
      const log = logged();
      const { size: signed, root } = await log.checkpoint();
      return { origin: log.origin, key: log.keyText, size: log.size, signed, root: Buffer.from(root).toString("base64") };
    },
    "transparency.checkpoint": async () => ({ body: Buffer.from((await logged().checkpoint()).note) }),
    "transparency.tile": tile,
    "transparency.tileOfTwo": tile,
    "transparency.tileOfThree": tile,
    "transparency.tileOfFour": tile,
    "transparency.entries": async ({ query: { before, limit } }) => {
      const log = logged();
      const end = Math.min(before ?? log.size, log.size);
      const first = Math.max(0, end - limit);
      const read = await log.entries(first, end - first);
      const entries = read.map((bytes, at) => shownOf(log, first + at, bytes, nameOf)).toReversed();
      return { size: log.size, entries };
    },
    "transparency.proof": async ({ params: { entry } }) => ({ body: Buffer.from(await logged().proof(indexOf(entry))) }),
    "transparency.evidence": async ({ query: { from, to = from } }) => {
      const log = logged();
      const count = Math.min(to + 1, log.size) - from;
      checkCount(Math.max(0, count));
      const { size, note } = await log.checkpoint();
      const read = await log.entries(from, Math.min(count, MAX_EVIDENCE));
      const entries = [];
      for (const [at, bytes] of read.entries()) entries.push({ index: from + at, bytes, path: await log.path(from + at, size) });
      const outside = [];
      for (const record of stated(from + count).filter((each) => each.size <= size))
        outside.push({ record, consistency: record.size === size ? [] : await log.consistency(record.size, size) });
      const headers = { "content-disposition": `attachment; filename="evidence-${from}-${from + count - 1}.json"` };
      return { body: Buffer.from(evidenceText({ key: log.keyText, checkpoint: note, salts: log.salts, entries, outside })), headers };
    },
  } as HandlersOf<typeof transparencyContract>;
}

/** Errors: DW_INVALID. */
function indexOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new DoppelwerkError("DW_INVALID", message("server.transparencyIndex", { text: text.slice(0, 50) }));
  return Number(text);
}

function shownOf(log: TransparencyLog, index: number, bytes: Uint8Array, nameOf: (id: string) => string) {
  const shown = { index, bytes: Buffer.from(bytes).toString("base64") };
  const entry = entryOf(bytes);
  if (entry === undefined) return { ...shown, time: 0, what: "unknown", erased: false };
  const { v: _, nonce: __, who, whom, reason: ___, content: ____, ...plain } = entry as Entry & Partial<Record<string, string>>;
  const people = peopleOf(entry, log.salts);
  const named = (id: string | undefined) => (id === undefined ? undefined : { id, name: nameOf(id) });
  // what the server does by itself is no commitment
  const isPlain = who?.includes(":") === true || who?.startsWith("system") === true;
  return {
    ...plain,
    ...shown,
    who: isPlain ? undefined : named(people.who),
    whom: named(people.whom),
    ...(who === COMMAND_LINE && { isCommandLine: true }),
    erased: !isPlain && ((who !== undefined && people.who === undefined) || (whom !== undefined && people.whom === undefined)),
  };
}
