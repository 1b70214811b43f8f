import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "./sources.ts";

/**
 * Words of an earlier way of writing that are gone from exported names, names of files, fields of the API and English texts (CONTRIBUTING.md): request, not
 * wish; report or state, not tell and say; receive, not hear; again, not anew; active or present, not standing; unit, not part or machine; shelved, not set aside;
 * `MAX_X`, not `MOST_X`.
 */
const GONE = /^(?:wish|wishes|wished|told|tell|tells|telling|said|say|says|hear|hears|heard|anew|swift|gravest|breathe|mend|standing)$/i;
const GONE_IN_TEXT = new RegExp(
  `\\b(?:${[
    "wish|wishes|wished|told|tells|said|hear|hears|heard|anew|swift|gravest|breathe|mend",
    "stands|stood|ticked|untick|tick all|set aside|look inside|typed values|as shipped|this stretch|what came",
    "good parts|parts inside|machines a shift|a part inside|to be given|keeps to|looked into|look through",
    "answers nobody|nobody answers|in the archive|fell silent|in the clear|trusted no more|vouches|takes the place of|broke down|was given up",
    "nothing was harmed|it begins with|went wrong with|in vain|goes on|short addresses",
  ].join("|")})\\b`,
  "i",
);
/** Chinese terms that have another word here: first out, flood, latched and starved (GB/T 41261, GB/T 34044). */
const GONE_IN_CHINESE = /首发|报警洪水|缺料|回差|取消搁置/;
const GONE_PREFIX = /^(?:MOST|LONGEST)_/;

export function checkDialect(root: string, files: readonly string[], sources: readonly Source[]): string[] {
  const product = sources.filter(({ file, isTest }) => !isTest && !/\.test\.tsx?$/.test(file));
  return [
    ...product.flatMap(({ file, text }) =>
      exportedNames(text)
        .filter(isGone)
        .map((name) => `${file}: ${name} is a name in words that are gone (scripts/tidy/dialect.ts)`),
    ),
    ...files
      .filter((file) => /\.tsx?$/.test(file) && isGone(file.split("/").at(-1)!.replace(/\..*$/, "")))
      .map((file) => `${file} is named in words that are gone (scripts/tidy/dialect.ts)`),
    ...product.flatMap(({ file, text }) => apiFields(file, text)),
    ...files
      .filter((file) => /(^|\/)words\/(?:en|zh)(\/\w+)?\.json$/.test(file))
      .flatMap((file) => texts(file, readFileSync(join(root, file), "utf8"))),
  ];
}

function exportedNames(text: string): string[] {
  const declared = /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|interface|type|class) (\w+)/gm;
  return [...text.matchAll(declared)].map(([, name]) => name!);
}

function isGone(name: string): boolean {
  return GONE_PREFIX.test(name) || name.split(/(?<=[a-z\d])(?=[A-Z])|[_-]/).some((word) => GONE.test(word));
}

/** Fields of shapes that are answered or taken: a former name stands there only while it is deprecated. */
function apiFields(file: string, text: string): string[] {
  if (!/z\.object\(/.test(text)) return [];
  return text.split("\n").flatMap((line, at) => {
    const [, name] = /^\s*(\w+): (?:z\.|\w+Shape\b|list\()/.exec(line) ?? [];
    return name !== undefined && isGone(name) && !line.includes("deprecated")
      ? [`${file}:${at + 1}: the field ${name} is named in words that are gone (scripts/tidy/dialect.ts)`]
      : [];
  });
}

function texts(file: string, json: string): string[] {
  return Object.entries(JSON.parse(json) as Record<string, string>).flatMap(([code, text]) => {
    const gone = /words\/zh/.test(file) ? GONE_IN_CHINESE : GONE_IN_TEXT;
    const found = gone.exec(text.replaceAll(/\{\w+[,}]/g, "{"));
    return found === null ? [] : [`${file}: ${code} says “${found[0]}”, a word that is gone (scripts/tidy/dialect.ts)`];
  });
}
