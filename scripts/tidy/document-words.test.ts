import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkDocumentWords } from "./document-words.ts";

function check(texts: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), "documents-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return checkDocumentWords(root, Object.keys(texts));
}

test("words of the old dialect are refused in documents, with file and line", () => {
  expect(
    check({
      "README.md": "# A\nDelete the folder to begin anew.",
      "docs/guide/a.md": "```\ncode\n```\nThe server tells every broker. `told` is a field.",
      "docs/GLOSSARY.md": "| shelved | an alarm that was set aside | |",
      "packages/a/src/b/README.md": "It goes on.",
      "features/a/README.md": "What was heard.",
      "docs/b.md": "If it is full, the page says so.",
    }),
  ).toEqual([
    "README.md:2: “anew” is not used in documents (scripts/tidy/document-words.ts)",
    "docs/guide/a.md:4: “tells” is not used in documents (scripts/tidy/document-words.ts)",
    "docs/GLOSSARY.md:1: “set aside” is not used in documents (scripts/tidy/document-words.ts)",
    "packages/a/src/b/README.md:1: “goes on” is not used in documents (scripts/tidy/document-words.ts)",
    "features/a/README.md:1: “heard” is not used in documents (scripts/tidy/document-words.ts)",
    "docs/b.md:1: “says so” is not used in documents (scripts/tidy/document-words.ts)",
  ]);
});

test("code, parts of words, other files and the last column of the glossary are not checked", () => {
  expect(
    check({
      "README.md": "A meeting of `told` minutes\n```ts\nconst told = anew;\n```\nThe storytellers understood.",
      "docs/GLOSSARY.md": "| message | a code with parameters | told |",
      "docs/decisions/0001-a.md": "It was told.",
      "features/a/SPEC.md": "It was told.",
    }),
  ).toEqual([]);
});
