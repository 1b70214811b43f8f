export { openTrustList, type KnownCertificate, type TrustDecision, type TrustList } from "./trust-list.ts";
