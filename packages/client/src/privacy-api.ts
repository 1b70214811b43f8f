import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

interface Texts {
  readonly en: string;
  readonly zh: string;
}

/** A line of the data inventory. */
export interface PersonalDataLine {
  readonly id: string;
  readonly feature: string;
  readonly what: Texts;
  readonly purpose: Texts;
  readonly basis: { readonly code: "contract" | "legalObligation" | "legitimateInterests" | "consent"; readonly text: Texts };
  readonly places: readonly { readonly kind: "documents" | "journal" | "events" | "jobs" | "file" | "memory"; readonly name?: string }[];
  readonly kept: Texts;
  readonly erasure: { readonly code: "erased" | "choice" | "nameless" | "ends"; readonly text: Texts };
  readonly exported: boolean;
}

export interface ErasedPerson {
  readonly documents: number;
  /** Titles of worlds in the archive. */
  readonly notReached: readonly string[];
}

export interface PrivacyTimers {
  /** Days; absent: for good. */
  readonly timers: { readonly texts?: number; readonly entries?: number; readonly accounts?: number };
  /** The last run; `at` in microseconds since 1970. */
  readonly ran?: {
    readonly at: number;
    readonly documents: number;
    readonly keys: number;
    readonly salts: number;
    readonly accounts: number;
    readonly notReached: readonly string[];
  };
}

/** What is known of a breach of personal data. */
export interface BreachFields {
  readonly what: string;
  /** Lines of the data inventory. */
  readonly categories: readonly string[];
  readonly people: number;
  readonly measures: string;
}

/** A breach of personal data. Times are ISO 8601. */
export interface BreachCase extends BreachFields {
  readonly id: string;
  readonly opened: string;
  readonly openedBy: string;
  readonly known: string;
  /** When the authority has to be notified at the latest. */
  readonly deadline: string;
  readonly reported?: string;
  readonly evidence: readonly {
    readonly file: string;
    readonly from: number;
    readonly to: number;
    readonly sha256: string;
    readonly at: string;
  }[];
  readonly closed?: { readonly at: string; readonly by: string; readonly reason: string };
  /** Until the deadline; negative: it is over. Absent once the authority was notified, or the case is closed. */
  readonly leftHours?: number;
}

export interface PrivacyCalls {
  privacyTimers(call?: Call): Promise<PrivacyTimers>;
  setPrivacyTimers(timers: PrivacyTimers["timers"]): Promise<PrivacyTimers>;
  breaches(call?: Call): Promise<readonly BreachCase[]>;
  openBreach(given: BreachFields & { readonly known: string }): Promise<BreachCase>;
  /** `reported`: the authority was notified now. */
  changeBreach(id: string, change: Partial<BreachFields> & { readonly reported?: true }): Promise<BreachCase>;
  /** Keeps entries of the transparency log with their proofs beside the case. */
  attachBreachEvidence(id: string, entries: { readonly from: number; readonly to: number }): Promise<BreachCase>;
  breachEvidence(id: string, file: string): Promise<Uint8Array<ArrayBuffer>>;
  closeBreach(id: string, reason: string): Promise<BreachCase>;
  /** Markdown. */
  breachReport(id: string, language: "en" | "zh"): Promise<Uint8Array<ArrayBuffer>>;
  dataInventory(call?: Call): Promise<readonly PersonalDataLine[]>;
  /** Markdown. */
  inventoryReport(language: "en" | "zh"): Promise<Uint8Array<ArrayBuffer>>;
  /** Everything that is kept of who asks: JSON. */
  exportSelf(): Promise<Uint8Array<ArrayBuffer>>;
  /** `texts`: what becomes of notes and the like. */
  eraseSelf(how: { readonly texts: "erase" | "keep" }): Promise<ErasedPerson>;
  exportPerson(id: string): Promise<Uint8Array<ArrayBuffer>>;
  erasePerson(id: string, texts: "erase" | "keep"): Promise<ErasedPerson>;
}

/** Of the server, whatever the world: `requester` is one without a world. */
export function privacyCalls(requester: Requester): PrivacyCalls {
  const path = (id: string): string => `/privacy/people/${encodeURIComponent(id)}`;
  return {
    async dataInventory(call) {
      return (await requester.json<{ readonly data: readonly PersonalDataLine[] }>("GET", "/privacy/inventory", call)).data;
    },
    inventoryReport: (language) => requester.bytes("/privacy/inventory/report", { query: { language } }),
    privacyTimers: (call) => requester.json("GET", "/privacy/timers", call),
    setPrivacyTimers: (body) => requester.json("PUT", "/privacy/timers", { body }),
    async breaches(call) {
      return (await requester.json<{ readonly breaches: readonly BreachCase[] }>("GET", "/privacy/breaches", call)).breaches;
    },
    openBreach: (body) => requester.json("POST", "/privacy/breaches", { body }),
    changeBreach: (id, body) => requester.json("PATCH", `/privacy/breaches/${encodeURIComponent(id)}`, { body }),
    attachBreachEvidence: (id, body) => requester.json("POST", `/privacy/breaches/${encodeURIComponent(id)}/evidence`, { body }),
    breachEvidence: (id, file) => requester.bytes(`/privacy/breaches/${encodeURIComponent(id)}/evidence/${encodeURIComponent(file)}`),
    closeBreach: (id, reason) => requester.json("POST", `/privacy/breaches/${encodeURIComponent(id)}/closing`, { body: { reason } }),
    breachReport: (id, language) => requester.bytes(`/privacy/breaches/${encodeURIComponent(id)}/report`, { query: { language } }),
    exportSelf: () => requester.bytes("/privacy/person"),
    eraseSelf: (body) => requester.json("POST", "/privacy/person/erasure", { body }),
    exportPerson: (id) => requester.bytes(path(id)),
    erasePerson: (id, texts) => requester.json("POST", `${path(id)}/erasure`, { body: { texts } }),
  };
}
