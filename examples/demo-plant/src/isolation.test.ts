import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../../", import.meta.url).pathname;
const product = globSync(["{packages,packs,apps}/*/src/**/*.{ts,tsx}", "features/**/*.{ts,tsx}"], { cwd: root }).filter(
  (file) => !/\.(test|fixture)\.|\/bench\//.test(file),
);

test("[DP11] no file of the product imports an example", () => {
  expect(product.length).toBeGreaterThan(100);
  const guilty = product.filter((file) =>
    /from\s+["'][^"']*(examples\/|demo-plant)|import\(\s*["'][^"']*(examples\/|demo-plant)/.test(readFileSync(root + file, "utf8")),
  );
  expect(guilty).toEqual([]);
});

test("[DP11] the product knows neither the plant's folder of truth nor an option that could carry it", () => {
  const guilty = product.filter((file) => /plantTable|truthModel|hiddenEffects|demo-plant\/src/.test(readFileSync(root + file, "utf8")));
  expect(guilty).toEqual([]);
  const commands = product.filter(
    (file) => file.startsWith("packages/server/") && /parseArgs|\.option\(/.test(readFileSync(root + file, "utf8")),
  );
  for (const file of commands) expect(readFileSync(root + file, "utf8"), file).not.toMatch(/--(plant-seed|truth|demo-seed)\b/);
});
