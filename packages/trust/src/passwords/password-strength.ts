/** OWASP ASVS 5.0, 6.2.1: at least 8, 15 recommended; no rules of composition (6.2.5), and all characters as they were typed (6.2.8). */
export const PASSWORD_MIN = 12;
/** ASVS 4.0.3, 2.1.2: 64 characters are allowed, more than 128 are not. */
export const PASSWORD_MAX = 128;
const GOOD = 15;
const STRONG = 20;
const STRONG_DISTINCT = 10;

/** Why something may not be a password. */
export type PasswordFault = "tooShort" | "tooLong" | "easilyGuessed";

/** How good a password is: 0 is refused, 1 taken, 2 as long as is recommended, 3 long and of many characters. */
export interface PasswordStrength {
  readonly level: 0 | 1 | 2 | 3;
  readonly fault?: PasswordFault;
}

/** What the server refuses, and no more; `words` are those that others know of the account: its login and name. */
export function faultOfPassword(password: string, words: readonly string[]): PasswordFault | undefined {
  const length = lengthOf(password);
  if (length < PASSWORD_MIN) return "tooShort";
  if (length > PASSWORD_MAX) return "tooLong";
  const plain = password.toLowerCase();
  const isKnown = words.some((word) => word.length >= 3 && plain.replaceAll(word.toLowerCase(), "").length < PASSWORD_MIN / 2);
  return isKnown || distinctOf(plain) < 5 || isRow(plain) ? "easilyGuessed" : undefined;
}

/** For a meter beside the field. */
export function strengthOfPassword(password: string, words: readonly string[]): PasswordStrength {
  const fault = faultOfPassword(password, words);
  if (fault !== undefined) return { level: 0, fault };
  const length = lengthOf(password);
  if (length >= STRONG && distinctOf(password.toLowerCase()) >= STRONG_DISTINCT) return { level: 3 };
  return { level: length >= GOOD ? 2 : 1 };
}

/** In characters, as people count them. */
export const lengthOf = (text: string): number => [...text].length;

const distinctOf = (text: string): number => new Set(text).size;

/** Keys beside each other, and the alphabet. */
function isRow(text: string): boolean {
  const rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm"];
  return rows.some((row) => [row, [...row].toReversed().join("")].some((each) => each.includes(text.slice(0, 10))));
}
