export { anchoredIn, ANCHORED_TOPIC, type AnchoredEvent, type AnchoredRoot } from "./anchored-log.ts";
export {
  headerOfBlock,
  proveReceipt,
  verifyReceipt,
  type NodeObject,
  type ProvenLog,
  type ProvenReceipt,
  type ReceiptProof,
} from "./receipt-proof.ts";
