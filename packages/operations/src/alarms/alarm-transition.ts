/** The states of ISA-18.2 / IEC 62682. */
export const ALARM_STATES = [
  "normal",
  "unacknowledged",
  "acknowledged",
  "returnedUnacknowledged",
  "latched",
  "shelved",
  "suppressedByDesign",
  "outOfService",
] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/**
 * What happens to an alarm: of the process (`alarm`, `return`, `latchedReturn` for a latching rule), of people (`acknowledge`, `reset`, `shelve`,
 * `unshelve`, `takeOut`, `putBack`), of the design (`suppress`, `unsuppress`). Leaving shelved, suppressed or out of service leads to normal;
 * a condition that holds then annunciates again.
 */
export const ALARM_ACTIONS = [
  "alarm",
  "return",
  "latchedReturn",
  "acknowledge",
  "reset",
  "shelve",
  "unshelve",
  "suppress",
  "unsuppress",
  "takeOut",
  "putBack",
] as const;
export type AlarmAction = (typeof ALARM_ACTIONS)[number];

const aside = { shelve: "shelved", suppress: "suppressedByDesign", takeOut: "outOfService" } as const;

/** Total: every action in every state leads somewhere; the same state = it changes nothing. */
export const ALARM_TRANSITIONS: Readonly<Record<AlarmState, Readonly<Record<AlarmAction, AlarmState>>>> = {
  normal: { ...stay("normal"), alarm: "unacknowledged", ...aside },
  unacknowledged: {
    ...stay("unacknowledged"),
    return: "returnedUnacknowledged",
    latchedReturn: "latched",
    acknowledge: "acknowledged",
    ...aside,
  },
  acknowledged: { ...stay("acknowledged"), return: "normal", latchedReturn: "latched", ...aside },
  returnedUnacknowledged: { ...stay("returnedUnacknowledged"), alarm: "unacknowledged", acknowledge: "normal", ...aside },
  latched: { ...stay("latched"), alarm: "unacknowledged", reset: "normal", ...aside },
  shelved: { ...stay("shelved"), unshelve: "normal", takeOut: "outOfService" },
  suppressedByDesign: { ...stay("suppressedByDesign"), unsuppress: "normal", shelve: "shelved", takeOut: "outOfService" },
  outOfService: { ...stay("outOfService"), putBack: "normal" },
};

function stay(state: AlarmState): Record<AlarmAction, AlarmState> {
  return Object.fromEntries(ALARM_ACTIONS.map((action) => [action, state])) as Record<AlarmAction, AlarmState>;
}

/** States of the alarm list: someone has to look, or has looked and the condition lasts. */
export function isListed(state: AlarmState): boolean {
  return state === "unacknowledged" || state === "acknowledged" || state === "returnedUnacknowledged" || state === "latched";
}
