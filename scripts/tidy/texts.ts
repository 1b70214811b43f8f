import { readFileSync } from "node:fs";
import { join } from "node:path";

const forbiddenTexts: readonly (readonly [RegExp, string])[] = [
  [/\bFIXME\b|\bXXX\b/, "left-over marker"],
  [/["'`( ]\/work\/|\/root\//, "a path of one machine"],
  [/registry\.npmjs|_authToken/, "a registry host or token"],
];

/** Words of the domains that packs of this repository are for; the kernel and the features serve any. */
const domainWords = /\b(?:washing|washer|carton|dye|dyeing|dyed)s?\b|cartonFamily/i;

export function checkTexts(root: string, files: readonly string[]): string[] {
  const complaints: string[] = [];
  for (const file of files) {
    if (!/\.(ts|tsx|mjs|md|json|css|html)$/.test(file) || file === "package-lock.json" || file === "scripts/tidy/texts.ts") continue;
    const text = readFileSync(join(root, file), "utf8");
    for (const [pattern, why] of forbiddenTexts)
      if (pattern.test(text)) complaints.push(`${file}: ${why} (${pattern.exec(text)![0].trim()})`);
    const domain = /^(?:packages|features)\/(?!.*\.(?:test|fixture)\.tsx?$|.*\.md$)/.test(file) && domainWords.exec(text);
    if (domain) complaints.push(`${file}: “${domain[0]}” is a word of one domain, which belongs into its pack`);
    if (file.endsWith(".md") && (withoutCode(text).match(/^# /gm)?.length ?? 0) !== 1)
      complaints.push(`${file}: a page has exactly one title`);
  }
  return complaints;
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "");
}
