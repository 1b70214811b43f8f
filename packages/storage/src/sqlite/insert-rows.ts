import type { SQLInputValue, StatementSync } from "node:sqlite";

/** Rows of one statement: most of what a single row takes is the call of its statement, and more rows save little more. */
const ROWS = 16;

/** Statements of one table, by their text. */
type Prepare = (sql: string) => StatementSync;

/** Inserts rows in the order they are given, many by one statement; the last ones with `end`. `insert` is a statement up to its VALUES. */
export class InsertRows {
  readonly #many: StatementSync;
  readonly #one: StatementSync;
  readonly #columns: number;
  readonly #values: SQLInputValue[] = [];

  constructor(prepare: Prepare, insert: string, columns: number) {
    const row = `(${Array(columns).fill("?").join(", ")})`;
    this.#many = prepare(`${insert} VALUES ${Array(ROWS).fill(row).join(", ")}`);
    this.#one = prepare(`${insert} VALUES ${row}`);
    this.#columns = columns;
  }

  add(...row: SQLInputValue[]): void {
    if (this.#values.push(...row) < ROWS * this.#columns) return;
    this.#many.run(...this.#values);
    this.#values.length = 0;
  }

  end(): void {
    for (let at = 0; at < this.#values.length; at += this.#columns) this.#one.run(...this.#values.slice(at, at + this.#columns));
    this.#values.length = 0;
  }
}
