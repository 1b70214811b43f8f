import { createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { ConnectionIdentity, OwnCertificates } from "@doppelwerk/ports";
import { didOfKey, machineKeyOf } from "../machines/machine-key.ts";
import type { Certificates } from "../certificates/certificates.ts";
import { connectionId, type ConnectionRegister } from "../connections/connection-register.ts";

const newKeyPair = promisify(generateKeyPair);
const RSA_BITS = 3_072;

export interface CertifiedWorld {
  readonly name: string;
  readonly id: string;
  /** With the keys of its connections; undefined where nobody keeps them. */
  readonly register?: Pick<ConnectionRegister, "keyToCertify"> | undefined;
}

/** Keys of connections and what the authorities say of them. Errors: those of `Certificates`. */
export function connectionIdentities(certificates: Certificates, world: CertifiedWorld): OwnCertificates {
  const ownerOf = (name: string): string => `connection:${world.name}/${name}`;
  const certify = async (name: string, keys: Keys): Promise<ConnectionIdentity> => {
    const applicant = { owner: ownerOf(name), name, did: keys.did };
    const own = await certificates.issue(applicant, "tls", spkiOf(keys.own));
    const opcua = await certificates.issue(applicant, "opcua", spkiOf(keys.opcua));
    return {
      did: keys.did,
      certificate: own.certificate,
      privateKey: keys.own,
      // servers that trust the authority alone are told the way to it
      opcua: { certificate: `${opcua.certificate}\n${opcua.authority}`, privateKey: keys.opcua },
      until: own.until,
      renew: own.renew,
    };
  };
  return {
    async identify(name, connection) {
      const born = connection === undefined ? undefined : world.register?.keyToCertify(connectionId(world.id, connection));
      const [made, opcua] = await Promise.all([newKeyPair("ec", { namedCurve: "P-256" }), newKeyPair("rsa", { modulusLength: RSA_BITS })]);
      const own = born ?? pemOf(made.privateKey);
      // those of keys that nobody has any more
      certificates.revoke(ownerOf(name));
      const did = didOfKey(machineKeyOf(createPublicKey(own).export({ format: "jwk" })));
      return certify(name, { did, own, opcua: pemOf(opcua.privateKey) });
    },
    renewed: (name, { did, privateKey, opcua }) => certify(name, { did, own: privateKey, opcua: opcua.privateKey }),
    revoke: (name) => void certificates.revoke(ownerOf(name)),
  };
}

interface Keys {
  readonly did: string;
  /** PEM. */
  readonly own: string;
  readonly opcua: string;
}

function pemOf(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }) as string;
}

function spkiOf(privateKey: string): Uint8Array {
  return createPublicKey(privateKey).export({ format: "der", type: "spki" });
}
