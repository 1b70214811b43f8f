import { existsSync } from "node:fs";
import { join } from "node:path";

/** Of systemd: `LoadCredential=doppelwerk-seal-key:/etc/doppelwerk/seal.key`. */
const CREDENTIAL = "doppelwerk-seal-key";

/** The file with the key for sealing: as named, of `DOPPELWERK_SEAL_KEY_FILE`, or the credential of systemd. Undefined where there is none. */
export function sealKeyFile(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const file = named ?? environment["DOPPELWERK_SEAL_KEY_FILE"];
  if (file !== undefined) return file;
  const folder = environment["CREDENTIALS_DIRECTORY"];
  const credential = folder === undefined ? undefined : join(folder, CREDENTIAL);
  return credential !== undefined && existsSync(credential) ? credential : undefined;
}
