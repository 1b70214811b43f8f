import "reflect-metadata";
import { webcrypto, type KeyObject } from "node:crypto";
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } from "@peculiar/x509";

const RSA_SHA256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** PEM of an X.509 v3 certificate (RFC 5280) for an RSA key, signed by the key itself, for digital signatures only, good from one day to the other. */
export async function selfSignedCertificate(key: KeyObject, commonName: string, from: Date, until: Date): Promise<string> {
  const privateKey = key.toCryptoKey(RSA_SHA256, true, ["sign"]);
  const { kty, n, e } = key.export({ format: "jwk" });
  const publicKey = await webcrypto.subtle.importKey("jwk", { kty, n, e }, RSA_SHA256, true, ["verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: [commonName] }],
      notBefore: from,
      notAfter: until,
      signingAlgorithm: RSA_SHA256,
      keys: { privateKey, publicKey },
      extensions: [new BasicConstraintsExtension(false, undefined, true), new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true)],
    },
    webcrypto as unknown as Crypto,
  );
  return certificate.toString("pem");
}
