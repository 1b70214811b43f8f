import type { ObjectClass } from "@doppelwerk/aas/access-rules";
import type { AskerPolicy } from "@doppelwerk/trust";
import type { ListedRecords, RecordId, WorldRecord } from "@doppelwerk/world";
import type { ListedKind } from "./listed-kind.ts";

const [UNDECIDED, PERHAPS, NEVER, NOT_NOW] = [0, 1, 2, 3] as const;
/** Decided at a time in the background. */
const STRETCH = 1_000;

/**
 * What one asker may read of the records of a kind, as far as it is known without reading them: what no rule can permit for its texts is left out, and what
 * was read and not shown until something is written. What rules permit by the time, or by a value, is never left out.
 */
export class ListedForAsker implements ListedRecords {
  readonly #listed: ListedKind;
  readonly #mayPermit: ReturnType<AskerPolicy["listing"]>;
  readonly #isHiddenNow: (record: WorldRecord) => boolean;
  /** By number. */
  #marks = new Uint8Array(0);
  #edition = -1;
  #written = 0;
  #isDeciding = false;

  constructor(
    listed: ListedKind,
    policy: AskerPolicy,
    of: {
      readonly class: ObjectClass;
      readonly collection: string;
      readonly nameOf: (id: string) => string;
      /** Whether it was decided, and is hidden while nothing is written. */
      readonly isHidden: (record: WorldRecord) => boolean;
    },
  ) {
    this.#listed = listed;
    this.#mayPermit = policy.listing("READ", of.class, `/${of.collection}/`, of.nameOf);
    this.#isHiddenNow = of.isHidden;
  }

  /** Itself, where what is known stands now; otherwise it begins to be known. */
  ready(): ListedRecords | undefined {
    if (!this.#listed.isWhole()) return undefined;
    this.#follow();
    return this;
  }

  /** Something that rules look at was written. */
  forgetWhatWasRead(): void {
    const marks = this.#marks;
    for (let number = marks.indexOf(NOT_NOW); number >= 0; number = marks.indexOf(NOT_NOW, number + 1)) marks[number] = PERHAPS;
  }

  *idsAfter(after: RecordId): Iterable<RecordId> {
    for (const [id, number] of this.#listed.after(after)) if (this.#mark(number) === PERHAPS) yield id;
  }

  isHidden(id: RecordId): boolean {
    const number = this.#listed.numberOf(id);
    return number !== undefined && this.#mark(number) !== PERHAPS;
  }

  wasHidden(record: WorldRecord): void {
    const number = this.#listed.numberOf(record.id);
    if (number !== undefined && this.#isHiddenNow(record)) this.#marks[number] = NOT_NOW;
  }

  #mark(number: number): number {
    const known = this.#marks[number]!;
    if (known !== UNDECIDED) return known;
    const record = this.#listed.at(number);
    return (this.#marks[number] = record === undefined || this.#mayPermit(record) ? PERHAPS : NEVER);
  }

  #follow(): void {
    const written = this.#listed.written();
    if (this.#listed.edition() !== this.#edition) {
      this.#marks = new Uint8Array(this.#listed.numbers());
      this.#edition = this.#listed.edition();
      this.#decideLater();
    } else {
      if (this.#listed.numbers() > this.#marks.length) {
        const marks = new Uint8Array(Math.ceil(this.#listed.numbers() * 1.1));
        marks.set(this.#marks);
        this.#marks = marks;
      }
      for (let at = this.#written; at < written.length; at++) this.#marks[written[at]!] = UNDECIDED;
    }
    this.#written = written.length;
  }

  #decideLater(): void {
    if (this.#isDeciding) return;
    this.#isDeciding = true;
    let next = 0;
    const stretch = (): void => {
      const end = Math.min(next + STRETCH, this.#marks.length, this.#listed.numbers());
      for (; next < end; next++) this.#mark(next);
      this.#isDeciding = next < this.#marks.length && next < this.#listed.numbers();
      if (this.#isDeciding) setImmediate(stretch).unref();
    };
    setImmediate(stretch).unref();
  }
}
