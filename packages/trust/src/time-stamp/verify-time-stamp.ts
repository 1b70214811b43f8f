import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { CertificateChoices, ContentInfo, id_signedData, SignedData, type Attribute, type SignerInfo } from "@peculiar/asn1-cms";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { id_ct_tstInfo, TSTInfo } from "@peculiar/asn1-tsp";
import type { Certificate } from "@peculiar/asn1-x509";
import { isSameHash } from "../log/merkle-hash.ts";
import { chainFault, isNamed, type ChainFault, type TrustedRoots } from "./certificate-chain.ts";
import { hashOf, hex, type HashName, type VerifySignature } from "./signature-algorithm.ts";

const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const DIGESTS: Readonly<Record<HashName, (bytes: Uint8Array) => Uint8Array>> = { "SHA-256": sha256, "SHA-384": sha384, "SHA-512": sha512 };

/** What a time stamp must be of. */
export interface TimeStampOf {
  /** SHA-256 of what was stamped. */
  readonly hash: Uint8Array;
  readonly roots: TrustedRoots;
  /** Of the request; not known any more to who verifies later. */
  readonly nonce?: Uint8Array;
  /** Object identifier of the policy that it must be made under. */
  readonly policy?: string;
}

export type TimeStampFault = "unreadable" | "otherHash" | "otherNonce" | "otherPolicy" | "notSigned" | ChainFault;

export type TimeStampVerdict =
  | {
      readonly isValid: true;
      readonly time: Date;
      /** Seconds that the time may be off by, as far as the authority says. */
      readonly accuracyS: number | undefined;
      readonly policy: string;
      /** Hex. */
      readonly serial: string;
      /** Of the authority, as its certificate has it. */
      readonly by: string;
    }
  | { readonly isValid: false; readonly why: TimeStampFault };

interface Read {
  readonly info: TSTInfo;
  /** What the signature covers by its digest. */
  readonly content: Uint8Array<ArrayBuffer>;
  readonly signer: SignerInfo;
  readonly certificates: readonly Certificate[];
}

const wrong = (why: TimeStampFault): TimeStampVerdict => ({ isValid: false, why });

/** Verifies a token (RFC 3161, 2.4.2; RFC 5652; RFC 5816) without asking anybody: revocation is not looked at. */
export async function verifyTimeStamp(token: Uint8Array<ArrayBuffer>, of: TimeStampOf, verify: VerifySignature): Promise<TimeStampVerdict> {
  try {
    const read = readToken(token);
    return read === undefined ? wrong("unreadable") : await judge(read, of, verify);
  } catch {
    // some part of it is no DER of what it must be
    return wrong("unreadable");
  }
}

async function judge({ info, content, signer, certificates }: Read, of: TimeStampOf, verify: VerifySignature): Promise<TimeStampVerdict> {
  const { messageImprint, nonce, policy, genTime, accuracy, serialNumber } = info;
  if (hashOf(messageImprint.hashAlgorithm) !== "SHA-256" || !isSameHash(new Uint8Array(messageImprint.hashedMessage.buffer), of.hash))
    return wrong("otherHash");
  if (of.nonce !== undefined && (nonce === undefined || number(new Uint8Array(nonce)) !== number(of.nonce))) return wrong("otherNonce");
  if (of.policy !== undefined && policy !== of.policy) return wrong("otherPolicy");
  const leaf = certificates.find((certificate) => isOf(signer, certificate));
  if (leaf === undefined) return wrong("notSigned");
  const digest = hashOf(signer.digestAlgorithm);
  if (digest === undefined) return wrong("weakAlgorithm");
  if (!coversContent(signer, content, DIGESTS[digest]) || !namesCertificate(signer, leaf)) return wrong("notSigned");
  const signed = setOf(signer.signedAttrs!);
  const key = leaf.tbsCertificate.subjectPublicKeyInfo;
  const isSigned = await verify(signer.signatureAlgorithm, digest, key, new Uint8Array(signer.signature.buffer), signed);
  if (isSigned !== true) return wrong(isSigned === undefined ? "weakAlgorithm" : "notSigned");
  const fault = await chainFault(leaf, certificates, of.roots, genTime, verify);
  if (fault !== undefined) return wrong(fault);
  return {
    isValid: true,
    time: genTime,
    accuracyS: accuracy && (accuracy.seconds ?? 0) + (accuracy.millis ?? 0) / 1e3 + (accuracy.micros ?? 0) / 1e6,
    policy,
    serial: hex(new Uint8Array(serialNumber)),
    by: nameOf(leaf),
  };
}

