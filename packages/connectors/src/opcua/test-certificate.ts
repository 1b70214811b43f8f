// Certificates for tests: keys and self-signed certificates in PEM, expired ones among them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CertificatePurpose, createSelfSignedCertificate, generateKeyPair, privateKeyToPEM } from "node-opcua-crypto";

export interface TestCertificate {
  readonly certificate: string;
  readonly privateKey: string;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
}

export async function createTestCertificate(
  folder: string,
  name: string,
  {
    days = [-1, 365],
    purpose = CertificatePurpose.ForApplication,
    applicationUri = `urn:test:${name}`,
    hosts,
  }: {
    readonly hosts?: readonly string[];
    readonly days?: readonly [number, number];
    readonly purpose?: CertificatePurpose;
    readonly applicationUri?: string;
  } = {},
): Promise<TestCertificate> {
  const { privateKey } = await generateKeyPair(2048);
  const { privPem } = await privateKeyToPEM(privateKey);
  const day = (offset: number): Date => new Date(Date.now() + offset * 86_400_000);
  const { cert } = await createSelfSignedCertificate({
    privateKey,
    notBefore: day(days[0]),
    notAfter: day(days[1]),
    subject: `CN=${name}`,
    dns: [...(hosts ?? ["localhost"])],
    ip: hosts === undefined ? ["127.0.0.1"] : [],
    applicationUri,
    purpose,
  });
  const certificateFile = join(folder, `${name}.pem`);
  const privateKeyFile = join(folder, `${name}.key.pem`);
  writeFileSync(certificateFile, cert);
  writeFileSync(privateKeyFile, privPem);
  return { certificate: cert, privateKey: privPem, certificateFile, privateKeyFile };
}
