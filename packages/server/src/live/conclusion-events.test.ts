import { verbatim } from "@doppelwerk/messages";
import { DoppelwerkError, type NewEvent } from "@doppelwerk/world";
import { pino } from "pino";
import { expect, test } from "vitest";
import { ConclusionEvents } from "./conclusion-events.ts";

const logger = pino({ level: "silent" });
const eventOf = (serial: string): NewEvent => ({
  id: `event:${serial}`,
  subject: "signal:state",
  type: "part.completed",
  at: 1_790_000_000_000_001,
  origin: "derived",
  payload: { serial },
});

test("[SV110] what cannot be recorded now is tried again in order, and one that is refused keeps no other", async () => {
  const recorded: string[] = [];
  let full = true;
  const events = new ConclusionEvents({
    logger,
    async record(call) {
      if (full) throw new DoppelwerkError("DW_UNAVAILABLE", verbatim("refused"));
      if (call.some(({ payload }) => payload["serial"] === "bad")) throw new DoppelwerkError("DW_INVALID", verbatim("refused"));
      recorded.push(...call.map(({ payload }) => String(payload["serial"])));
      return { recorded: call.length, duplicates: 0 };
    },
  });
  events.add(["1", "bad", "2", "3"].map(eventOf));
  await Promise.resolve();
  full = false;
  await events.close();
  expect(recorded).toEqual(["1", "2", "3"]);
});
