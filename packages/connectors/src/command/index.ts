export { canBeCommanded, startCommander, type Commander } from "./commander.ts";
export type { Written, WriteOrder } from "./write-order.ts";
