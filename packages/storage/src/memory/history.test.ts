import { historyContract } from "@doppelwerk/world/contract/history";
import { describe, test } from "vitest";
import { createMemoryHistory } from "./history.ts";

describe("the historian in memory keeps the contract", () => {
  for (const { title, run } of historyContract(() => ({ open: async () => createMemoryHistory() }))) test(title, run);
});
