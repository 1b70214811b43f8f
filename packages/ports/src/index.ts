export { port, slot, type Port, type Slot } from "./token.ts";
export { connections, type BroughtValue, type Connections } from "./connections.ts";
export { alarmFold, type AlarmFold, type ConcludedAlarm } from "./alarm-fold.ts";
