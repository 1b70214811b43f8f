import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Journal } from "@doppelwerk/world";

/** Throws DW_DAMAGED when a line in the middle is none; a torn last line (a crash while writing) is cut off. */
export function openJournal<Item extends { readonly id: string }>(path: string, what: string): Journal<Item> {
  const items = new Map<string, Item>();
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    const lines = bytes.subarray(0, whole).toString().split("\n").slice(0, -1);
    for (const [at, line] of lines.entries()) {
      try {
        const item = JSON.parse(line) as Item;
        items.set(item.id, item);
      } catch {
        throw new DoppelwerkError("DW_DAMAGED", message("storage.lineJournalCannotRead", { at: at + 1, what, path }));
      }
    }
    if (whole < bytes.length) truncateSync(path, whole);
  }
  let file = openSync(path, "a", 0o600);
  let open = true;
  let length = fstatSync(file).size;
  /** Part of a line that was refused is there. */
  let torn = false;
  return {
    items,
    put(item) {
      // a number of a closed file may be another file by now
      if (!open) throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.journalClosed", { what, path }));
      const line = Buffer.from(`${JSON.stringify(item)}\n`);
      try {
        if (torn) ftruncateSync(file, length);
        torn = true;
        for (let at = 0; at < line.length;) at += writeSync(file, line, at);
        fsyncSync(file);
        torn = false;
      } catch (error) {
        try {
          ftruncateSync(file, length);
          torn = false;
        } catch {
          // done before the next line; at the latest the next opening cuts it off
        }
        throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.journalCannotWritten", { what, reason: (error as Error).message }));
      }
      length += line.length;
      items.set(item.id, item);
    },
    replace(kept) {
      if (!open) throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.journalClosed", { what, path }));
      try {
        writeFileSync(`${path}.new`, kept.map((item) => `${JSON.stringify(item)}\n`).join(""), { mode: 0o600, flush: true });
        renameSync(`${path}.new`, path);
      } catch (error) {
        throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.journalCannotWritten", { what, reason: (error as Error).message }));
      }
      const before = file;
      file = openSync(path, "a", 0o600);
      closeSync(before);
      length = fstatSync(file).size;
      torn = false;
      items.clear();
      for (const item of kept) items.set(item.id, item);
    },
    close() {
      open = false;
      closeSync(file);
    },
  };
}
