import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderMessagesWith } from "@doppelwerk/messages";
import { rendererOf, type Words } from "@doppelwerk/messages/icu";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

/** The English texts of the kernel and of every feature that is there. */
export function englishWords(): Words {
  const files = ["packages/server/words/en/*.json", "features/*/words/en.json"].flatMap((each) => globSync(each, { cwd: ROOT }));
  return Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(`${ROOT}/${file}`, "utf8")) as Words)) as Words;
}

/** Messages of this process read in English from now on: in answers, logs and on the command line. Texts are read when the first is needed. */
export function speakEnglish(): void {
  let render: ReturnType<typeof rendererOf> | undefined;
  renderMessagesWith((message) => (render ??= rendererOf(englishWords(), "en"))(message));
}
