export { isActiveAlarm } from "./active-alarm.ts";
export * from "./message.ts";
export * from "./samples-frame.ts";
export { createReplica, fieldChange } from "./replica.ts";
export type { PendingPush, Replica, ReplicaOptions } from "./replica.ts";
export * from "./room.ts";
