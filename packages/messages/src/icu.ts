import { IntlMessageFormat } from "intl-messageformat";
import { codeText, isMessage, type LanguageTexts, type Message, type MessageParam } from "./index.ts";

/** ICU texts by code. */
export type Words = Readonly<Record<string, string>>;

/** A renderer of one language. Texts are parsed when they are first needed. A code that is not there reads as itself, with its values. */
export function rendererOf(words: Words, locale: string): (message: Message) => string {
  const formats = new Map<string, IntlMessageFormat | undefined>();
  const between = locale.startsWith("zh") ? "；" : "; ";
  const formatOf = (code: string): IntlMessageFormat | undefined => {
    if (formats.has(code)) return formats.get(code);
    const text = Object.hasOwn(words, code) ? words[code] : undefined;
    const format = text === undefined ? undefined : new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
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
