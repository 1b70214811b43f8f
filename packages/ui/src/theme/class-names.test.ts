import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { studioSources } from "./studio-sources.fixture.ts";

test("[U71] no class is styled by the files of two folders", () => {
  const owners = new Map<string, Set<string>>();
  const files = studioSources(/\.css$/);
  expect(files.length).toBeGreaterThan(10);
  for (const name of files)
    for (const className of classesStyled(readFileSync(name, "utf8")))
      owners.set(className, (owners.get(className) ?? new Set()).add(dirname(name)));
  const shared = [...owners].filter(([, folders]) => folders.size > 1).map(([className, folders]) => [className, ...folders].join(" "));
  expect(shared).toEqual([]);
});

test("[U71] every file of styles is imported by a screen", () => {
  const imported = new Set(
    studioSources(/\.(?:tsx?|css)$/).flatMap((source) =>
      [...readFileSync(source, "utf8").matchAll(/^import "([^"]+\.css)"/gm)].map(([, path]) => styleOf(path!, source)),
    ),
  );
  expect(imported.size).toBeGreaterThan(10);
  expect(studioSources(/\.css$/).filter((style) => !imported.has(style))).toEqual([]);
});

function styleOf(path: string, importer: string): string {
  const own = /^@doppelwerk\/ui\/(.*)$/.exec(path)?.[1];
  return own === undefined ? join(dirname(importer), path) : join(import.meta.dirname, "..", own);
}

/** Classes that a rule outside of `@media` styles by themselves; a rule for a class within another view's element is not one. */
function classesStyled(css: string): string[] {
  const found: string[] = [];
  let depth = 0;
  for (const [piece] of css.replaceAll(/\/\*[^]*?\*\//g, "").matchAll(/[^{}]*[{}]/g)) {
    if (piece.endsWith("}")) depth--;
    else if (depth++ === 0)
      for (const selector of piece.slice(0, -1).split(",")) if (/^\.dw-[\w-]+$/.test(selector.trim())) found.push(selector.trim());
  }
  return found;
}
