import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

const MAX_SOURCE_BYTES = 1_000_000;

/** JavaScript of a file of a pack, its types taken out; `path` from the folder, as `/folds/level.ts`. `kind`: what is made of it, for the error. */
export function sourceOfFile(folder: string, path: string, kind: string): string {
  const file = `${folder}${path}`;
  const text = readFileSync(file, "utf8");
  if (text.length > MAX_SOURCE_BYTES) throw new Error(`a module of a ${kind} has at most ${MAX_SOURCE_BYTES} octets: pack:${path}`);
  return file.endsWith(".ts") ? withoutTypes(text) : text;
}

/** Node warns that this function of it may change, once in each thread; that is for who writes the server, not for who runs it. */
function withoutTypes(text: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}
