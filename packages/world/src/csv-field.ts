// Texts of a plant in CSV, which people open with programs that compute.

/**
 * How a formula begins for one of the spreadsheets that people use, in the wide forms of Chinese and Japanese keyboards too, and behind white space that some
 * take away. One that begins with an apostrophe in front of such a beginning gets another, so that taking one away gives the text back.
 */
const FORMULA = /^'*[\s\uFEFF]*[=+\-@＝＋－＠]|^'*[\t\r\n]/u;

/** A text that a spreadsheet would take for a formula, with an apostrophe in front; any other as it is. */
export function safeFromFormulas(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** What `safeFromFormulas` was given. */
export function withoutApostrophe(written: string): string {
  return written.startsWith("'") && FORMULA.test(written) ? written.slice(1) : written;
}

/** A text as one field (RFC 4180) that is a text for every spreadsheet. */
export function csvFieldOfText(text: string): string {
  const safe = safeFromFormulas(text);
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
