const PAD = 10;
/** Pixels of a letter or digit, and of a Chinese character, in the size of names on bars. */
const NARROW = 7;
const WIDE = 12;

/** Room that a text needs on a bar, px: rather too much, so that no two lie over another. */
export function labelWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.codePointAt(0)! > 0xff ? WIDE : NARROW), PAD);
}
