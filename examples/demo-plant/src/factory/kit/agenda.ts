/** What is due later, in the order of its time; what is due at the same time in the order in which it was put in. */
export class Agenda<T> {
  readonly #heap: { readonly due: number; readonly order: number; readonly item: T }[] = [];
  #order = 0;

  put(due: number, item: T): void {
    const heap = this.#heap;
    let at = heap.push({ due, order: this.#order++, item }) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(heap[at]!, heap[above]!)) break;
      [heap[at], heap[above]] = [heap[above]!, heap[at]!];
      at = above;
    }
  }

  /** Takes what is due until `until`. */
  *due(until: number): Generator<{ readonly due: number; readonly item: T }> {
    const heap = this.#heap;
    while (heap.length > 0 && heap[0]!.due <= until) {
      const first = heap[0]!;
      const last = heap.pop()!;
      if (heap.length > 0) {
        heap[0] = last;
        this.#sink();
      }
      yield first;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && before(heap[right]!, heap[least]!)) least = right;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

function before(a: { readonly due: number; readonly order: number }, b: { readonly due: number; readonly order: number }): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
