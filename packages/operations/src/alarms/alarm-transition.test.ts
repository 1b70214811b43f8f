import { expect, test } from "vitest";
import { ALARM_ACTIONS, ALARM_STATES, ALARM_TRANSITIONS, isListed } from "./alarm-transition.ts";

test("[O50] every action in every state leads to a state of the standard", () => {
  for (const state of ALARM_STATES) for (const action of ALARM_ACTIONS) expect(ALARM_STATES).toContain(ALARM_TRANSITIONS[state][action]);
});

test("[O50] the transitions that change something, all of them", () => {
  const changes = ALARM_STATES.flatMap((state) =>
    ALARM_ACTIONS.filter((action) => ALARM_TRANSITIONS[state][action] !== state).map(
      (action) => `${state} ${action} ${ALARM_TRANSITIONS[state][action]}`,
    ),
  );
  expect(changes).toEqual([
    "normal alarm unacknowledged",
    "normal shelve shelved",
    "normal suppress suppressedByDesign",
    "normal takeOut outOfService",
    "unacknowledged return returnedUnacknowledged",
    "unacknowledged latchedReturn latched",
    "unacknowledged acknowledge acknowledged",
    "unacknowledged shelve shelved",
    "unacknowledged suppress suppressedByDesign",
    "unacknowledged takeOut outOfService",
    "acknowledged return normal",
    "acknowledged latchedReturn latched",
    "acknowledged shelve shelved",
    "acknowledged suppress suppressedByDesign",
    "acknowledged takeOut outOfService",
    "returnedUnacknowledged alarm unacknowledged",
    "returnedUnacknowledged acknowledge normal",
    "returnedUnacknowledged shelve shelved",
    "returnedUnacknowledged suppress suppressedByDesign",
    "returnedUnacknowledged takeOut outOfService",
    "latched alarm unacknowledged",
    "latched reset normal",
    "latched shelve shelved",
    "latched suppress suppressedByDesign",
    "latched takeOut outOfService",
    "shelved unshelve normal",
    "shelved takeOut outOfService",
    "suppressedByDesign shelve shelved",
    "suppressedByDesign unsuppress normal",
    "suppressedByDesign takeOut outOfService",
    "outOfService putBack normal",
  ]);
});

test("[O50] only what someone has to look at is in the list", () => {
  expect(ALARM_STATES.filter(isListed)).toEqual(["unacknowledged", "acknowledged", "returnedUnacknowledged", "latched"]);
});
