export { canBeCommanded, hasMethods, startCommander, type Commander } from "./commander.ts";
export type { Called, CallInput, CallOrder, Written, WriteOrder } from "./write-order.ts";
