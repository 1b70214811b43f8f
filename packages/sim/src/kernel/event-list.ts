import { mixEvent } from "./trace-hash.ts";

/** Sequence numbers live below, priorities above this bit of one exactly represented number. */
const PRIORITY = 2 ** 42;
const MAX_PRIORITY = 2 ** 10 - 1;

/**
 * The future-event list: a four-ary heap in typed arrays, keyed by (time, priority, sequence).
 *
 * Time is integer microseconds; of equal times the lower priority comes first, of equal priorities what was scheduled first.
 * An event is an integer opcode and an integer entity; what they mean is the model's. No closure, generator or promise is
 * ever held, so the list is copied, saved and hashed as bytes. Own properties are numbers and typed arrays only (see `memory.ts`).
 */
export class EventList {
  /** Time, opcode and entity of the event that `next` carried out last. `now` never decreases. */
  now = 0;
  opcode = 0;
  entity = 0;
  /** Events carried out so far. */
  count = 0;
  sequence = 0;
  hashA = 0x243f6a88;
  hashB = 0x85a308d3 | 0;

  /** Heap of keys with the slot of the payload. */
  size = 0;
  /** 1 while the root was taken and nothing has been scheduled since: the next `schedule` fills it in one pass. */
  hole = 0;
  times: Float64Array<ArrayBuffer>;
  orders: Float64Array<ArrayBuffer>;
  slots: Int32Array<ArrayBuffer>;

  /** Payload by slot; opcode −1 marks a cancelled one. Free slots are chained through `entities`. */
  opcodes: Int32Array<ArrayBuffer>;
  entities: Int32Array<ArrayBuffer>;
  freeSlot = 0;

  constructor(now = 0, capacity = 64) {
    this.now = now;
    this.times = new Float64Array(capacity);
    this.orders = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
    this.opcodes = new Int32Array(capacity);
    this.entities = new Int32Array(capacity);
    for (let slot = 0; slot < capacity; slot++) this.entities[slot] = slot + 1;
  }

  /** Adds an event and returns its handle, valid until it is carried out or cancelled. `priority` is an integer 0…1023. Throws on a time before `now` or not an integer. */
  schedule(time: number, priority: number, opcode: number, entity: number): number {
    if (!(time >= this.now) || time !== Math.floor(time)) throw new Error(`event at ${time} is not an integer time from ${this.now} on`);
    if (priority < 0 || priority > MAX_PRIORITY) throw new Error(`priority ${priority} is not 0…${MAX_PRIORITY}`);
    if (this.freeSlot >= this.opcodes.length) this.grow();
    const slot = this.freeSlot;
    this.freeSlot = this.entities[slot]!;
    this.opcodes[slot] = opcode;
    this.entities[slot] = entity;
    const order = priority * PRIORITY + this.sequence++;
    if (this.hole === 1) {
      this.hole = 0;
      this.sink(time, order, slot);
    } else this.rise(this.size++, time, order, slot);
    return slot;
  }

  /** Takes an event back. Its key stays in the heap and is skipped when it comes up; it counts for nothing. */
  cancel(handle: number): void {
    this.opcodes[handle] = -1;
  }

  /** Carries the clock to the next event not after `until` and returns true, with its opcode and entity set; else leaves the clock and returns false. */
  next(until: number): boolean {
    for (;;) {
      if (this.hole === 1) this.close();
      if (this.size === 0) return false;
      const time = this.times[0]!;
      if (time > until) return false;
      const slot = this.slots[0]!;
      const opcode = this.opcodes[slot]!;
      const entity = this.entities[slot]!;
      this.entities[slot] = this.freeSlot;
      this.freeSlot = slot;
      this.hole = 1;
      if (opcode === -1) continue;
      this.now = time;
      this.opcode = opcode;
      this.entity = entity;
      this.count++;
      mixEvent(this, time, this.orders[0]!, opcode, entity);
      return true;
    }
  }

  /** Time of the earliest event that is not cancelled, infinite when there is none. */
  peek(): number {
    for (;;) {
      if (this.hole === 1) this.close();
      if (this.size === 0) return Infinity;
      const slot = this.slots[0]!;
      if (this.opcodes[slot] !== -1) return this.times[0]!;
      this.entities[slot] = this.freeSlot;
      this.freeSlot = slot;
      this.hole = 1;
    }
  }

  private close(): void {
    this.hole = 0;
    const last = --this.size;
    if (last > 0) this.sink(this.times[last]!, this.orders[last]!, this.slots[last]!);
  }

  private rise(from: number, time: number, order: number, slot: number): void {
    const { times, orders, slots } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentTime = times[parent]!;
      if (parentTime < time || (parentTime === time && orders[parent]! < order)) break;
      times[at] = parentTime;
      orders[at] = orders[parent]!;
      slots[at] = slots[parent]!;
      at = parent;
    }
    times[at] = time;
    orders[at] = order;
    slots[at] = slot;
  }

  private sink(time: number, order: number, slot: number): void {
    const { times, orders, slots, size } = this;
    let at = 0;
    let first = 1;
    // full families without an inner loop; a tie, which is rare, costs its look at the orders only when there is one
    while (first + 3 < size) {
      const t0 = times[first]!;
      const t1 = times[first + 1]!;
      const t2 = times[first + 2]!;
      const t3 = times[first + 3]!;
      let best = first;
      let bestTime = t0;
      if (t1 <= bestTime && (t1 < bestTime || orders[first + 1]! < orders[best]!)) {
        best = first + 1;
        bestTime = t1;
      }
      if (t2 <= bestTime && (t2 < bestTime || orders[first + 2]! < orders[best]!)) {
        best = first + 2;
        bestTime = t2;
      }
      if (t3 <= bestTime && (t3 < bestTime || orders[first + 3]! < orders[best]!)) {
        best = first + 3;
        bestTime = t3;
      }
      if (bestTime >= time && (bestTime > time || orders[best]! > order)) break;
      times[at] = bestTime;
      orders[at] = orders[best]!;
      slots[at] = slots[best]!;
      at = best;
      first = (at << 2) + 1;
    }
    if (first < size && first + 3 >= size) {
      let best = first;
      for (let child = first + 1; child < size; child++)
        if (times[child]! < times[best]! || (times[child]! === times[best]! && orders[child]! < orders[best]!)) best = child;
      if (times[best]! < time || (times[best]! === time && orders[best]! < order)) {
        times[at] = times[best]!;
        orders[at] = orders[best]!;
        slots[at] = slots[best]!;
        at = best;
      }
    }
    times[at] = time;
    orders[at] = order;
    slots[at] = slot;
  }

  private grow(): void {
    const before = this.opcodes.length;
    const after = before * 2;
    this.times = grown(this.times, new Float64Array(after));
    this.orders = grown(this.orders, new Float64Array(after));
    this.slots = grown(this.slots, new Int32Array(after));
    this.opcodes = grown(this.opcodes, new Int32Array(after));
    this.entities = grown(this.entities, new Int32Array(after));
    for (let slot = before; slot < after; slot++) this.entities[slot] = slot + 1;
  }
}

function grown<T extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(from: T, to: T): T {
  (to as Float64Array).set(from as Float64Array);
  return to;
}
