/** What waits, taken from each of those who wait in turn: who asks a thousand times delays another by one. */
export class FairQueue<T> {
  readonly #max: number;
  readonly #lanes = new Map<string, T[]>();
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  /** What has no place: the newest of who has most waiting, which may be this one. */
  put(of: string, item: T): T | undefined {
    const given = this.#size < this.#max ? undefined : this.#givingWayTo(of);
    if (this.#size >= this.#max && given === undefined) return item;
    const lane = this.#lanes.get(of);
    if (lane === undefined) this.#lanes.set(of, [item]);
    else lane.push(item);
    this.#size++;
    return given;
  }

  /** The oldest of the next one whose turn it is, among those who may. */
  take(may: (of: string) => boolean = () => true): { readonly of: string; readonly item: T } | undefined {
    for (const [of, lane] of this.#lanes) {
      if (!may(of)) continue;
      const item = lane.shift()!;
      this.#size--;
      this.#lanes.delete(of);
      if (lane.length > 0) this.#lanes.set(of, lane);
      return { of, item };
    }
    return undefined;
  }

  /** Whether anybody waits who may. */
  some(may: (of: string) => boolean): boolean {
    for (const of of this.#lanes.keys()) if (may(of)) return true;
    return false;
  }

  remove(of: string, item: T): void {
    const lane = this.#lanes.get(of);
    const at = lane?.indexOf(item) ?? -1;
    if (at < 0) return;
    lane!.splice(at, 1);
    this.#size--;
    if (lane!.length === 0) this.#lanes.delete(of);
  }

  #givingWayTo(of: string): T | undefined {
    let longest: T[] = [];
    for (const lane of this.#lanes.values()) if (lane.length > longest.length) longest = lane;
    if ((this.#lanes.get(of)?.length ?? 0) + 1 >= longest.length) return undefined;
    this.#size--;
    return longest.pop();
  }
}
