import { endpoint, z } from "@doppelwerk/kit";

const fields = {
  what: z.string().trim().min(1).max(10_000),
  /** Ids of lines of the data inventory. */
  categories: z.array(z.string().max(200)).max(100).readonly(),
  people: z.int().min(0).max(10_000_000_000),
  measures: z.string().max(10_000),
};
const evidence = z.object({ file: z.string(), from: z.int(), to: z.int(), sha256: z.string(), at: z.string() });
/** Times are ISO 8601. */
const breachShape = z.object({
  id: z.string(),
  opened: z.string(),
  openedBy: z.string(),
  known: z.string(),
  deadline: z.string(),
  ...fields,
  reported: z.string().optional(),
  evidence: z.array(evidence).readonly(),
  closed: z.object({ at: z.string(), by: z.string(), reason: z.string() }).optional(),
  /** Hours until the deadline; negative: it is over. Absent once the authority was told, or the case is closed. */
  leftHours: z.number().optional(),
});

const administered = { action: "administer", people: { as: "administration" } } as const;
const index = z.int().min(0);

export const listBreaches = endpoint({
  ...administered,
  id: "privacy.breaches",
  route: "GET /privacy/breaches",
  summary: "Breaches of personal data, the newest first, with the hours that are left to tell the authority",
  answer: z.object({ limitHours: z.number(), breaches: z.array(breachShape).readonly() }),
  errors: ["DW_NOT_FOUND"],
});

export const openBreach = endpoint({
  ...administered,
  id: "privacy.openBreach",
  route: "POST /privacy/breaches",
  summary: "Open a case for a breach of personal data; its time limit counts from when it became known",
  body: z.strictObject({ known: z.iso.datetime({ offset: true }), ...fields }),
  answer: breachShape,
  errors: ["DW_INVALID", "DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const changeBreach = endpoint({
  ...administered,
  id: "privacy.changeBreach",
  route: "PATCH /privacy/breaches/:breach",
  summary: "Change what is known of a breach, and that the authority was told now",
  body: z.strictObject({
    what: fields.what.optional(),
    categories: fields.categories.optional(),
    people: fields.people.optional(),
    measures: fields.measures.optional(),
    reported: z.literal(true).optional(),
  }),
  answer: breachShape,
  errors: ["DW_INVALID", "DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const attachEvidence = endpoint({
  ...administered,
  id: "privacy.attachEvidence",
  route: "POST /privacy/breaches/:breach/evidence",
  summary: "Keep entries of the transparency log with their proofs beside a case",
  body: z.strictObject({ from: index, to: index }),
  answer: breachShape,
  errors: ["DW_INVALID", "DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const readBreachEvidence = endpoint({
  ...administered,
  id: "privacy.breachEvidence",
  route: "GET /privacy/breaches/:breach/evidence/:file",
  summary: "A file of evidence of a case, which `doppelwerk verify` checks",
  answer: { octets: "application/json" },
  errors: ["DW_NOT_FOUND"],
});

export const closeBreach = endpoint({
  ...administered,
  id: "privacy.closeBreach",
  route: "POST /privacy/breaches/:breach/closing",
  summary: "Close a case with the reason; it changes no more",
  body: z.strictObject({ reason: z.string().trim().min(1).max(10_000) }),
  answer: breachShape,
  errors: ["DW_INVALID", "DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const reportBreach = endpoint({
  ...administered,
  id: "privacy.breachReport",
  route: "GET /privacy/breaches/:breach/report",
  summary: "A case as a page of Markdown for the authority (GDPR Art. 33 (3))",
  query: z.object({ language: z.enum(["en", "zh"]).default("en") }),
  answer: { octets: "text/markdown; charset=utf-8" },
  errors: ["DW_NOT_FOUND"],
});

export const setBreachLimit = endpoint({
  ...administered,
  id: "privacy.setBreachLimit",
  route: "PUT /privacy/breach-limit",
  summary: "How many hours there are to tell the authority of a breach, for cases that are opened from now on; 72 by GDPR Art. 33",
  body: z.strictObject({ hours: z.int().min(1).max(720) }),
  answer: z.object({ limitHours: z.number() }),
  errors: ["DW_INVALID", "DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const breachContract = [
  listBreaches,
  openBreach,
  changeBreach,
  attachEvidence,
  readBreachEvidence,
  closeBreach,
  reportBreach,
  setBreachLimit,
] as const;
