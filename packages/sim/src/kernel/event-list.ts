import { mixEvent } from "./trace-hash.ts";

/** Sequence numbers live below, priorities above this bit of one exactly represented number. */
const PRIORITY = 2 ** 42;
const MAX_PRIORITY = 2 ** 10 - 1;

/** Where the root lies: so the four children of an entry begin at a multiple of four. */
const ROOT = 3;

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

  /** Entries of the heap. */
  size = 0;
  /** 1 while the root was taken and nothing has been scheduled since: the next `schedule` fills it in one pass. */
  hole = 0;
  /** Time and order of entry i at 2(i + 3) and the next: four children lie in 64 bytes. */
  keys: Float64Array<ArrayBuffer>;
  /** Slot of entry i at i + 3. */
  slots: Int32Array<ArrayBuffer>;
  /** Opcode and entity by slot, at twice the slot; opcode −1 marks a cancelled one. Free slots are chained through the entities. */
  payload: Int32Array<ArrayBuffer>;
  freeSlot = 0;

  constructor(now = 0, capacity = 64) {
    this.now = now;
    this.keys = new Float64Array(2 * (capacity + ROOT));
    this.slots = new Int32Array(capacity + ROOT);
    this.payload = new Int32Array(2 * capacity);
    for (let slot = 0; slot < capacity; slot++) this.payload[2 * slot + 1] = slot + 1;
  }

  /** Adds an event and returns its handle, valid until it is carried out or cancelled. `priority` is an integer 0…1023. Throws on a time before `now` or not an integer. */
  schedule(time: number, priority: number, opcode: number, entity: number): number {
    if (!(time >= this.now) || time !== Math.floor(time)) throw new Error(`event at ${time} is not an integer time from ${this.now} on`);
    if (priority < 0 || priority > MAX_PRIORITY) throw new Error(`priority ${priority} is not 0…${MAX_PRIORITY}`);
    const slot = this.freeSlot;
    if (2 * slot >= this.payload.length) this.grow();
    const { payload } = this;
    this.freeSlot = payload[2 * slot + 1]!;
    payload[2 * slot] = opcode;
    payload[2 * slot + 1] = entity;
    const order = priority * PRIORITY + this.sequence++;
    if (this.hole === 1) {
      this.hole = 0;
      this.sink(time, order, slot);
    } else this.rise(this.size++, time, order, slot);
    return slot;
  }

  /** Takes an event back. Its key stays in the heap and is skipped when it comes up; it counts for nothing. */
  cancel(handle: number): void {
    this.payload[2 * handle] = -1;
  }

  /** Carries the clock to the next event not after `until` and returns true, with its opcode and entity set; else leaves the clock and returns false. */
  next(until: number): boolean {
    for (;;) {
      if (this.hole === 1) this.close();
      if (this.size === 0) return false;
      const time = this.keys[2 * ROOT]!;
      if (time > until) return false;
      const { payload } = this;
      const slot = this.slots[ROOT]!;
      const opcode = payload[2 * slot]!;
      const entity = payload[2 * slot + 1]!;
      payload[2 * slot + 1] = this.freeSlot;
      this.freeSlot = slot;
      this.hole = 1;
      if (opcode === -1) continue;
      this.now = time;
      this.opcode = opcode;
      this.entity = entity;
      this.count++;
      mixEvent(this, time, this.keys[2 * ROOT + 1]!, opcode, entity);
      return true;
    }
  }

  /** Time of the earliest event that is not cancelled, infinite when there is none. */
  peek(): number {
    for (;;) {
      if (this.hole === 1) this.close();
      if (this.size === 0) return Infinity;
      const slot = this.slots[ROOT]!;
      if (this.payload[2 * slot] !== -1) return this.keys[2 * ROOT]!;
      this.payload[2 * slot + 1] = this.freeSlot;
      this.freeSlot = slot;
      this.hole = 1;
    }
  }

  /** Priority of the event that `peek` found. */
  peekPriority(): number {
    return Math.floor(this.keys[2 * ROOT + 1]! / PRIORITY);
  }

  private close(): void {
    this.hole = 0;
    const last = --this.size + ROOT;
    if (last > ROOT) this.sink(this.keys[2 * last]!, this.keys[2 * last + 1]!, this.slots[last]!);
  }

  // positions from here on are those in the columns: the root at 3, the children of p at 4p − 8 … 4p − 5, the parent of p at (p + 8) ÷ 4

  private rise(from: number, time: number, order: number, slot: number): void {
    const { keys, slots } = this;
    let at = from + ROOT;
    while (at > ROOT) {
      const parent = (at + 8) >> 2;
      const parentTime = keys[2 * parent]!;
      const parentOrder = keys[2 * parent + 1]!;
      if (parentTime < time || (parentTime === time && parentOrder < order)) break;
      keys[2 * at] = parentTime;
      keys[2 * at + 1] = parentOrder;
      slots[at] = slots[parent]!;
      at = parent;
    }
    keys[2 * at] = time;
    keys[2 * at + 1] = order;
    slots[at] = slot;
  }

  private sink(time: number, order: number, slot: number): void {
    const { keys, slots } = this;
    const end = this.size + ROOT;
    let at = ROOT;
    let first = ROOT + 1;
    // full families without an inner loop; a tie, which is rare, costs its look at the orders only when there is one
    while (first + 3 < end) {
      const k = 2 * first;
      let best = first;
      let bestTime = keys[k]!;
      const t1 = keys[k + 2]!;
      const t2 = keys[k + 4]!;
      const t3 = keys[k + 6]!;
      if (t1 <= bestTime && (t1 < bestTime || keys[k + 3]! < keys[2 * best + 1]!)) {
        best = first + 1;
        bestTime = t1;
      }
      if (t2 <= bestTime && (t2 < bestTime || keys[k + 5]! < keys[2 * best + 1]!)) {
        best = first + 2;
        bestTime = t2;
      }
      if (t3 <= bestTime && (t3 < bestTime || keys[k + 7]! < keys[2 * best + 1]!)) {
        best = first + 3;
        bestTime = t3;
      }
      const bestOrder = keys[2 * best + 1]!;
      if (bestTime >= time && (bestTime > time || bestOrder > order)) break;
      keys[2 * at] = bestTime;
      keys[2 * at + 1] = bestOrder;
      slots[at] = slots[best]!;
      at = best;
      first = (at << 2) - 8;
    }
    if (first < end && first + 3 >= end) {
      let best = first;
      for (let child = first + 1; child < end; child++)
        if (keys[2 * child]! < keys[2 * best]! || (keys[2 * child] === keys[2 * best] && keys[2 * child + 1]! < keys[2 * best + 1]!))
          best = child;
      const bestTime = keys[2 * best]!;
      const bestOrder = keys[2 * best + 1]!;
      if (bestTime < time || (bestTime === time && bestOrder < order)) {
        keys[2 * at] = bestTime;
        keys[2 * at + 1] = bestOrder;
        slots[at] = slots[best]!;
        at = best;
      }
    }
    keys[2 * at] = time;
    keys[2 * at + 1] = order;
    slots[at] = slot;
  }

  private grow(): void {
    const before = this.payload.length / 2;
    const after = before * 2;
    this.keys = grown(this.keys, new Float64Array(2 * (after + ROOT)));
    this.slots = grown(this.slots, new Int32Array(after + ROOT));
    this.payload = grown(this.payload, new Int32Array(2 * after));
    for (let slot = before; slot < after; slot++) this.payload[2 * slot + 1] = slot + 1;
  }
}

function grown<T extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(from: T, to: T): T {
  (to as Float64Array).set(from as Float64Array);
  return to;
}
