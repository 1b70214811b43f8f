import { describe, test } from "vitest";
import { eventStoreContract } from "../ports/event-store.contract.ts";
import { createMemoryEventStore } from "./memory-event-store.ts";

describe("[EV10] the store in memory keeps the contract", () => {
  for (const { title, run } of eventStoreContract(() => ({ open: async () => createMemoryEventStore() }))) test(title, run);
});
