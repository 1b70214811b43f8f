// Names that people are known by, to approvers too: what is not seen in one, or turns its order, makes it look like another.

/** Controls, halves of surrogates, what nobody defined, marks of direction, and letters and marks that are blank. */
const UNSEEN = /[\p{Cc}\p{Surrogate}\p{Co}\p{Cn}\u2028\u2029\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5|(?![\u200c\u200d])\p{Cf}/u;
/** Joiners where they join nothing: only some scripts are written with them, and pictures. */
const LOOSE_JOINER =
  /(?<![\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Mongolian}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])[\u200c\u200d]/u;

/** Whether all of a text is seen, in the order in which it is written. */
export function isReadable(text: string): boolean {
  return !UNSEEN.test(text) && !LOOSE_JOINER.test(text);
}

/** The text without what is not seen. */
export function readable(text: string): string {
  return text.replaceAll(new RegExp(UNSEEN.source, "gu"), "").replaceAll(new RegExp(LOOSE_JOINER.source, "gu"), "");
}
