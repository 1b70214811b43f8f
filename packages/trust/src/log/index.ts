export { checkpointText, parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
export { inclusionText, parseInclusion, verifyInclusion, type InclusionFile, type InclusionVerdict } from "./inclusion-file.ts";
export { createMerkleHash, HASH_BYTES, isSameHash, type MerkleHash } from "./merkle-hash.ts";
export { consistencyProof, inclusionProof, isConsistent, isIncluded, MerkleFrontier, type NodeAt } from "./merkle-tree.ts";
export {
  keyText,
  parseKeyText,
  parseNote,
  signatureLine,
  signedNote,
  verifyNote,
  type NoteKey,
  type NoteSignature,
  type SignBytes,
  type VerifyBytes,
} from "./signed-note.ts";
export {
  entriesOfBundle,
  entryBundle,
  hashIn,
  MAX_ENTRY_BYTES,
  nodesOfTiles,
  parseTilePath,
  TILE_HEIGHT,
  TILE_WIDTH,
  tilePath,
  tileRoot,
  tilesOf,
} from "./tiles.ts";
export {
  isPolicyFault,
  parseWitnessPolicy,
  verifyWitnessed,
  witnessPolicyText,
  type PolicyFault,
  type WitnessedNote,
  type WitnessPolicy,
} from "./witness-policy.ts";
export {
  judgeCheckpoint,
  parseWitnessRequest,
  witnessRequestText,
  type Cosigned,
  type WitnessRefusal,
  type WitnessRequest,
  type WitnessVerdict,
} from "./witnessing.ts";
