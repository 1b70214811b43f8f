import { isMessage, message, verbatim, type Message } from "@doppelwerk/messages";
import { rendererOf } from "@doppelwerk/messages/icu";
import { DoppelwerkError, errorStatus, type ErrorCode } from "@doppelwerk/world";
import type { CrossingError } from "./pack-protocol.ts";
import { NO_WORDS, type PackWords } from "./pack-words.ts";

const MAX_TEXT = 500;
const MAX_REASON_BYTES = 4_000;

/**
 * What a pack refuses with a code of the errors is its answer, in its own words where it gives a `reason` of them, in both languages; one that the server
 * refused it with stays what it is. Anything else is a fault of the pack, named in the log.
 */
export function errorOfPack(error: CrossingError, name: string, words: PackWords = NO_WORDS): Error {
  const text = String(error?.message).slice(0, MAX_TEXT);
  if (typeof error?.code === "string" && Object.hasOwn(errorStatus, error.code))
    return new DoppelwerkError(error.code as ErrorCode, reasonOfPack(error.reason, words) ?? verbatim(text));
  return new Error(`the pack ${name} failed: ${text}${typeof error?.stack === "string" ? `\n${error.stack.slice(0, 4_000)}` : ""}`);
}

/** Rendered here: whoever reads it need not have the words of the pack. Undefined where it is no message of the pack or of the server. */
function reasonOfPack(reason: unknown, words: PackWords): Message | undefined {
  if (!isMessage(reason) || JSON.stringify(reason).length > MAX_REASON_BYTES) return undefined;
  const { code } = reason;
  if (Object.hasOwn(words.en, code) && Object.hasOwn(words.zh, code)) {
    const [en, zh] = (["en", "zh"] as const).map((language) => rendererOf(words[language], language)(reason).slice(0, 4 * MAX_TEXT));
    return message("packs.says", { text: { en: en!, zh: zh! } });
  }
  return isOfServer(code) ? reason : undefined;
}

/** Of the kernel, whose refusal a pack passes on. */
function isOfServer(code: string): boolean {
  return /^(?:world|server|packs|messages|storage)\.\w/.test(code);
}
