import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Words that are refused in documents, as in names and texts (dialect.ts); the documentation of Node.js or PostgreSQL is the model of their language. */
const GONE_IN_DOCUMENTS = new RegExp(
  `\\b(?:${[
    "anew|hears?|heard|mend|told|tells|stood|set aside|gravest|swift|breathe|wish|wishes|goes on|went on",
    "answers nobody|in vain|the like|gives? up|given up|says? so|what it holds|what it begins with|stands (?:in|on|by|beside|below)|bears|nobody else",
    "moves nobody|goes its own way|speaks it",
  ].join("|")})\\b`,
  "i",
);
const DOCUMENTS =
  /^(?:README|CONTRIBUTING)\.md$|^docs\/(?:guide\/)?[^/]+\.md$|^(?:features|packs|examples)\/[^/]+\/README\.md$|^packages\/.*README\.md$/;
const GLOSSARY = "docs/GLOSSARY.md";

/** One line for each line of a document that has such a word outside code. The last column of the glossary, “not”, may name them. */
export function checkDocumentWords(root: string, files: readonly string[]): string[] {
  return files
    .filter((file) => DOCUMENTS.test(file))
    .flatMap((file) =>
      prose(readFileSync(join(root, file), "utf8")).flatMap((line, at) => {
        const found = GONE_IN_DOCUMENTS.exec(file === GLOSSARY ? line.replace(/\|[^|]*\|\s*$/, "") : line);
        return found === null ? [] : [`${file}:${at + 1}: “${found[0]}” is not used in documents (scripts/tidy/document-words.ts)`];
      }),
    );
}

/** The lines of a Markdown text; code, fenced or between backticks, is blank. */
function prose(text: string): string[] {
  let isCode = false;
  return text.split("\n").map((line) => {
    const isFence = /^\s*```/.test(line);
    if (isFence) isCode = !isCode;
    return isCode || isFence ? "" : line.replaceAll(/`[^`]*`/g, "");
  });
}
