import { globSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../../..");

/** Every source of a screen, wherever its folder is: what rules about words, colours and classes are held to. */
export function studioSources(extension = /\.(?:tsx?|css)$/): readonly string[] {
  return globSync(["packages/{ui,studio}/src/**/*", "{features,packs}/*/studio/**/*"], { cwd: ROOT })
    .filter((name) => extension.test(name) && !/\.(?:test|fixture)\./.test(name))
    .sort()
    .map((name) => join(ROOT, name));
}
