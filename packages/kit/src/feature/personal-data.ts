import type { MessageCode } from "@doppelwerk/messages";

/** Where personal data is kept. What a test finds of a person's id anywhere else is not declared. */
export type PersonalPlace =
  /**
   * Documents of a kind of record; `person` is the field with the id of the person that they are of, where a person's own can be told by it, and `written`
   * the one with the time (microseconds since 1970) that a timer counts from.
   */
  | { readonly kind: "documents"; readonly record: string; readonly person?: string; readonly written?: string }
  /** A journal of a feature (`NAME.jsonl`). */
  | { readonly kind: "journal"; readonly journal: string }
  /** The actor of recorded events of a type. */
  | { readonly kind: "events"; readonly type: string }
  /** Jobs of a kind. */
  | { readonly kind: "jobs"; readonly job: string }
  /** A file or folder of the world or the server, named from its folder. */
  | { readonly kind: "file"; readonly path: string }
  /** In memory alone. */
  | { readonly kind: "memory" };

/** What administrators set a number of days for. */
export type RetentionTimer = "texts" | "entries" | "accounts";

/** Legal ground of processing (GDPR Art. 6, PIPL Art. 13), as a hint for who keeps the record of processing. */
export type LegalBasis = "contract" | "legalObligation" | "legitimateInterests" | "consent";

/** An input that a feature takes from a model that was trained, or of a body: a voice, a pose, a face, a fingerprint. Each a code of a text. */
export interface SensitiveInput {
  readonly kind: "ai" | "biometric";
  readonly purpose: MessageCode;
  readonly data: MessageCode;
  /** What happens when it is wrong or missing. */
  readonly failure: MessageCode;
}

/** What is kept of people, for one purpose: a line of the data inventory. */
export interface PersonalData {
  /** `notes.texts`: the id of the feature, then a name; for good. */
  readonly id: string;
  /** Code of the text that says what is kept. */
  readonly what: MessageCode;
  /** Code of the text that says what for. */
  readonly purpose: MessageCode;
  readonly basis: LegalBasis;
  readonly places: readonly PersonalPlace[];
  /** How long: until its person is erased, as long as what it belongs to, until something ends (hours), or by a timer of the administrators. */
  readonly kept: "untilErased" | "asLongAsTheRecord" | { readonly hours: number } | { readonly timer: RetentionTimer };
  /**
   * What erasing a person does to it: `erased`; `choice` of the person, who may also leave it without a name; `nameless`: it stays, and nothing tells whose
   * it is; `ends` by itself before.
   */
  readonly erasure: "erased" | "choice" | "nameless" | "ends";
  /** Whether the export of a person has it. */
  readonly exported: boolean;
}
