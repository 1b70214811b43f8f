import { endpoint, localText, z } from "@doppelwerk/kit";

const place = z.object({ kind: z.enum(["documents", "journal", "events", "jobs", "file", "memory"]), name: z.string().optional() });

export const personalDataShape = z.object({
  id: z.string(),
  /** The feature that keeps it; `kernel` for the server itself. */
  feature: z.string(),
  what: localText,
  purpose: localText,
  basis: z.object({ code: z.enum(["contract", "legalObligation", "legitimateInterests", "consent"]), text: localText }),
  places: z.array(place).readonly(),
  kept: localText,
  erasure: z.object({ code: z.enum(["erased", "choice", "nameless", "ends"]), text: localText }),
  exported: z.boolean(),
});

/** What becomes of texts that a person wrote and may take back, such as notes. */
const texts = z.enum(["erase", "keep"]);
const erasure = z.strictObject({ texts });

const erased = z.object({
  /** Documents of the person that were deleted. */
  documents: z.int(),
  /** Titles of worlds in the archive, where documents stay until they are restored and this is done again. Their sealed texts cannot be read all the same. */
  notReached: z.array(z.string()).readonly(),
});

export const readInventory = endpoint({
  id: "privacy.inventory",
  route: "GET /privacy/inventory",
  summary: "What is kept of people on this server: what, what for, where, for how long, and what erasing a person does to it",
  action: "read",
  answer: z.object({ data: z.array(personalDataShape).readonly() }),
});

export const reportInventory = endpoint({
  id: "privacy.inventoryReport",
  route: "GET /privacy/inventory/report",
  summary: "The data inventory as a page of Markdown, to be printed or filed",
  action: "read",
  query: z.object({ language: z.enum(["en", "zh"]).default("en") }),
  answer: { octets: "text/markdown; charset=utf-8" },
});

export const exportSelf = endpoint({
  id: "privacy.exportSelf",
  route: "GET /privacy/person",
  people: { as: "self" },
  summary: "Everything that is kept of who asks, as one file of JSON",
  action: "read",
  answer: { octets: "application/json" },
  errors: ["DW_INVALID", "DW_FORBIDDEN"],
});

export const eraseSelf = endpoint({
  id: "privacy.eraseSelf",
  route: "POST /privacy/person/erasure",
  summary:
    "Erase who asks: account, name, sessions and what tells whose entries are; what was done stays, and nothing tells any more by whom; with an account once a proof of presence was given",
  action: "read",
  body: erasure,
  answer: erased,
  errors: ["DW_INVALID", "DW_FORBIDDEN", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const exportPerson = endpoint({
  id: "privacy.exportPerson",
  route: "GET /privacy/people/:account",
  people: { as: "administration" },
  summary: "Everything that is kept of a person, as one file of JSON, to be handed to him",
  action: "administer",
  answer: { octets: "application/json" },
  errors: ["DW_NOT_FOUND"],
});

export const erasePerson = endpoint({
  id: "privacy.erasePerson",
  route: "POST /privacy/people/:account/erasure",
  summary: "Erase a person, as he may himself",
  action: "administer",
  body: erasure,
  answer: erased,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

const days = z.int().min(1).max(36_500).optional();
const timersShape = z.strictObject({
  /** Notes and the like; their texts cannot be read any more 30 days later at the latest. */
  texts: days,
  /** Whose entries of the transparency log are; 30 days later at the latest. */
  entries: days,
  /** Accounts, after they expired. */
  accounts: days,
});
const retentionShape = z.object({
  /** Days; absent: for good. */
  timers: timersShape,
  /** The last run, microseconds since 1970, and what it removed. */
  ran: z
    .object({
      at: z.int(),
      documents: z.int(),
      keys: z.int(),
      salts: z.int(),
      accounts: z.int(),
      notReached: z.array(z.string()).readonly(),
    })
    .optional(),
});

export const readRetention = endpoint({
  id: "privacy.timers",
  route: "GET /privacy/timers",
  summary: "After how many days data of people is removed, and when that was done last",
  action: "administer",
  answer: retentionShape,
  errors: ["DW_NOT_FOUND"],
});

export const setRetention = endpoint({
  id: "privacy.setTimers",
  route: "PUT /privacy/timers",
  summary: "After how many days data of people is removed; without a number it is kept for good",
  action: "administer",
  body: timersShape,
  answer: retentionShape,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const runRetention = endpoint({
  id: "privacy.runTimers",
  route: "POST /privacy/timers/run",
  summary: "Remove now what is older than its timer says; it is done every six hours by itself",
  action: "administer",
  answer: retentionShape,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const privacyContract = [
  readInventory,
  reportInventory,
  exportSelf,
  eraseSelf,
  exportPerson,
  erasePerson,
  readRetention,
  setRetention,
  runRetention,
] as const;
