import { IntlMessageFormat } from "intl-messageformat";
import { codeText, isMessage, type LanguageTexts, type Message, type MessageParam } from "./index.ts";

type Format = Pick<IntlMessageFormat, "format">;

/** ICU texts by code. */
export type Words = Readonly<Record<string, string>>;

/** The words with those of former codes, under which messages were stored before (`former` → present code). */
export function withFormerCodes(words: Words, former: Readonly<Record<string, string>>): Words {
  const known = Object.entries(former).filter(([, code]) => Object.hasOwn(words, code));
  return { ...words, ...Object.fromEntries(known.map(([code, now]) => [code, words[now]!])) };
}

/** A renderer of one language. Texts are parsed when they are first needed. A code that is not there reads as itself, with its values. */
export function rendererOf(words: Words, locale: string): (message: Message) => string {
  const formats = new Map<string, Format | undefined>();
  const between = locale.startsWith("zh") ? "；" : "; ";
  const formatOf = (code: string): Format | undefined => {
    if (formats.has(code)) return formats.get(code);
    const text = Object.hasOwn(words, code) ? words[code] : undefined;
    const format = text === undefined ? undefined : formatIn(text, locale);
    formats.set(code, format);
    return format;
  };
  const valueOf = (param: MessageParam): string | number => {
    if (typeof param === "string" || typeof param === "number") return param;
    if (Array.isArray(param)) return param.map(render).join(between);
    if (isMessage(param)) return render(param);
    const { en, zh } = param as LanguageTexts;
    return (locale.startsWith("zh") ? zh : en) || en || zh;
  };
  const render = (message: Message): string => {
    if (message.code === "verbatim") return String(message.params["text"]);
    try {
      const format = formatOf(message.code);
      if (format === undefined) return codeText(message);
      return String(format.format(Object.fromEntries(Object.entries(message.params).map(([name, param]) => [name, valueOf(param)]))));
    } catch {
      // A value that the text needs is missing: the message is of another version of this program.
      return codeText(message);
    }
  };
  return render;
}

/** Most texts have nothing to be filled in, and are not parsed. */
function formatIn(text: string, locale: string): Format {
  if (!/[{}']/.test(text)) return { format: () => text };
  const format = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
  return locale.startsWith("zh") ? spaced(format, text) : format;
}

/** Where a value begins and ends, while its surroundings are looked at: for use inside of one system only. */
const [BEGIN, END] = ["\ue000", "\ue001"];

/** Chinese is set apart from Latin letters and digits by a space, also where a value begins or ends with them. */
function spaced(format: IntlMessageFormat, text: string): Format {
  const chosen = new Set(Array.from(text.matchAll(/\{\s*(\w+)\s*,/g), ([, name]) => name));
  return {
    format(values) {
      const marked = Object.entries(values ?? {}).map(([name, value]) => [
        name,
        typeof value === "string" && !chosen.has(name) ? `${BEGIN}${value}${END}` : value,
      ]);
      return String(format.format(Object.fromEntries(marked)))
        .replaceAll(/(?<=\p{Script=Han})\ue000(?=[A-Za-z\d])|(?<=[A-Za-z\d])\ue001(?=\p{Script=Han})/gu, " ")
        .replaceAll(/[\ue000\ue001]/g, "");
    },
  };
}
