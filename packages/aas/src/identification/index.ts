export { GS1_PRIMARY_KEYS, gs1CheckDigit, gs1LinkOf, parseGs1Link, type Gs1Element, type Gs1Link } from "./gs1.ts";
export { parseHandle, spellingsOfHandle, type Handle } from "./handle.ts";
export { assetIdsOfLink, parseIdentification, type AssetIdChoice, type IdentificationLink } from "./identification-link.ts";
