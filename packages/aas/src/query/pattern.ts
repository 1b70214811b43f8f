import { isMessage, message, type Message } from "@doppelwerk/messages";
import { RE2JS } from "re2js";

const MAX_PATTERN = 1_000;
/** Patterns that a document gives are kept compiled, at most so many. */
const MAX_KEPT = 100;

/**
 * Whether a text holds the pattern somewhere. RE2 takes time linear in the text whatever the pattern; what it cannot say (looking around,
 * back references) is refused with a message.
 */
export function compilePattern(pattern: string): ((text: string) => boolean) | Message {
  if (pattern.length > MAX_PATTERN) return message("aas.query.patternTooLong", { max: MAX_PATTERN });
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (error) {
    return message("aas.query.noPattern", { reason: (error as Error).message.slice(0, 200) });
  }
}

const kept = new Map<string, ReturnType<typeof compilePattern>>();

/** With a pattern that is a field's value: undefined where that is no pattern. */
export function findsPattern(text: string, pattern: string): boolean | undefined {
  let compiled = kept.get(pattern);
  if (compiled === undefined) {
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(pattern, (compiled = compilePattern(pattern)));
  }
  return isMessage(compiled) ? undefined : compiled(text);
}
