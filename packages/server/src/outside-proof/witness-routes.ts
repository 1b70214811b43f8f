import { endpoint } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import type { Witness } from "./witness.ts";

/** A checkpoint, its signatures and 63 hashes. */
const MAX_OCTETS = 64_000;

const text = { octets: "text/plain; charset=utf-8" } as const;

export const addCheckpoint = endpoint({
  id: "witness.addCheckpoint",
  route: "POST /witness/add-checkpoint",
  summary:
    "Cosign a checkpoint of a known transparency log that grew from the one cosigned before (C2SP tlog-witness); its signature is who asks",
  action: "read",
  answer: text,
  errors: ["DW_NOT_FOUND"],
});

export const readWitnessed = endpoint({
  id: "witness.checkpoint",
  route: "GET /witness/:log/checkpoint",
  summary: "The checkpoint of a log that this witness cosigned last; the log is the SHA-256 of its name, hex",
  action: "read",
  answer: text,
  errors: ["DW_NOT_FOUND"],
});

export const witnessContract = [addCheckpoint, readWitnessed] as const;
/** Anybody may ask: a witness knows logs, and no people. */
export const PUBLIC_WITNESS_ENDPOINTS: readonly string[] = witnessContract.map(({ route }) => route);

export function registerWitness(api: FastifyInstance, witnessOf: () => Witness | undefined): void {
  const known = (): Witness => {
    const witness = witnessOf();
    if (witness === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("proof.witnessNone"));
    return witness;
  };
  void api.register(async (routes) => {
    // C2SP tlog-witness gives the body no type
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser("*", { parseAs: "string", bodyLimit: MAX_OCTETS }, (_, body, done) => done(null, body));
    routes.post("/witness/add-checkpoint", { bodyLimit: MAX_OCTETS }, async (request, reply) => {
      const { status, contentType, body } = known().addCheckpoint(typeof request.body === "string" ? request.body : "");
      return reply.status(status).header("content-type", contentType).send(body);
    });
    routes.get<{ Params: { readonly log: string } }>("/witness/:log/checkpoint", async (request, reply) => {
      const note = known().checkpoint(request.params.log);
      if (note === undefined)
        throw new DoppelwerkError("DW_NOT_FOUND", message("proof.witnessNoLog", { origin: request.params.log.slice(0, 64) }));
      return reply.header("content-type", "text/plain; charset=utf-8").send(note);
    });
  });
}
