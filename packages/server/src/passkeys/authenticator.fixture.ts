import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";

/** What a device may do other than it should. */
export interface Misuse {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  /** Default: present, verified. */
  readonly flags?: number;
  readonly counter?: number;
  readonly userHandle?: string;
  readonly crossOrigin?: boolean;
  readonly type?: string;
  /** Of an attestation. */
  readonly format?: string;
  readonly statement?: ReadonlyMap<string, unknown>;
  readonly key?: KeyObject;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id?: string };
  readonly user: { readonly id: string };
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId?: string;
}

export const PRESENT = 0x01;
export const VERIFIED = 0x04;
const WITH_CREDENTIAL = 0x40;

/** A device in software: one key pair (ES256), with whatever misuse a test wants (WebAuthn Level 3, 6.1). */
export class Authenticator {
  readonly id = randomBytes(32).toString("base64url");
  readonly #origin: string;
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  #user = "";
  counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  create({ challenge, rp, user }: CreationOptions, misuse: Misuse = {}) {
    this.#user = user.id;
    const authData = Buffer.concat([this.#head(rp.id!, WITH_CREDENTIAL, misuse), this.#credential()]);
    const object = new Map<string, unknown>([
      ["fmt", misuse.format ?? "none"],
      ["attStmt", misuse.statement ?? new Map()],
      ["authData", Uint8Array.from(authData)],
    ]);
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key" as const,
      response: {
        clientDataJSON: this.#clientData("webauthn.create", challenge, misuse),
        attestationObject: Buffer.from(isoCBOR.encode(object as never)).toString("base64url"),
        transports: ["internal"],
      },
    };
  }

  get({ challenge, rpId }: RequestOptions, misuse: Misuse = {}) {
    this.counter++;
    const clientDataJSON = this.#clientData("webauthn.get", challenge, misuse);
    const authData = this.#head(rpId!, 0, misuse);
    const hash = createHash("sha256").update(Buffer.from(clientDataJSON, "base64url")).digest();
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key" as const,
      response: {
        clientDataJSON,
        authenticatorData: authData.toString("base64url"),
        signature: sign("sha256", Buffer.concat([authData, hash]), misuse.key ?? this.#keys.privateKey).toString("base64url"),
        userHandle: misuse.userHandle ?? this.#user,
      },
    };
  }

  #head(rpId: string, more: number, { rpId: other, flags = PRESENT | VERIFIED, counter = this.counter }: Misuse): Buffer {
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags | more);
    tail.writeUInt32BE(counter, 1);
    return Buffer.concat([
      createHash("sha256")
        .update(other ?? rpId)
        .digest(),
      tail,
    ]);
  }

  #credential(): Buffer {
    const { x, y } = this.#keys.publicKey.export({ format: "jwk" });
    const key = new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Uint8Array.from(Buffer.from(x!, "base64url"))],
      [-3, Uint8Array.from(Buffer.from(y!, "base64url"))],
    ]);
    const id = Buffer.from(this.id, "base64url");
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    // of a maker that is not one
    return Buffer.concat([Buffer.alloc(16, 0xaa), length, id, Buffer.from(isoCBOR.encode(key as never))]);
  }

  #clientData(type: string, challenge: string, misuse: Misuse): string {
    const data = {
      type: misuse.type ?? type,
      challenge: misuse.challenge ?? challenge,
      origin: misuse.origin ?? this.#origin,
      crossOrigin: misuse.crossOrigin ?? false,
    };
    return Buffer.from(JSON.stringify(data)).toString("base64url");
  }
}
