import { badLine, numberLines, wholeNumber, type NumberLine } from "../text-numbers.ts";
import type { FlexibleJobShop } from "./flexible-job-shop.ts";

const MAX_OPERATIONS = 20_000;
const MAX_CHOICES = 500_000;
const MAX_TIME = 10_000_000;
const MAX_TOTAL = 1_000_000_000;

/**
 * A flexible job shop in the text format of Brandimarte, Hurink and others: a line `jobs machines [machines per operation]`, then a line a
 * job: its number of operations, and for each operation the number of machines that can do it followed by the pairs `machine time`.
 * Machines are counted from 1 (or from 0 throughout). Throws DW_INVALID naming the line.
 */
export function readFlexibleJobShop(text: string): FlexibleJobShop {
  const [head, ...rows] = numberLines(text);
  const jobs = wholeNumber(head!.values[0], head!.line, "the number of jobs", 1, 10_000);
  const machines = wholeNumber(head!.values[1], head!.line, "the number of machines", 1, 10_000);
  if (head!.values.length > 3) throw badLine(head!.line, "the first line holds jobs, machines and perhaps machines per operation");
  const builder = new Builder(machines);
  if (rows.length === jobs) for (const [job, row] of rows.entries()) builder.job(job, new Words([row]), row);
  else {
    // jobs wrapped over several lines are read by counting; when that does not come out even, the number of lines is to blame
    const words = new Words(rows);
    const blame = rows.length < jobs ? (rows.at(-1) ?? head!) : rows[jobs]!;
    const wrong = badLine(blame.line, `line ${head!.line} says ${jobs} jobs, ${rows.length} lines follow`);
    try {
      for (let job = 0; job < jobs; job++) builder.job(job, words, undefined);
    } catch {
      throw wrong;
    }
    if (!words.ended) throw wrong;
  }
  return builder.build(jobs);
}

/** The numbers of lines one after another. */
class Words {
  readonly #rows: readonly NumberLine[];
  #row = 0;
  #at = 0;

  constructor(rows: readonly NumberLine[]) {
    this.#rows = rows;
  }

  get ended(): boolean {
    return this.#row >= this.#rows.length;
  }

  get line(): number {
    return (this.#rows[this.#row] ?? this.#rows.at(-1)!).line;
  }

  next(): number | undefined {
    const row = this.#rows[this.#row];
    const value = row?.values[this.#at++];
    if (row && this.#at >= row.values.length) {
      this.#row++;
      this.#at = 0;
    }
    return value;
  }
}

class Builder {
  readonly #machines: number;
  readonly #first: number[] = [0];
  readonly #firstChoice: number[] = [0];
  readonly #machine: { readonly machine: number; readonly line: number }[] = [];
  readonly #time: number[] = [];
  #total = 0;

  constructor(machines: number) {
    this.#machines = machines;
  }

  job(job: number, words: Words, row: NumberLine | undefined): void {
    const name = `job ${job + 1}`;
    const operations = wholeNumber(words.next(), words.line, `the number of operations of ${name}`, 0, MAX_OPERATIONS);
    for (let k = 0; k < operations; k++) {
      const { line } = words;
      const choices = wholeNumber(words.next(), line, `the number of machines of operation ${k + 1} of ${name}`, 1, this.#machines);
      let longest = 0;
      const taken = new Set<number>();
      for (let i = 0; i < choices; i++) {
        const machine = wholeNumber(words.next(), words.line, `a machine of operation ${k + 1} of ${name}`, 0, this.#machines);
        const time = wholeNumber(words.next(), line, `the time of operation ${k + 1} of ${name} on machine ${machine}`, 0, MAX_TIME);
        if (taken.has(machine)) throw badLine(line, `operation ${k + 1} of ${name} names machine ${machine} twice`);
        taken.add(machine);
        this.#machine.push({ machine, line });
        this.#time.push(time);
        longest = Math.max(longest, time);
      }
      this.#total += longest;
      this.#firstChoice.push(this.#machine.length);
      if (this.#firstChoice.length > MAX_OPERATIONS || this.#machine.length > MAX_CHOICES)
        throw badLine(line, `more than ${MAX_OPERATIONS} operations or ${MAX_CHOICES} choices`);
      if (this.#total > MAX_TOTAL) throw badLine(line, `the times add up to more than ${MAX_TOTAL}`);
    }
    this.#first.push(this.#firstChoice.length - 1);
    if (row && !words.ended) throw badLine(row.line, `${name} has more numbers than its ${operations} operations need`);
  }

  build(jobs: number): FlexibleJobShop {
    const firstMachine = this.#machine.some(({ machine }) => machine === 0) ? 0 : 1;
    const outside = this.#machine.find(({ machine }) => machine - firstMachine >= this.#machines);
    if (outside) throw badLine(outside.line, `machine ${outside.machine} where machines are counted from 0 to ${this.#machines - 1}`);
    return {
      jobs,
      machines: this.#machines,
      first: Int32Array.from(this.#first),
      firstChoice: Int32Array.from(this.#firstChoice),
      machine: Int32Array.from(this.#machine, ({ machine }) => machine - firstMachine),
      time: Int32Array.from(this.#time),
      firstMachine,
    };
  }
}
