import type {} from "./codes/index.ts";

/** What the data itself gives in several languages: a label of the plant, the name of a rule. */
export interface LanguageTexts {
  readonly en: string;
  readonly zh: string;
}

/** The languages of the catalogues. */
export type Language = keyof LanguageTexts;

/** What a message is filled in with. A message in a message is rendered in the same language; a list of them is joined. */
export type MessageParam = string | number | LanguageTexts | Message | readonly Message[];

/** A text for people as a stable code with its values: no language. English and Chinese stand in `words/` (docs/decisions/0018-messages-as-codes.md). */
export interface Message {
  readonly code: string;
  readonly params: Readonly<Record<string, MessageParam>>;
}

/** Every code with its parameters. Filled in by `message-codes.ts` files, which `npm run messages` generates from the English catalogues. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface MessageCatalogue {}

export type MessageCode = keyof MessageCatalogue;

/** A message of the catalogues. A code that is not there, or a parameter that is missing or of another type, does not compile. */
export function message<Code extends MessageCode>(
  code: Code,
  ...params: keyof MessageCatalogue[Code] extends never ? [] : [params: MessageCatalogue[Code]]
): Message {
  return { code, params: (params[0] ?? {}) as Message["params"] };
}

const VERBATIM = "verbatim";

/** A text that is in no catalogue because a plant, a person, a library or another server wrote it: shown as it is in every language. */
export function verbatim(text: string): Message {
  return { code: VERBATIM, params: { text } };
}

export function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const { code, params } = value as Partial<Message>;
  return typeof code === "string" && typeof params === "object" && params !== null && Object.keys(value).length === 2;
}

type Render = (message: Message) => string;

let render: Render = codeText;
let renderIn: ((message: Message, language: Language) => string) | undefined;

/** Whether this process reads messages in a language; else `textOf` gives codes. */
export function isRendering(): boolean {
  return render !== codeText;
}

/**
 * The language in which `textOf`, and with it the `message` of an Error, reads in this process. Set once where a program starts: by the server, the
 * command line and the tests to English, by the studio to the reader's language. Pure code sets none.
 */
export function renderMessagesWith(renderer: Render): void {
  render = renderer;
}

/** How `textIn` reads. Set once where a program starts that has every catalogue: by the server and its command line, not by the studio. */
export function renderLanguagesWith(renderer: (message: Message, language: Language) => string): void {
  renderIn = renderer;
}

/** The message in a language, for what is written down for one reader; in that of this process where the program has no other. */
export function textIn(written: Message, language: Language): string {
  return renderIn === undefined || written.code === VERBATIM ? textOf(written) : renderIn(written, language);
}

/** The message in every language: for fields of the API that answered texts before they answered messages. */
export function textsOf(written: Message): LanguageTexts {
  return { en: textIn(written, "en"), zh: textIn(written, "zh") };
}

/** The message in the language of this process; as its code with its values where none was set. */
export function textOf(message: Message): string {
  return message.code === VERBATIM ? String(message.params["text"]) : render(message);
}

/** What stands where no catalogue has the code: `world.branchUnknown {"branch":"b1"}`. */
export function codeText({ code, params }: Message): string {
  return Object.keys(params).length === 0 ? code : `${code} ${JSON.stringify(params)}`;
}
