import { renderMessagesWith, type Message } from "@doppelwerk/messages";
import type { Words } from "@doppelwerk/messages/icu";
import type { Language } from "../time/format.ts";

// A chunk for each language; only that of the reader is fetched.
const files = {
  en: () => import("./messages-en.ts"),
  zh: () => import("./messages-zh.ts"),
} as const;

let words: Words = {};
let render: ((message: Message) => string) | undefined;
/** The language that was asked for last. */
let wanted: Language | undefined;

/** Messages read in this language once its texts are there. */
export async function loadCatalogues(language: Language): Promise<void> {
  wanted = language;
  const [{ rendererOf }, loaded] = await Promise.all([import("@doppelwerk/messages/icu"), files[language]()]);
  if (wanted !== language) return;
  words = loaded.words;
  render = rendererOf(words, language);
  renderMessagesWith(render);
}

/** A message in the reader's language; the server's own text until the catalogue is there, where it came without a message, and of a newer server. */
export function messageText(text: string, message: Message | null | undefined): string {
  const known = message && (message.code === "verbatim" || Object.hasOwn(words, message.code));
  return known && render ? render(message) : text;
}

/** The text of a code of the catalogues, for what a feature shows; undefined where they do not have it. */
export function catalogueText(code: string, params: Readonly<Record<string, unknown>> = {}): string | undefined {
  return Object.hasOwn(words, code) ? render?.({ code, params: params as Message["params"] }) : undefined;
}
