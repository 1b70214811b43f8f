import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { MessageImprint, PKIStatus, TimeStampReq, TimeStampResp, TimeStampReqVersion } from "@peculiar/asn1-tsp";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";

const SHA_256 = "2.16.840.1.101.3.4.2.1";

/** Asks for a time stamp of a SHA-256, with the certificates of who signs it (RFC 3161, 2.4.1). */
export function timeStampRequest(hash: Uint8Array<ArrayBuffer>, nonce: Uint8Array<ArrayBuffer>, policy?: string): Uint8Array<ArrayBuffer> {
  const request = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA_256, parameters: null }),
      hashedMessage: new OctetString(hash),
    }),
    nonce: nonce.buffer.slice(nonce.byteOffset, nonce.byteOffset + nonce.length),
    certReq: true,
    ...(policy !== undefined && { reqPolicy: policy }),
  });
  return new Uint8Array(AsnConvert.serialize(request));
}

export type TokenAnswer =
  | { readonly token: Uint8Array<ArrayBuffer> }
  /** The authority refused, with its own words where it has some. */
  | { readonly refused: string }
  | { readonly unreadable: true };

/** The token of an answer (RFC 3161, 2.4.2), not verified. */
export function tokenOfAnswer(answer: Uint8Array<ArrayBuffer>): TokenAnswer {
  try {
    const { status, timeStampToken } = AsnConvert.parse(answer, TimeStampResp);
    if (status.status !== PKIStatus.granted && status.status !== PKIStatus.grantedWithMods)
      return { refused: [PKIStatus[status.status] ?? String(status.status), ...(status.statusString ?? [])].join(": ") };
    return timeStampToken === undefined ? { unreadable: true } : { token: new Uint8Array(AsnConvert.serialize(timeStampToken)) };
  } catch {
    // no DER of an answer
    return { unreadable: true };
  }
}
