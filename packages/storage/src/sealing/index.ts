export { newKeyText, readKeyMaterial, sealKeyOf, type KeyMaterial, type SealKey } from "./seal-key.ts";
export { SealedSecrets } from "./sealed-secrets.ts";
export { isSealed, keyOfSealed, openText, sealText } from "./sealed-text.ts";
export {
  openedFromDisk,
  openWithKeyFile,
  readSealedFolder,
  SEALED,
  sealedForDisk,
  sealKeyFileInUse,
  usedKey,
  useSealing,
  writeSealedFolder,
} from "./sealing.ts";
