/** One value for a server or a broker. */
export interface SentValue {
  /** Name of the signal, or topic. */
  readonly address: string;
  readonly value: string | number | boolean;
  /** Milliseconds since 1970. */
  readonly ms: number;
}

/** Entries of an outbox on their way to one receiver, each once more until it is acknowledged. */
export interface Destination {
  /** Name of the cursor. */
  readonly name: string;
  readonly by: "mqtt" | "push" | "post" | "epcis";
  /** Entries after this number with the values they send; ascending. */
  pending(after: number, most: number): readonly { readonly seq: number; readonly values: readonly SentValue[]; readonly event?: object }[];
  /** A receiver that hears this program for the first time is not told what is older, ms. */
  readonly notBefore?: number;
}
