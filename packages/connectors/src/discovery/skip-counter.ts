import type { Message } from "@doppelwerk/messages";
import type { BrowseResult } from "@doppelwerk/world";

/** Counts what was left out, by reason. */
export class SkipCounter {
  readonly #skipped = new Map<string, { readonly reason: Message; count: number }>();

  get size(): number {
    return this.#skipped.size;
  }

  skip(reason: Message, count = 1): void {
    const key = JSON.stringify(reason);
    const known = this.#skipped.get(key);
    if (known === undefined) this.#skipped.set(key, { reason, count });
    else known.count += count;
  }

  list(): BrowseResult["skipped"] {
    return [...this.#skipped.values()];
  }
}