function readToken(token: Uint8Array<ArrayBuffer>): Read | undefined {
  const outer = AsnConvert.parse(token, ContentInfo);
  if (outer.contentType !== id_signedData) return undefined;
  const signed = AsnConvert.parse(outer.content, SignedData);
  const { eContentType, eContent } = signed.encapContentInfo;
  const [signer, ...more] = [...signed.signerInfos];
  // one signer, and what it signs in attributes (RFC 3161, 2.4.2)
  if (eContentType !== id_ct_tstInfo || eContent === undefined || signer?.signedAttrs === undefined || more.length > 0) return undefined;
  const content = contentOf(eContent);
  const certificates = [...(signed.certificates ?? [])].flatMap(({ certificate }: CertificateChoices) => certificate ?? []);
  return { info: AsnConvert.parse(content, TSTInfo), content, signer, certificates };
}

function contentOf({ single, any }: { readonly single?: OctetString; readonly any?: ArrayBuffer }): Uint8Array<ArrayBuffer> {
  if (single !== undefined) return new Uint8Array(single.buffer);
  return new Uint8Array(AsnConvert.parse(any!, OctetString).buffer);
}

function isOf({ sid: { issuerAndSerialNumber: named } }: SignerInfo, { tbsCertificate }: Certificate): boolean {
  return (
    named !== undefined &&
    hex(new Uint8Array(named.serialNumber)) === hex(new Uint8Array(tbsCertificate.serialNumber)) &&
    isNamed(named.issuer, tbsCertificate.issuer)
  );
}

function attribute({ signedAttrs = [] }: Pick<SignerInfo, "signedAttrs">, type: string): ArrayBuffer | undefined {
  const found = signedAttrs.filter(({ attrType }) => attrType === type);
  return found.length === 1 && found[0]!.attrValues.length === 1 ? found[0]!.attrValues[0] : undefined;
}

function coversContent(signer: SignerInfo, content: Uint8Array, digest: (bytes: Uint8Array) => Uint8Array): boolean {
  const [type, its] = [attribute(signer, CONTENT_TYPE), attribute(signer, MESSAGE_DIGEST)];
  if (type === undefined || its === undefined) return false;
  const isType = hex(new Uint8Array(type)) === "060b2a864886f70d0109100104";
  return isType && isSameHash(new Uint8Array(AsnConvert.parse(its, OctetString).buffer), digest(content));
}

/** The signature names its certificate by a hash (RFC 5035; RFC 2634 with SHA-1), so that no other certificate of the same key is taken for it. */
function namesCertificate(signer: SignerInfo, leaf: Certificate): boolean {
  const der = new Uint8Array(AsnConvert.serialize(leaf));
  const names = (type: string, digests: readonly ((bytes: Uint8Array) => Uint8Array)[]): boolean => {
    const named = hex(new Uint8Array(attribute(signer, type) ?? new ArrayBuffer(0)));
    return digests.some((digest) => named.includes(hex(digest(der))));
  };
  return names(SIGNING_CERTIFICATE_V2, Object.values(DIGESTS)) || names(SIGNING_CERTIFICATE, [sha1]);
}

/** The attributes as the SET that is signed, not as the field [0] that they are in (RFC 5652, 5.4). Other bytes than were signed are found by the signature. */
function setOf(attributes: readonly Attribute[]): Uint8Array<ArrayBuffer> {
  const parts = attributes.map((each) => new Uint8Array(AsnConvert.serialize(each)));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = length < 0x80 ? [0x31, length] : length < 0x100 ? [0x31, 0x81, length] : [0x31, 0x82, length >> 8, length & 0xff];
  const set = new Uint8Array(header.length + length);
  set.set(header);
  let at = header.length;
  for (const part of parts) {
    set.set(part, at);
    at += part.length;
  }
  return set;
}

/** DER has an integer without leading zeroes, a random number may begin with some. */
function number(bytes: Uint8Array): bigint {
  return BigInt(`0x0${hex(bytes)}`);
}

function nameOf({ tbsCertificate: { subject } }: Certificate): string {
  return [...subject]
    .flatMap((relative) => [...relative].map(({ value }) => value.toString()))
    .join(", ")
    .slice(0, 200);
}
