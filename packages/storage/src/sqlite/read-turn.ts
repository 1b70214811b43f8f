import type { DatabaseSync, StatementSync } from "node:sqlite";

/**
 * One read transaction for all questions of a turn of the loop: to begin and end one for each takes as long as the question itself. What another connection
 * commits meanwhile is seen from `end` on.
 */
export class ReadTurn {
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #last = (): void => this.end();
  #open = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#begin = database.prepare("BEGIN");
    this.#commit = database.prepare("COMMIT");
  }

  begin(): void {
    if (this.#open) return;
    this.#begin.run();
    this.#open = true;
    setImmediate(this.#last);
  }

  /** Also where SQLite ended it itself, as it does when the disk cannot be read. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#database.isOpen && this.#database.isTransaction) this.#commit.run();
  }
}
