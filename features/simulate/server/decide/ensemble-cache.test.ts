import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openEnsembleCache } from "./ensemble-cache.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-ensembles-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("[SV13] forecasts of past origins outlive a restart, those of origins that are gone are forgotten, and a damaged file is begun anew", () => {
  const path = join(folder, "backtest.json");
  const first = openEnsembleCache(path);
  expect(first.get("a")).toBeUndefined();
  first.put("a", { "1 h": [1, 2] });
  first.put("b", { "1 h": [3] });
  expect(openEnsembleCache(path).get("a")).toBeUndefined();
  first.save(["a"]);
  const second = openEnsembleCache(path);
  expect(second.get("a")).toEqual({ "1 h": [1, 2] });
  expect(second.get("b")).toBeUndefined();

  writeFileSync(path, readFileSync(path, "utf8").slice(0, -3));
  const third = openEnsembleCache(path);
  expect(third.get("a")).toBeUndefined();
  third.put("c", { "1 h": [4] });
  third.save(["c"]);
  expect(openEnsembleCache(path).get("c")).toEqual({ "1 h": [4] });
});
