import { endpoint, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";

/** How it is with one kind of statement of others. */
const common = {
  /** Entries of the checkpoint that was last stated on, and when that was received (microseconds since 1970). */
  size: z.int().optional(),
  at: z.int().optional(),
  /** Why the last attempt failed. */
  failure: messageShape.optional(),
  /** Attempts that failed since the start. */
  failures: z.int(),
  everyMinutes: z.int(),
  everyEntries: z.int().optional(),
  /** The checkpoint, with the lines of witnesses. */
  note: z.string().optional(),
  /** That the log now begins with what it was then (RFC 6962, 2.1.2); base 64. */
  consistency: z.array(z.string()).readonly().optional(),
};

export const outsideShape = z.object({
  /** The signed checkpoint of the log now. */
  head: z.string(),
  witnesses: z
    .object({
      ...common,
      needed: z.int(),
      /** For who verifies elsewhere (C2SP tlog-policy). */
      policy: z.string(),
      of: z
        .array(
          z.object({
            key: z.string(),
            host: z.string(),
            size: z.int().optional(),
            /** Microseconds since 1970, by the clock of the witness. */
            signedAt: z.int().optional(),
            failure: messageShape.optional(),
            /** It had cosigned `before` entries and knew `now` later. */
            forgot: z.object({ before: z.int(), now: z.int() }).optional(),
          }),
        )
        .readonly(),
    })
    .optional(),
  timeStamps: z
    .object({
      ...common,
      host: z.string(),
      /** Certificates that are trusted for it, PEM. */
      roots: z.string(),
      policy: z.string().optional(),
      /** Token (RFC 3161), base 64. */
      token: z.string().optional(),
    })
    .optional(),
  anchoring: z
    .object({
      ...common,
      host: z.string(),
      chain: z.string(),
      contract: z.string().optional(),
      /** A checkpoint waits until it is deep enough in the chain. */
      isPending: z.boolean(),
      /** The event is proven to be in the block with this hash. */
      blockHash: z.string().optional(),
      /** Of independent nodes: how many must have the block, and hosts of those that had it. */
      needed: z.int().optional(),
      agreed: z.array(z.string()).readonly().optional(),
      confirmations: z.int(),
      transaction: z.string().optional(),
      block: z.int().optional(),
      /** Of the block, microseconds since 1970. */
      time: z.int().optional(),
      by: z.string().optional(),
    })
    .optional(),
  /** Of this server as a witness of others. */
  asWitness: z
    .object({
      key: z.string(),
      logs: z.array(z.object({ origin: z.string(), size: z.int().optional(), at: z.int().optional() })).readonly(),
    })
    .optional(),
});
export type OutsideAnswer = z.infer<typeof outsideShape>;

export const readOutside = endpoint({
  id: "transparency.outside",
  route: "GET /transparency/outside",
  summary: "What witnesses, time-stamping authorities and a chain stated of the transparency log, and how it is with asking them",
  action: "administer",
  answer: outsideShape,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const askOutsideNow = endpoint({
  id: "transparency.askOutside",
  route: "POST /transparency/outside",
  summary: "Have the checkpoint of now cosigned, stamped and anchored, as configured, without waiting for the next time",
  action: "administer",
  answer: outsideShape,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

const every = { everyMinutes: z.int(), everyEntries: z.int().optional() };
const node = z.object({ url: z.string(), authority: z.string().optional() });

/** As the file of `doppelwerk witness ask` has it, without the key that pays. */
export const outsideSettingsShape = z.object({
  witnesses: z
    .object({
      needed: z.int(),
      of: z.array(z.object({ key: z.string(), url: z.string(), authority: z.string().optional() })).readonly(),
      ...every,
    })
    .optional(),
  timeStamps: z
    .object({ url: z.string(), authority: z.string().optional(), roots: z.string(), policy: z.string().optional(), ...every })
    .optional(),
  anchoring: z
    .object({
      url: z.string(),
      authority: z.string().optional(),
      chain: z.int(),
      independent: z.object({ needed: z.int(), of: z.array(node).readonly() }).optional(),
      contract: z.string().optional(),
      confirmations: z.int(),
      maxFeeGwei: z.int(),
      ...every,
    })
    .optional(),
});
const settingsAnswer = z.object({
  settings: outsideSettingsShape,
  /** Hosts that may be named. */
  hosts: z.array(z.string()).readonly(),
});
export type OutsideSettingsAnswer = z.infer<typeof settingsAnswer>;

const administered = { action: "administer", presence: ADMINISTRATION_PRESENCE_S } as const;

export const readOutsideSettings = endpoint({
  id: "transparency.outsideSettings",
  route: "GET /transparency/outside/settings",
  summary: "Whom the transparency log is shown to, and which hosts may be named; never the key that pays",
  action: "administer",
  answer: settingsAnswer,
  errors: ["DW_NOT_FOUND"],
});

export const changeOutside = endpoint({
  id: "transparency.changeOutside",
  route: "PUT /transparency/outside/settings",
  summary:
    "Whom the transparency log is shown to from now on; hosts of the list alone. The key that pays may be left out: then the one of now stays",
  ...administered,
  // read by the shape of the file, which names what is wrong
  body: z.looseObject({}),
  answer: settingsAnswer,
  errors: ["DW_NOT_FOUND", "DW_INVALID", "DW_FORBIDDEN", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const cosignLog = endpoint({
  id: "transparency.cosignLog",
  route: "POST /transparency/witness/logs",
  summary: "Cosign checkpoints of the log with this verifier key from now on; the server becomes a witness",
  ...administered,
  body: z.strictObject({ key: z.string().max(300) }),
  answer: outsideShape,
  errors: ["DW_NOT_FOUND", "DW_INVALID", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const forgetLog = endpoint({
  id: "transparency.forgetLog",
  route: "POST /transparency/witness/forgotten",
  summary:
    "Cosign the log of this name no more; with `alsoCheckpoint` what was cosigned of it is forgotten too, for a log that was set back by a restore",
  ...administered,
  body: z.strictObject({ origin: z.string().max(300), alsoCheckpoint: z.boolean().default(false) }),
  answer: outsideShape,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const outsideContract = [readOutside, askOutsideNow, readOutsideSettings, changeOutside, cosignLog, forgetLog] as const;
