import { renderMessagesWith, type Message, type MessageCatalogue, type MessageCode } from "@doppelwerk/messages";
import { rendererOf, withFormerCodes, type Words } from "@doppelwerk/messages/icu";
import { createStore } from "../store/store.ts";
import type { Language } from "../time/format.ts";
import { formerCodes } from "./former-codes.ts";
import type {} from "../message-codes.ts";

// Chunks for each language; only those of the reader are fetched: what screens show, and what the kernel says.
const shown = { en: () => import("./words-en.ts"), zh: () => import("./words-zh.ts") } as const;
const kernel = { en: () => import("./messages-en.ts"), zh: () => import("./messages-zh.ts") } as const;

interface Reading {
  readonly language: Language;
  readonly words: Words;
  readonly render: (message: Message) => string;
  readonly t: Translate;
}

/** Codes whose text needs no parameter. */
export type PlainCode = { [Code in MessageCode]: keyof MessageCatalogue[Code] extends never ? Code : never }[MessageCode];

/** What each of the codes needs. */
type Params<Code extends MessageCode> = (Code extends MessageCode ? (params: MessageCatalogue[Code]) => void : never) extends (
  params: infer All,
) => void
  ? All
  : never;

/** Texts by code in the reader's language. A code that is not there, or a parameter that is missing or of another type, does not compile. */
export interface Translate {
  (code: PlainCode): string;
  <Code extends MessageCode>(code: Code, params: Params<Code>): string;
  /** The text of a code that is put together from data; `fallback` where the catalogues do not have it. */
  or(code: string, fallback: string, params?: Message["params"]): string;
}

/** What this window reads. */
export const reading = createStore(readingOf("en", {}));

/** The language that was asked for last: another one that comes later is not shown. */
let wanted: Language = "en";

/** Every text of a language. */
export async function loadCatalogues(language: Language): Promise<void> {
  wanted = language;
  const [screens, messages] = await Promise.all([shown[language](), kernel[language]()]);
  // shown already: everything on the page would be drawn anew
  if (reading.get().language === language && Object.keys(own).length > 0) return;
  show(language, { ...messages.words, ...screens.words });
}

/** Texts of packs, and what the product shows without them. */
let added: Readonly<Record<Language, Words>> = { en: {}, zh: {} };
let own: Words = {};

/** Adds texts of packs, in place of those that were added before. They have no text for a code of the product. */
export function addWords(words: Readonly<Record<Language, Words>>): void {
  added = words;
  if (reading.get().language === wanted) show(wanted, own);
}

function show(language: Language, words: Words): void {
  if (wanted !== language) return;
  own = words;
  const next = readingOf(language, { ...added[language], ...withFormerCodes(words, formerCodes) });
  renderMessagesWith(next.render);
  reading.set(next);
}

function readingOf(language: Language, words: Words): Reading {
  const render = rendererOf(words, language);
  const t = (code: string, params: Message["params"] = {}): string => (Object.hasOwn(words, code) ? render({ code, params }) : code);
  const or: Translate["or"] = (code, fallback, params = {}) => (Object.hasOwn(words, code) ? render({ code, params }) : fallback);
  return { language, words, render, t: Object.assign(t, { or }) as Translate };
}

/** A message in the reader's language; the server's own text until the catalogue is there, where it came without a message, and of a newer server. */
export function messageText(text: string, message: Message | null | undefined): string {
  const { words, render } = reading.get();
  const known = message && (message.code === "verbatim" || Object.hasOwn(words, message.code));
  return known ? render(message) : text;
}

/** The text of a code, for what is no view. */
export const translate: Translate = Object.assign(
  (code: string, params?: Message["params"]): string => reading.get().t.or(code, code, params),
  { or: (code: string, fallback: string, params?: Message["params"]): string => reading.get().t.or(code, fallback, params) },
);
