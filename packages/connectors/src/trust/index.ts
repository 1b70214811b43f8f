export { openTrustList, type CertificatePart, type KnownCertificate, type TrustDecision, type TrustList } from "./trust-list.ts";
