export { certificatesOfPem, type TrustedRoots } from "./certificate-chain.ts";
export { signaturesOf, type SubtleLike, type VerifySignature } from "./signature-algorithm.ts";
export { timeStampRequest, tokenOfAnswer, type TokenAnswer } from "./time-stamp-request.ts";
export { verifyTimeStamp, type TimeStampFault, type TimeStampOf, type TimeStampVerdict } from "./verify-time-stamp.ts";
