import { ALARM_STATES, ALARM_TRANSITIONS } from "@doppelwerk/operations";
import { expect, test } from "vitest";
import { ACTS, offeredActs } from "./offered-acts.ts";

const done = {
  acknowledge: "acknowledge",
  reset: "reset",
  unshelve: "unshelve",
  returnToService: "putBack",
  shelve: "shelve",
  takeOutOfService: "takeOut",
} as const;

test.each(ALARM_STATES)("[AL2] [AL3] what is offered of an alarm that is %s is exactly what would change it", (state) => {
  const changing = ACTS.filter((act) => ALARM_TRANSITIONS[state][done[act]] !== state);
  expect(offeredActs(state).toSorted()).toEqual(changing.toSorted());
});
