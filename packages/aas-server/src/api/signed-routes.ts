// The 3.2 draft of IDTA-01002: documents as compact JWS, so that whoever gets them can addFindings that nobody changed them.

import { message } from "@doppelwerk/messages";
import type { Register } from "./route.ts";
import type { AasSource } from "./aas-source.ts";
import { notFound } from "./answers.ts";
import { idOf } from "./parameters.ts";
import { shellOf } from "./shell-of-request.ts";
import type { SignerOf } from "./signer.ts";

/** `$signed` of shells, submodels and concept descriptions: the normal form with everything in it, blob values too. */
export function signedRoutes(register: Register, signerOf: SignerOf): void {
  const signed = (path: string, parameter: string, documentOf: (source: AasSource, id: string) => object) =>
    register("GET", `${path}/:${parameter}/$signed`, async (source, request, reply) => {
      const document = documentOf(source, request.params[parameter]!);
      return reply.type("text/plain; charset=utf-8").send(await signerOf(request).sign(JSON.stringify(document), source.branch));
    });
  signed("/shells", "aasIdentifier", shellOf);
  signed("/submodels", "submodelIdentifier", (source, encoded) => {
    const id = idOf(encoded);
    const submodel = source.submodel(id);
    if (submodel === undefined) throw notFound(message("aasServer.noSubmodel", { id }));
    return submodel;
  });
  signed("/concept-descriptions", "cdIdentifier", (source, encoded) => {
    const id = idOf(encoded);
    const concept = source.conceptDescription(id);
    if (concept === undefined) throw notFound(message("aasServer.noConceptDescription", { id }));
    return concept;
  });
}
