/** A line for each state of each item (a command, an entry, a correction), on disk before it is acted upon. */
export interface Journal<Item> {
  /** The last state of each item, oldest first. */
  readonly items: ReadonlyMap<string, Item>;
  /** On disk when it returns. DW_UNAVAILABLE: the disk refuses (it is full), and nothing of the item is kept. */
  put(item: Item): void;
  /** These instead of all that stands there, whole or not at all. DW_UNAVAILABLE: the disk refuses, and all stays. */
  replace(items: readonly Item[]): void;
  close(): void;
}
