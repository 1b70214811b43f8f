export { port, slot, type Port, type Slot } from "./token.ts";
export { alarmFold, type AlarmFold, type ConcludedAlarm } from "./alarm-fold.ts";
