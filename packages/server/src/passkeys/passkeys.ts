import { isIP } from "node:net";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { isUsable, type Account, type AccountStore } from "../accounts/account-store.ts";
import { CHALLENGE_MS, Challenges, type Ceremony } from "./challenges.ts";
import type { Passkey, PasskeyStore } from "./passkey-store.ts";

// Passkeys (WebAuthn Level 3): credentials that their device finds by itself, which ask for finger, face or PIN each time.

/** ES256, EdDSA, RS256. */
const ALGORITHMS = [-7, -8, -257];

/** Loaded by the first who uses a passkey: it and what reads certificates take 30 MB. */
const library = () => import("@simplewebauthn/server");
const helpers = () => import("@simplewebauthn/server/helpers");

/** The server as a browser knows it. */
export interface RelyingParty {
  /** A host name: passkeys are bound to one, never to an address. */
  readonly id: string;
  readonly origin: string;
}

/** Of the Host of a request, which was held to be of this server before; undefined for an address. */
export function relyingPartyOf(scheme: "http" | "https", host: string): RelyingParty | undefined {
  const text = `${scheme}://${host}`;
  if (!URL.canParse(text)) return undefined;
  const { hostname, origin } = new URL(text);
  return isIP(hostname.replace(/^\[|\]$/g, "")) === 0 ? { id: hostname, origin } : undefined;
}

export interface PasskeysOptions {
  readonly store: PasskeyStore;
  readonly accounts: AccountStore;
  readonly now: () => number;
}

/** What people do with passkeys. `bound` is the browser that a challenge is for: the id of its session, or its cookie. */
export class Passkeys {
  readonly store: PasskeyStore;
  readonly #accounts: AccountStore;
  readonly #now: () => number;
  readonly #challenges: Challenges;

  constructor({ store, accounts, now }: PasskeysOptions) {
    this.store = store;
    this.#accounts = accounts;
    this.#now = now;
    this.#challenges = new Challenges(now);
  }

  /** Those of an account that work under this name. */
  usable(account: string, party: RelyingParty | undefined): readonly Passkey[] {
    return party === undefined ? [] : this.store.of(account).filter(({ host, suspect }) => host === party.id && suspect === undefined);
  }

  async offerNew({ id, login, name }: Account, party: RelyingParty, bound: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await library();
    return generateRegistrationOptions({
      rpName: "Doppelwerk",
      rpID: party.id,
      userID: Uint8Array.from(Buffer.from(id, "utf8")),
      userName: login,
      userDisplayName: name,
      challenge: this.#challenges.issue("add", bound),
      timeout: CHALLENGE_MS,
      // nobody's word for the device is asked for, and none is believed
      attestationType: "none",
      excludeCredentials: this.usable(id, party).map(descriptor),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      supportedAlgorithmIDs: ALGORITHMS,
    });
  }

  /** Errors: DW_INVALID for what is no new credential of this challenge, name and origin; those of `PasskeyStore.add`. */
  async add(account: Account, name: string, given: RegistrationResponseJSON, party: RelyingParty, bound: string): Promise<Passkey> {
    const { verifyRegistrationResponse } = await library();
    const verified = await verifying(async () =>
      verifyRegistrationResponse({
        response: await withoutAttestation(given),
        expectedChallenge: (challenge) => this.#challenges.take(challenge, "add", bound),
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    );
    if (!verified.verified || isFramed(given)) throw refused();
    const { credential, credentialBackedUp } = verified.registrationInfo;
    const { transports } = credential;
    return this.store.add({
      id: credential.id,
      account: account.id,
      name,
      host: party.id,
      key: Buffer.from(credential.publicKey).toString("base64url"),
      counter: credential.counter,
      ...(transports !== undefined && { transports }),
      synced: credentialBackedUp,
      created: new Date(this.#now()).toISOString(),
    });
  }

  /** Without an account: of whichever passkey the device has for this name. */
  async offer(ceremony: Ceremony, party: RelyingParty, bound: string, account?: string): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await library();
    return generateAuthenticationOptions({
      rpID: party.id,
      challenge: this.#challenges.issue(ceremony, bound),
      timeout: CHALLENGE_MS,
      userVerification: "required",
      allowCredentials: account === undefined ? [] : this.usable(account, party).map(descriptor),
    });
  }

  /**
   * Whose passkey it is, used now, for this challenge, name and origin, with user verification and a counter that goes on. Errors: DW_INVALID for anything else,
   * which does not say what; DW_UNAVAILABLE.
   */
  async check(ceremony: Ceremony, given: AuthenticationResponseJSON, party: RelyingParty, bound: string): Promise<Account> {
    const passkey = this.store.byId(given.id);
    const account = passkey === undefined ? undefined : this.#accounts.byId(passkey.account);
    const isOther = given.response.userHandle !== undefined && textOf(given.response.userHandle) !== passkey?.account;
    if (passkey === undefined || account === undefined || isOther || passkey.host !== party.id || isFramed(given)) throw refused();
    const { verifyAuthenticationResponse } = await library();
    const { verified, authenticationInfo } = await verifying(async () =>
      verifyAuthenticationResponse({
        response: given,
        expectedChallenge: (challenge) => this.#challenges.take(challenge, ceremony, bound),
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: true,
        // its counter is judged once the signature is known to be right, by what is kept then
        credential: { id: passkey.id, publicKey: Uint8Array.from(Buffer.from(passkey.key, "base64url")), counter: 0 },
      }),
    );
    if (
      !verified ||
      !this.store.use(passkey.id, authenticationInfo.newCounter, this.#now()) ||
      !isUsable(account, this.#now()) ||
      account.binding !== undefined
    )
      throw refused();
    return this.#accounts.byId(account.id) ?? raise();
  }
}

function descriptor({ id, transports }: Passkey): { readonly id: string; readonly transports?: never } {
  return { id, ...(transports !== undefined && { transports: transports as never }) };
}

/** As if the device had said nothing of itself: a statement is neither believed nor a reason to ask anybody for certificates. */
async function withoutAttestation(given: RegistrationResponseJSON): Promise<RegistrationResponseJSON> {
  const { decodeAttestationObject, isoBase64URL, isoCBOR } = await helpers();
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(given.response.attestationObject)).get("authData");
  const plain = isoCBOR.encode(
    new Map<string, unknown>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", authData],
    ]) as never,
  );
  return { ...given, response: { ...given.response, attestationObject: isoBase64URL.fromBuffer(plain) } };
}

/** Made in a frame of a page of another origin. */
function isFramed({ response: { clientDataJSON } }: AuthenticationResponseJSON | RegistrationResponseJSON): boolean {
  try {
    const { crossOrigin, topOrigin } = JSON.parse(textOf(clientDataJSON)) as {
      readonly crossOrigin?: unknown;
      readonly topOrigin?: unknown;
    };
    return crossOrigin === true || topOrigin !== undefined;
  } catch {
    // no client data at all
    return true;
  }
}

function textOf(base64url: string): string {
  return Buffer.from(base64url, "base64url").toString("utf8");
}

/** The library throws plain errors for what a client sends; why is of no use to who tries. */
async function verifying<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch {
    // whatever it was
    throw refused();
  }
}

const refused = (): DoppelwerkError => new DoppelwerkError("DW_INVALID", message("server.passkeyRefused"));

function raise(): never {
  throw refused();
}
