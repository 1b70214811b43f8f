import { z } from "zod";
import { fault } from "@doppelwerk/messages/faults";
import { message } from "@doppelwerk/messages";

export const SECURITY_POLICIES = ["None", "Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"] as const;

export const opcuaSettings = z
  .strictObject({
    securityMode: z.enum(["None", "Sign", "SignAndEncrypt"]).default("None"),
    /** Without it the strongest the server offers for the mode. Basic128Rsa15 and Basic256 are broken and not spoken. */
    securityPolicy: z.enum(SECURITY_POLICIES).optional(),
    publishingIntervalMs: z.int().min(10).max(600_000).default(50),
    samplingIntervalMs: z.int().min(-1).max(600_000).default(0),
    /** Changes the server keeps for us between two publishings; more than 1, else every burst is lost. */
    queueSize: z.int().min(2).max(100_000).default(50),
  })
  .refine(
    ({ securityMode, securityPolicy }) => securityPolicy === undefined || (securityMode === "None") === (securityPolicy === "None"),
    fault(message("connectors.faultPolicyNone")),
  );
export type OpcuaSettings = z.infer<typeof opcuaSettings>;
