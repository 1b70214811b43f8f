export {
  CREDENTIAL_TYPE,
  holdCredential,
  issueCredential,
  LIST_CREDENTIAL_MAX,
  readCredential,
  type Credential,
  type ReadCredential,
} from "./credential.ts";
export { BASE_CONTEXT } from "./data-model.ts";
export { addressOfWebDid, isDid, keyNameOf, webDidOf } from "./did.ts";
export { didDocument, keyFor, keysOfDocument, keysOfKeyDid, type DidKeys } from "./did-keys.ts";
export { isObject, listOf, type JsonObject } from "./json.ts";
export type { Signer, VerifySignature } from "./jws.ts";
export { holdPresentation, presentCredentials, PRESENTATION_MAX_MS, readPresentation, type ReadPresentation } from "./presentation.ts";
export { didOfKey, isSameKey, multibaseOf, publicKeyOf, type PublicKey } from "./public-key.ts";
export {
  bitsOfList,
  isSet,
  LIST_ENTRIES,
  listCredential,
  setBit,
  statusEntriesOf,
  statusEntry,
  type StatusEntry,
  type StatusPurpose,
} from "./status-list.ts";
