import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Signs beside a common word that guessers try first: a year and a mark. */
const MAX_BESIDE = 6;
/** Shorter words are found in what is no common password. */
const MIN_WORD = 4;

/**
 * Whether others have been found to use it (OWASP ASVS 4.0.3, 2.1.7; NIST SP 800-63B, 5.1.1.2): one of 49,000 passwords of published breaches as it is, written
 * twice, or with a few signs before and behind, in any case of letters. The list is read each time and not kept: passwords are chosen rarely.
 */
export function isCommonPassword(password: string): boolean {
  const common = new Set(JSON.parse(readFileSync(list(), "utf8")) as readonly string[]);
  const plain = password.toLowerCase();
  const half = plain.slice(0, plain.length / 2);
  const word = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const isWord = word.length >= MIN_WORD && plain.length - word.length <= MAX_BESIDE && common.has(word);
  return common.has(plain) || (half.repeat(2) === plain && common.has(half)) || isWord;
}

const list = (): string => fileURLToPath(import.meta.resolve("@zxcvbn-ts/language-common/src/passwords.json"));
