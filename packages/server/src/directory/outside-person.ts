/** Somebody as a provider knows him. */
export interface OutsidePerson {
  /** Who says so. */
  readonly issuer: string;
  /** Names the person there, and nobody else ever. */
  readonly subject: string;
  /** What he is called there; proves nothing. */
  readonly login: string | undefined;
  readonly name: string | undefined;
  readonly groups: readonly string[];
  /** When he last proved there who he is, in milliseconds since 1970; absent where that is not said. */
  readonly proved?: number;
}
