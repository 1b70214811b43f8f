import { endpoint, localText, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";

const State = z.discriminatedUnion("state", [
  z.object({ state: z.enum(["off", "opening", "open", "closing"]) }),
  z.object({ state: z.literal("blocked"), needs: z.array(z.string()) }),
  z.object({ state: z.literal("degraded"), reason: z.string() }),
  z.object({ state: z.literal("failed"), reason: z.string(), retryAt: z.int() }),
]);
const Input = z.object({ kind: z.enum(["ai", "biometric"]), purpose: localText, data: localText, failure: localText });
const Listed = z.object({
  id: z.string(),
  perWorld: z.boolean(),
  state: State,
  /** AI or biometric inputs, for which it was off until somebody switched it on; absent where it takes none. */
  inputs: z.array(Input).readonly().optional(),
});

export const listFeatures = endpoint({
  id: "kernel.features",
  route: "GET /features",
  summary: "Features of this world, each with its state",
  action: "read",
  answer: z.object({ features: z.array(Listed) }),
});

export const switchFeature = endpoint({
  id: "kernel.switchFeature",
  route: "PUT /features/:feature",
  summary: "Switch a feature off or on in this world; what needs it goes off with it",
  action: "administer",
  body: z.object({ on: z.boolean() }),
  answer: z.object({ switched: z.array(z.string()), features: z.array(Listed) }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const listPacks = endpoint({
  id: "kernel.packs",
  route: "GET /packs",
  summary: "Packs of this server: what each asks for and brings, and why one is not loaded",
  action: "read",
  answer: z.object({
    packs: z.array(
      z.object({
        name: z.string(),
        version: z.string().optional(),
        description: z.string().optional(),
        from: z.enum(["added", "folder"]),
        added: z.string().optional(),
        signedBy: z.string().optional(),
        /** Whether the key that it is signed with is trusted here, and whose it is. */
        signature: z
          .object({ state: z.enum(["unsigned", "untrusted", "trusted"]), key: z.string().optional(), name: z.string().optional() })
          .optional(),
        permissions: z.array(z.string()),
        features: z.array(z.string()),
        state: z.enum(["loaded", "refused"]),
        reason: z.string().optional(),
        /** The same as a message. */
        why: messageShape.optional(),
      }),
    ),
  }),
});
