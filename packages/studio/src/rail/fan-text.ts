/** What is written beside a fan: the first of the texts that has room between now and the edge, as what is past has marks and names of its own; else nothing. */
export function fanText(texts: readonly string[], room: number, widthOf: (text: string) => number): string | undefined {
  return texts.find((text) => widthOf(text) <= room);
}
