import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

/**
 * A line of a benchmark file that holds numbers. Left out are empty lines, comments (from # or //, and lines that begin with %, ; or !), titles: lines that
 * begin with a word before the first number, lines of words alone ("Times", "EOF"), and rules ("+++++").
 */
export interface NumberLine {
  /** From 1, as editors count. */
  readonly line: number;
  readonly values: readonly number[];
}

const MAX_CHARACTERS = 20_000_000;
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The lines of a text of numbers. Throws DW_INVALID naming the line of the first word that is no number. */
export function numberLines(text: string): NumberLine[] {
  if (text.length > MAX_CHARACTERS) throw new DoppelwerkError("DW_INVALID", message("sim.fileMoreCharacters", { max: MAX_CHARACTERS }));
  const lines: NumberLine[] = [];
  for (const [index, full] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    // editors of old ended a file with Ctrl Z
    const content = full
      .replaceAll("\u001A", "")
      .split(/#|\/\//, 1)[0]!
      .trim();
    if (content === "" || /^[%;!]/.test(content)) continue;
    const words = content.split(/[\s,;]+/).filter((word) => word !== "");
    const isTitle = lines.length === 0 ? !number.test(words[0] ?? "") : words.every((word) => /^\p{L}{2,}:?$|^[:=*+_-]+$/u.test(word));
    if (isTitle) continue;
    const wrong = words.find((word) => !number.test(word));
    if (wrong !== undefined) throw badLine(index + 1, `"${wrong.slice(0, 40).replace(/\p{Cc}/gu, "�")}" is not a number`);
    if (words.length > 0) lines.push({ line: index + 1, values: words.map(Number) });
  }
  if (lines.length === 0) throw new DoppelwerkError("DW_INVALID", message("sim.fileHoldsNoNumbers"));
  return lines;
}

/** The refusal of a benchmark file: what is wrong, and in which line. */
export function badLine(line: number, what: string): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", message("sim.line", { line, what }), { line });
}

/** A whole number between bounds, or a refusal that names it. */
export function wholeNumber(value: number | undefined, line: number, what: string, low: number, high: number): number {
  if (value === undefined) throw badLine(line, `${what} is missing`);
  if (!Number.isInteger(value) || value < low || value > high)
    throw badLine(line, `${what} must be a whole number from ${low} to ${high}, not ${value}`);
  return value;
}
