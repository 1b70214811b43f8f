/** What the world refuses, with the HTTP status an outer room answers. The catalogue is docs/guide/errors.md. */
export const errorStatus = {
  DW_NOT_FOUND: 404,
  DW_INVALID: 400,
  DW_CONFLICT: 409,
  DW_CHANGED: 412,
  DW_FORBIDDEN: 403,
  DW_UNAVAILABLE: 503,
  DW_FENCED: 503,
  DW_FORMAT_NEWER: 500,
  DW_DAMAGED: 500,
  DW_LIVE_BOUND: 409,
  DW_STALE_APPROVAL: 409,
  DW_SAME_PERSON: 403,
  DW_CANCELLED: 409,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** A sentence of the server as a code with its values, so that it can be said in the reader's language; the English text stands beside it. */
export interface Told {
  readonly code: string;
  /** A value may be such a sentence itself: why something broke off. */
  readonly values: Readonly<Record<string, string | number | Told>>;
}

/** A sentence in English and as a code with values: what `said` makes. */
export class Said {
  readonly text: string;
  /** Undefined where it has no words of its own. */
  readonly told: Told | undefined;
  constructor(text: string, told: Told | undefined) {
    this.text = text;
    this.told = told;
  }
}

/** A value that a sentence tells is cut here: it may be anything that came in. */
const LONGEST_VALUE = 500;

/**
 * Writes a sentence once for both: said`no such branch: ${name}` is its English text, and the code `noSuchBranch` with the values
 * `{"1": name}`. The values are numbered from 1; one may be such a sentence itself.
 */
export function said(words: TemplateStringsArray, ...values: readonly unknown[]): Said {
  const plain = values.map((value) => (value instanceof Said ? value.text : String(value)));
  const text = words.reduce((begun, part, index) => `${begun}${plain[index - 1]}${part}`);
  const code = codeOfWords(words);
  if (code === undefined) return new Said(text, undefined);
  const told = values.map((value, index): [string, string | number | Told] => [
    String(index + 1),
    typeof value === "number" ? value : ((value instanceof Said ? value.told : undefined) ?? plain[index]!.slice(0, LONGEST_VALUE)),
  ]);
  return new Said(text, { code, values: Object.fromEntries(told) });
}

/** What went wrong, to be kept: the message, and what it tells where it is a sentence of this server. */
export function failureOf(error: unknown): { readonly message: string; readonly told?: Told } {
  const told = error instanceof DoppelwerkError ? error.told : undefined;
  return { message: error instanceof Error ? error.message : String(error), ...(told && { told }) };
}

/** The words that never change in one, each with a capital but the first; then the number of values, where there are several. */
export function codeOfWords(parts: readonly string[]): string | undefined {
  const [first, ...others] = parts
    .join(" ")
    .replaceAll("'", "")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  if (first === undefined) return undefined;
  const words = first[0]!.toLowerCase() + first.slice(1) + others.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  return parts.length > 2 ? `${words}${parts.length - 1}` : words;
}

/** A refusal by rule: what failed and why in `message`, the path or id last. `details` is JSON shown to the caller. */
export class DoppelwerkError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;
  /** The message for a screen that speaks another language; undefined where it is not one of this server's own sentences. */
  readonly told: Told | undefined;
  constructor(code: ErrorCode, message: string | Said, details?: unknown, told?: Told) {
    super(typeof message === "string" ? message : message.text);
    this.name = "DoppelwerkError";
    this.code = code;
    this.details = details;
    this.told = typeof message === "string" ? told : message.told;
  }
}
