import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isRendering, renderMessagesWith } from "@doppelwerk/messages";
import { rendererOf, type Words } from "@doppelwerk/messages/icu";

/** Texts of the kernel, in the installation that this kit is of. */
const WORDS = fileURLToPath(new URL("../../../server/words/en", import.meta.url));

/** Messages of an author's test read in English, unless the process has chosen a language already. */
export function readInEnglish(): void {
  if (isRendering()) return;
  const words = globSync("*.json", { cwd: WORDS }).map((file) => JSON.parse(readFileSync(`${WORDS}/${file}`, "utf8")) as Words);
  renderMessagesWith(rendererOf(Object.assign({}, ...words) as Words, "en"));
}
