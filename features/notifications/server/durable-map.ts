import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** Values by key in a file that only grows, until it is written again without what is gone. What was set is on disk once `flush` returns. */
export interface DurableMap {
  readonly values: ReadonlyMap<string, unknown>;
  set(key: string, value: unknown): void;
  delete(key: string): void;
  /** Everything so far in one write. Errors: DW_UNAVAILABLE; then nothing is lost, and the next call writes it. */
  flush(): void;
  /** Nothing of what was deleted is in the file once this returns. Errors: DW_UNAVAILABLE. */
  compact(): void;
  close(): void;
}

/** Lines that are of no use any more before the file is written again. */
const SPARE_LINES = 2_000;

/** Errors: DW_DAMAGED where a line in the middle is none; a torn last line (a crash while writing) is cut off. */
export function openDurableMap(path: string): DurableMap {
  const values = new Map<string, unknown>();
  let lines = existsSync(path) ? readInto(values, path) : 0;
  let file = openSync(path, "a", 0o600);
  let waiting: string[] = [];
  const put = (entry: readonly unknown[]): void => void waiting.push(`${JSON.stringify(entry)}\n`);
  const flush = (isWhole = false): void => {
    if (waiting.length === 0 && !isWhole) return;
    try {
      if (isWhole || lines + waiting.length > 2 * values.size + SPARE_LINES) {
        writeFileSync(`${path}.new`, [...values].map((entry) => `${JSON.stringify(entry)}\n`).join(""), { mode: 0o600, flush: true });
        renameSync(`${path}.new`, path);
        closeSync(file);
        file = openSync(path, "a", 0o600);
        lines = values.size;
      } else {
        const bytes = Buffer.from(waiting.join(""));
        for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
        fsyncSync(file);
        lines += waiting.length;
      }
      waiting = [];
    } catch (error) {
      // what is torn now is cut off or written over: the next time the whole file is written
      lines = Number.MAX_SAFE_INTEGER;
      throw new DoppelwerkError("DW_UNAVAILABLE", message("notifications.outboxNotWritten", { path, reason: (error as Error).message }));
    }
  };
  return {
    values,
    set(key, value) {
      values.set(key, value);
      put([key, value]);
    },
    delete(key) {
      if (values.delete(key)) put([key]);
    },
    flush: () => flush(),
    compact: () => flush(true),
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** Returns how many lines there are. */
function readInto(values: Map<string, unknown>, path: string): number {
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, whole).toString().split("\n").slice(0, -1);
  for (const [at, line] of lines.entries()) {
    try {
      const [key, ...value] = JSON.parse(line) as [string, unknown?];
      if (value.length === 0) values.delete(key);
      else values.set(key, value[0]);
    } catch {
      throw new DoppelwerkError("DW_DAMAGED", message("notifications.outboxDamaged", { path, line: at + 1 }));
    }
  }
  if (whole < bytes.length) truncateSync(path, whole);
  return lines.length;
}
