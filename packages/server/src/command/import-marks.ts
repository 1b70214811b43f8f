import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** Which bytes were imported at a start: importing the same again changes nothing (ids are hashed from the source), so it need not be done. */
export interface ImportMarks {
  has(name: string, bytes: Uint8Array): boolean;
  add(name: string, bytes: Uint8Array): void;
}

/** The marks as a small JSON file, replaced whole; without it everything is imported once more, to no effect. */
export function openImportMarks(path: string): ImportMarks {
  const marked = new Map<string, string>(
    existsSync(path) ? Object.entries(JSON.parse(readFileSync(path, "utf8")) as Record<string, string>) : [],
  );
  const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  return {
    has: (name, bytes) => marked.get(name) === hashOf(bytes),
    add(name, bytes) {
      marked.set(name, hashOf(bytes));
      writeFileSync(`${path}.new`, JSON.stringify(Object.fromEntries(marked)), { flush: true });
      renameSync(`${path}.new`, path);
    },
  };
}
