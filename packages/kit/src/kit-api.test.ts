import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkKitApi } from "../../../scripts/kit-api.ts";

test("[K7] what features and packs may import of the kit is what its golden file lists: stable, experimental and deprecated names", () => {
  expect(checkKitApi(fileURLToPath(new URL("../../..", import.meta.url)))).toEqual([]);
});
