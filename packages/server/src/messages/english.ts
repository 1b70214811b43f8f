import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderLanguagesWith, renderMessagesWith, type Language } from "@doppelwerk/messages";
import { rendererOf, withFormerCodes, type Words } from "@doppelwerk/messages/icu";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

/** The texts of the kernel and of every feature that is there. */
export function wordsIn(language: Language): Words {
  const files = [`packages/server/words/${language}/*.json`, `features/*/words/${language}.json`].flatMap((each) =>
    globSync(each, { cwd: ROOT }),
  );
  return withFormerCodes(mergedJson(files), mergedJson(globSync("features/*/words/former.json", { cwd: ROOT })));
}

function mergedJson(files: readonly string[]): Words {
  return Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(`${ROOT}/${file}`, "utf8")) as Words)) as Words;
}

/**
 * Messages of this process read in English from now on: in answers, logs and on the command line; `textIn` reads in every language. Texts of a language
 * are read when the first is needed.
 */
export function renderEnglish(): void {
  const renderers = new Map<Language, ReturnType<typeof rendererOf>>();
  const rendererIn = (language: Language): ReturnType<typeof rendererOf> => {
    const known = renderers.get(language);
    if (known !== undefined) return known;
    const made = rendererOf(wordsIn(language), language);
    renderers.set(language, made);
    return made;
  };
  renderMessagesWith((message) => rendererIn("en")(message));
  renderLanguagesWith((message, language) => rendererIn(language)(message));
}
