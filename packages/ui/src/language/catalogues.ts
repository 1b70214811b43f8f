import { renderMessagesWith, type Message } from "@doppelwerk/messages";
import { rendererOf, type Words } from "@doppelwerk/messages/icu";
import type { Language } from "../time/format.ts";

// The texts of the kernel and of every feature, a chunk for each language; only that of the reader is fetched.
const files: Readonly<Record<Language, Readonly<Record<string, () => Promise<unknown>>>>> = {
  en: import.meta.glob(["../../../server/words/en/*.json", "../../../../features/*/words/en.json"], { import: "default" }),
  zh: import.meta.glob(["../../../server/words/zh/*.json", "../../../../features/*/words/zh.json"], { import: "default" }),
};

let render: ((message: Message) => string) | undefined;

/** Messages read in this language once its texts are there. */
export async function loadCatalogues(language: Language): Promise<void> {
  const words = (await Promise.all(Object.values(files[language]).map((load) => load()))) as readonly Words[];
  render = rendererOf(Object.assign({}, ...words) as Words, language);
  renderMessagesWith(render);
}

/** A message in the reader's language; the server's own text until the catalogue is there, and where it came without a message. */
export function messageText(text: string, message: Message | null | undefined): string {
  return message && render ? render(message) : text;
}
