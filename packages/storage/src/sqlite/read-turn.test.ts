import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { ReadTurn } from "./read-turn.ts";
import { connect } from "./record-tables.ts";

test("[ST23] a turn reads the file as it was when its first question came, and as it is once it ends or is ended", async () => {
  const root = mkdtempSync(join(tmpdir(), "doppelwerk-read-turn-"));
  const path = join(root, "file.sqlite");
  const [reading, writing] = [connect(path, 1_024), connect(path, 1_024)];
  writing.exec("CREATE TABLE numbers (number INTEGER)");
  const turn = new ReadTurn(reading);
  const count = (): unknown => {
    turn.begin();
    return reading.prepare("SELECT count(*) AS count FROM numbers").get()!["count"];
  };
  const add = (): void => writing.exec("INSERT INTO numbers VALUES (1)");
  expect(count()).toBe(0);
  add();
  expect(count()).toBe(0);
  turn.end();
  expect(count()).toBe(1);
  add();
  expect(count()).toBe(1);
  await setImmediate();
  expect(reading.isTransaction).toBe(false);
  expect(count()).toBe(2);
  reading.exec("ROLLBACK");
  turn.end();
  expect(count()).toBe(2);
  reading.close();
  turn.end();
  writing.close();
  rmSync(root, { recursive: true, force: true });
});
