/** Characters that a reader does not see, or that turn the order of what he sees or steer a terminal: a text could say one thing and do another. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\u{2028}\u{2029}\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu;

/** A text of unknown origin as it may be shown: hidden characters written out as `\u{…}`, new lines and tabs left. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (character) => (character === "\n" || character === "\t" ? character : writtenOut(character)));
}

/** One line on stderr, whatever stands in the text: names and contents of files come from anybody. */
export function printNotice(text: string): void {
  process.stderr.write(`${text.replace(HIDDEN, writtenOut)}\n`);
}

function writtenOut(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
