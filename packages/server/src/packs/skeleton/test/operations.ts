import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestPack } from "@doppelwerk/kit/testing/pack";

// #region test
const folder = new URL("../", import.meta.url);

test("a batch that was added is listed, and its topic is published", async () => {
  const pack = await openTestPack(folder);
  const { id } = await pack.call<{ readonly id: string }>("brewery.add", { body: { name: "Helles 12", litres: 2_000 } });
  assert.deepEqual(await pack.call("brewery.batches"), [{ id, name: "Helles 12", litres: 2_000 }]);
  assert.deepEqual(pack.published, [{ topic: "brewery.added", payload: { name: "Helles 12" } }]);
  await pack.close();
});

test("a batch without litres is refused, and nothing is stored", async () => {
  const pack = await openTestPack(folder);
  await assert.rejects(pack.call("brewery.add", { body: { name: "Helles 12" } }), { code: "DW_INVALID" });
  assert.deepEqual(pack.records("brewery.batch"), []);
  await pack.close();
});
// #endregion
