export { createLogHash, newSigningKey, signingKeyOf, verifyEd25519 } from "./log-keys.ts";
export type { FileHash } from "./log-thread.ts";
export { startTileLog, type LogOnThread } from "./start-tile-log.ts";
export { TileLog, type TileLogOptions } from "./tile-log.ts";
export { verifyTileLog, type VerifiedTileLog } from "./verify-tile-log.ts";
