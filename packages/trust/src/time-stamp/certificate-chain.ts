import { AsnConvert } from "@peculiar/asn1-schema";
import {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_kp_timeStamping,
  KeyUsage,
  KeyUsageFlags,
  type Name,
} from "@peculiar/asn1-x509";
import { bytesOfBase64 } from "../log/note-base64.ts";
import { hex, type VerifySignature } from "./signature-algorithm.ts";

/** Certificates that are trusted by whoever verifies. */
export type TrustedRoots = readonly Certificate[];

export type ChainFault = "notForTimeStamps" | "outOfDate" | "otherAuthority" | "weakAlgorithm";

/** Longer chains are not followed. */
const MAX_CHAIN = 8;

/** Of a text in PEM; undefined where it holds no certificate, or one that cannot be read. */
export function certificatesOfPem(text: string): TrustedRoots | undefined {
  const found = [...text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)];
  try {
    const read = found.map(([, body]) => AsnConvert.parse(bytesOfBase64(body!.replaceAll(/\s/g, ""))!, Certificate));
    return read.length > 0 ? read : undefined;
  } catch {
    // no certificate
    return undefined;
  }
}

/** Why a certificate may not sign time stamps at that instant; undefined for one that leads to a root. Whatever is between is looked for in `others`. */
// oxlint-disable-next-line max-params -- what a chain is of
export async function chainFault(
  leaf: Certificate,
  others: readonly Certificate[],
  roots: TrustedRoots,
  at: Date,
  verify: VerifySignature,
): Promise<ChainFault | undefined> {
  if (!isForTimeStamps(leaf)) return "notForTimeStamps";
  let [current, depth] = [leaf, 0];
  while (depth++ < MAX_CHAIN) {
    if (!isValidAt(current, at)) return "outOfDate";
    // the root itself, or a certificate that was given as trusted
    if (roots.some((root) => isSame(root, current))) return undefined;
    const issuer = await issuerOf(current, depth, [...roots, ...others], verify);
    if (issuer === "weakAlgorithm") return issuer;
    if (issuer === undefined || isSame(issuer, current)) return "otherAuthority";
    current = issuer;
  }
  return "otherAuthority";
}

export function isNamed(a: Name, b: Name): boolean {
  return hex(new Uint8Array(AsnConvert.serialize(a))) === hex(new Uint8Array(AsnConvert.serialize(b)));
}

/** Who signed the certificate and may: `below` are the certificates between it and the leaf, with the leaf. */
async function issuerOf(
  { tbsCertificate, tbsCertificateRaw, signatureAlgorithm, signatureValue }: Certificate,
  below: number,
  candidates: readonly Certificate[],
  verify: VerifySignature,
): Promise<Certificate | "weakAlgorithm" | undefined> {
  for (const candidate of candidates) {
    const { subject, subjectPublicKeyInfo } = candidate.tbsCertificate;
    if (!isNamed(subject, tbsCertificate.issuer) || !isAuthority(candidate, below - 1)) continue;
    const signed = new Uint8Array(tbsCertificateRaw ?? AsnConvert.serialize(tbsCertificate));
    const isSigned = await verify(signatureAlgorithm, undefined, subjectPublicKeyInfo, new Uint8Array(signatureValue), signed);
    if (isSigned === undefined) return "weakAlgorithm";
    if (isSigned) return candidate;
  }
  return undefined;
}

/** RFC 3161, 2.3: the one purpose, and critical. */
function isForTimeStamps(certificate: Certificate): boolean {
  const usage = extensionOf(certificate, id_ce_extKeyUsage);
  if (usage?.critical !== true) return false;
  const purposes = [...AsnConvert.parse(usage.extnValue, ExtendedKeyUsage)];
  if (purposes.length !== 1 || purposes[0] !== id_kp_timeStamping) return false;
  const keyUsage = extensionOf(certificate, id_ce_keyUsage);
  if (keyUsage === undefined) return true;
  const flags = AsnConvert.parse(keyUsage.extnValue, KeyUsage).toNumber();
  return (flags & (KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation)) !== 0;
}

function isAuthority(certificate: Certificate, below: number): boolean {
  const basic = extensionOf(certificate, id_ce_basicConstraints);
  if (basic === undefined) return false;
  const { cA, pathLenConstraint } = AsnConvert.parse(basic.extnValue, BasicConstraints);
  const keyUsage = extensionOf(certificate, id_ce_keyUsage);
  const maySign = keyUsage === undefined || (AsnConvert.parse(keyUsage.extnValue, KeyUsage).toNumber() & KeyUsageFlags.keyCertSign) !== 0;
  return cA && maySign && (pathLenConstraint === undefined || below <= pathLenConstraint);
}

function isValidAt({ tbsCertificate: { validity } }: Certificate, at: Date): boolean {
  return validity.notBefore.getTime() <= at && at <= validity.notAfter.getTime();
}

function extensionOf({ tbsCertificate: { extensions = [] as never } }: Certificate, id: string) {
  return [...extensions].find(({ extnID }) => extnID === id);
}

export function isSame(a: Certificate, b: Certificate): boolean {
  return hex(new Uint8Array(AsnConvert.serialize(a))) === hex(new Uint8Array(AsnConvert.serialize(b)));
}
