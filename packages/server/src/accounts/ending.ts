/** How an identity shows who it is. */
export const PROOFS = [
  "password",
  "authenticator",
  "passkey",
  "company",
  "invitation",
  "pin",
  "badge",
  "key",
  "token",
  "credential",
  "browser",
  "certificate",
  "secret",
  "link",
  "session",
  "none",
] as const;
export type Proof = (typeof PROOFS)[number];

/** Why something connects no more. */
export const ENDINGS = ["left", "administrator", "expired", "changed", "removed", "replaced"] as const;

export interface Ending {
  readonly why: (typeof ENDINGS)[number];
  /** Account of whoever ended it; absent for itself, for its time, and for the command line. */
  readonly by?: string;
}

/** Addresses and browsers of what ended are forgotten after so long; the rest stays. */
export const ADDRESSES_KEPT_MS = 30 * 86_400_000;
