import type { PartEvent } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { eventOfPart } from "./event-kinds.ts";

test("[SV110] what happens to a part becomes an event, the same one when it is concluded again", () => {
  const part: PartEvent = { kind: "completed", serial: "SN-1", station: "S20", at: 1_790_000_000_000_001, reworked: false };
  const event = eventOfPart(part);
  expect(event).toMatchObject({ type: "part.completed", at: part.at, payload: { serial: "SN-1", station: "S20", reworked: false } });
  expect(eventOfPart({ ...part, reworked: true }).id).toBe(event.id);
});
