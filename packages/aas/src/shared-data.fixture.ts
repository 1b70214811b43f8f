import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** The corpus of aas-core, below `../shared/data`. */
export const CORPUS = "aas/corpus-3.1-json.tar.gz";

/** Names and bytes of the files in a folder. */
export function filesIn(folder: string): { name: string; bytes: Uint8Array }[] {
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));
}

export interface Case {
  readonly path: string;
  readonly className: string;
  readonly expected: boolean;
  readonly json: unknown;
}

/** The cases of the metamodel corpus: the folder says the class and whether it must be accepted. */
export function readCorpus(path: string): Case[] {
  const tar = gunzipSync(readFileSync(path));
  const cases: Case[] = [];
  let longName: string | undefined;
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const text = (from: number, to: number) => tar.toString("utf8", at + from, at + to).replace(/\0.*$/s, "");
    const size = parseInt(text(124, 136), 8);
    const path = longName ?? `${text(345, 500)}/${text(0, 100)}`.replace(/^\//, "");
    // A name of more than 100 characters stands in an entry of its own before (GNU tar, type L).
    longName = text(156, 157) === "L" ? text(512, 512 + size) : undefined;
    if (text(156, 157) === "0") {
      const parts = path.replace(/^.*Json\//, "").split("/");
      const expected = parts[0] === "Expected";
      cases.push({
        path,
        className: parts[expected ? 1 : 3]!,
        expected,
        json: JSON.parse(tar.toString("utf8", at + 512, at + 512 + size)),
      });
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return cases;
}
