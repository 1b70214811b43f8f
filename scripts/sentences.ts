import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codeOfWords } from "@doppelwerk/world";

/** What the server refuses with, as it stands in the sources: said`…` by its code. */
export interface Sentence {
  /** English, values as {{1}}, {{2}}. */
  readonly text: string;
  readonly file: string;
}

/** Every sentence that is written with `said`. Throws where two that differ would have one code. */
export function sentencesIn(root: string): ReadonlyMap<string, Sentence> {
  const found = new Map<string, Sentence>();
  for (const folder of [...["world", "sync", "sim", "client", "connectors", "server"].map((room) => `packages/${room}/src`), "features"])
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts") || /\.(test|fixture)\.ts$/.test(file)) continue;
      const source = readFileSync(join(root, folder, file), "utf8");
      for (const { index } of source.matchAll(/(?<![\w`])said`/g)) {
        if (source.lastIndexOf("*/", index) < source.lastIndexOf("/**", index)) continue;
        const words = wordsAt(source, index + 5);
        const [code, text] = [codeOfWords(words), words.reduce((begun, part, at) => `${begun}{{${at}}}${part}`)];
        if (code === undefined) continue;
        const before = found.get(code);
        if (before !== undefined && plain(before.text) !== plain(text))
          throw new Error(`one code for two sentences: ${before.text} | ${text} (${file})`);
        found.set(code, { text, file: `${folder.replace("packages/", "")}/${file}` });
      }
    }
  return found;
}

/** Sentences that differ in capitals and stops only say the same. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9{}]+/g, "");
}

/** The constant parts of a template literal whose text begins at an index. */
function wordsAt(source: string, start: number): readonly string[] {
  const words: string[] = [];
  let part = "";
  for (let at = start; source[at] !== "`";) {
    if (source.startsWith("${", at)) {
      at = endOfValue(source, at + 2);
      words.push(part);
      part = "";
    } else {
      if (source[at] === "\\") at++;
      part += source[at++];
    }
  }
  return [...words, part];
}

/** Behind the brace that ends a value; braces, strings and templates in it are passed over. */
function endOfValue(source: string, start: number): number {
  let at = start;
  for (let depth = 1; depth > 0; at++) {
    const character = source[at];
    if (character === "{") depth++;
    else if (character === "}") depth--;
    else if (character === '"') at = source.indexOf('"', at + 1);
    else if (character === "`") {
      for (at++; source[at] !== "`";) at = source.startsWith("${", at) ? endOfValue(source, at + 2) : at + 1;
    }
  }
  return at;
}
