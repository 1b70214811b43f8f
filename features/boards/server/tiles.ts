import { DoppelwerkError, message, textsOf } from "@doppelwerk/kit";
import type { TileKind, TileQuestion, TileTable } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

/** A tile that takes longer is answered as one that failed. */
const TIME_MS = 20_000;
const MAX_ROWS = 5_000;

/** The kinds of tiles of the features that are on, with the text of this one. */
export function knownKinds(contributed: readonly TileKind[], now: () => Instant): readonly TileKind[] {
  return [textTile(now), ...contributed].toSorted((a, b) => a.title.en.localeCompare(b.title.en));
}

/** Errors: DW_NOT_FOUND where no feature that is on brings the kind; DW_UNAVAILABLE where it takes too long. */
export async function readTile(kinds: readonly TileKind[], kind: string, question: TileQuestion): Promise<TileTable> {
  const known = kinds.find(({ id }) => id === kind);
  if (known === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("boards.noKind", { kind: kind.slice(0, 100) }));
  const table = await inTime(known.read(question));
  return table.rows.length > MAX_ROWS ? { ...table, rows: table.rows.slice(-MAX_ROWS) } : table;
}

async function inTime<Value>(reading: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DoppelwerkError("DW_UNAVAILABLE", message("boards.tileLate"))), TIME_MS);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

function textTile(now: () => Instant): TileKind {
  const titleOf = (key: string) => textsOf(message(`boards.tile.${key}` as "boards.tile.text"));
  return {
    id: "boards.text",
    title: titleOf("text"),
    about: titleOf("textAbout"),
    shape: "text",
    fields: [{ key: "text", title: titleOf("textField"), kind: "text", isRequired: true }],
    least: { width: 160, height: 80 },
    async read({ at, settings }) {
      const text = typeof settings["text"] === "string" ? settings["text"] : "";
      return {
        columns: [{ key: "text", title: titleOf("textField"), kind: "text" }],
        rows: text.trim() === "" ? [] : [{ text }],
        at: at ?? now(),
        isSimulated: false,
        ...(text.trim() === "" && { note: titleOf("textNone") }),
      };
    },
  };
}
