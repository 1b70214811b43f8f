import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { BackfillMarks } from "./connection-manager.ts";

/** The marks as a small JSON file, replaced whole. */
export function openBackfillMarks(path: string): BackfillMarks {
  const marked = new Set<string>(existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as string[]) : []);
  return {
    has: (connection) => marked.has(connection),
    add(connection) {
      if (marked.has(connection)) return;
      marked.add(connection);
      writeFileSync(`${path}.new`, JSON.stringify([...marked]), { flush: true });
      renameSync(`${path}.new`, path);
    },
  };
}
