const ELLIPSIS = "\u2026";

/** Width of a text in columns: a Chinese character is as wide as two Latin ones. */
const columnsOf = (text: string): number => [...text].reduce((sum, each) => sum + columnOf(each), 0);
const columnOf = (character: string): number =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(character) ? 2 : 1;

/**
 * A name in at most `max` columns: of a longer one the beginning and the end, because names of one plant often differ in their last word. Whoever shows it
 * gives the whole name as title.
 */
export function middleCut(name: string, max: number): string {
  if (columnsOf(name) <= max) return name;
  const characters = [...name];
  const room = Math.max(0, max - 1);
  const head = taken(characters, Math.ceil(room * 0.6));
  const tail = taken(characters.toReversed(), room - columnsOf(head.join(""))).toReversed();
  return `${head.join("").trimEnd()}${ELLIPSIS}${tail.join("").trimStart()}`;
}

function taken(characters: readonly string[], columns: number): readonly string[] {
  let left = columns;
  const end = characters.findIndex((each) => (left -= columnOf(each)) < 0);
  return end < 0 ? characters : characters.slice(0, end);
}

/** The same for a canvas: at most `width` pixels, as `measure` has them. */
export function fittingCut(name: string, width: number, measure: (text: string) => number): string {
  if (measure(name) <= width) return name;
  let [low, high] = [1, columnsOf(name)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(middleCut(name, middle)) <= width) low = middle;
    else high = middle - 1;
  }
  return middleCut(name, low);
}
