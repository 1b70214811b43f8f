import { message } from "@doppelwerk/messages";
import { encodeId, writeValueText, type Operation } from "@doppelwerk/aas";
import type { FastifyReply } from "fastify";

import type { AasRequest, Register } from "./route.ts";
import type { AasSource } from "./aas-source.ts";
import { AasRefusal, notFound, addReason, send, sendJson, urlOf } from "./answers.ts";
import { elementOf, submodelIdOf } from "./element-of-request.ts";
import type { Jobs } from "./jobs.ts";
import { callOf, outcomeOf, resultOf, RUNNING, valueCallOf, valueResultOf, type Outcome } from "./operations.ts";
import { idOf, jsonBody, valueBody } from "./parameters.ts";

interface Invoked {
  readonly outcome: Outcome;
  /** Which of the two forms the call had: the status leads to the result in the same one. */
  readonly isValueOnly: boolean;
}

/** Synchronous and asynchronous invocation of an Operation, in both forms. */
export function operationRoutes(register: Register, element: string, jobs: Jobs): void {
  for (const isValueOnly of [false, true]) {
    const form = isValueOnly ? "/$value" : "";
    register("POST", `${element}/invoke${form}`, async (source, request, reply) => {
      const run = await prepared(source, request, isValueOnly);
      const outcome = await run();
      return sendOutcome(reply, outcome, isValueOnly, String(request.id));
    });
    // The OpenAPI text of the AAS service writes invoke-asnyc; clients made from it do too.
    for (const word of ["invoke-async", "invoke-asnyc"])
      register("POST", `${element}/${word}${form}`, async (source, request, reply) => {
        const run = await prepared(source, request, isValueOnly);
        const handle = jobs.start<Invoked>(ownerOf(source, request), async () => ({ outcome: await run(), isValueOnly }));
        return reply
          .status(202)
          .header("location", `${elementUrl(request)}/operation-status/${encodeId(handle)}`)
          .send();
      });
    register("GET", `${element}/operation-results/:handleId${form}`, (source, request, reply) => {
      const { result } = jobOf(jobs, source, request);
      if (result === undefined) throw notFound(message("aasServer.operationStillRunning"));
      return sendOutcome(reply, result.outcome, isValueOnly, String(request.id));
    });
  }
  register("GET", `${element}/operation-status/:handleId`, (source, request, reply) => {
    const { result } = jobOf(jobs, source, request);
    if (result === undefined) return send(reply, RUNNING);
    const place = `${elementUrl(request)}/operation-results/${request.params.handleId}${result.isValueOnly ? "/$value" : ""}`;
    return reply.status(302).header("location", place).send();
  });
}

/** Everything that can be refused at once is refused here; what is returned only runs. */
async function prepared(source: AasSource, request: AasRequest, isValueOnly: boolean): Promise<() => Promise<Outcome>> {
  const operation = operationOf(source, request);
  const call = isValueOnly ? valueCallOf(operation, valueBody(request.body)) : callOf(operation, jsonBody(request.body));
  const runner = await source.operation(submodelIdOf(source, request), request.params.idShortPath!, operation);
  return () => outcomeOf(runner, call);
}

function sendOutcome(reply: FastifyReply, outcome: Outcome, isValueOnly: boolean, correlationId: string): FastifyReply {
  addReason(reply, outcome.reason);
  return isValueOnly
    ? sendJson(reply, writeValueText(valueResultOf(outcome, correlationId)))
    : send(reply, resultOf(outcome, correlationId));
}

function operationOf(source: AasSource, request: AasRequest): Operation {
  const { element } = elementOf(source, request);
  if (element.modelType !== "Operation")
    throw new AasRefusal(405, message("aasServer.elementsClassCannotInvoked", { modelType: element.modelType }));
  return element;
}

function jobOf(jobs: Jobs, source: AasSource, request: AasRequest) {
  operationOf(source, request);
  const job = jobs.find<Invoked>(ownerOf(source, request), idOf(request.params.handleId!));
  if (job === undefined) throw notFound(message("aasServer.noHandleOrForgotten"));
  return job;
}

function ownerOf(source: AasSource, request: AasRequest): string {
  return JSON.stringify([source.owner, submodelIdOf(source, request), request.params.idShortPath]);
}

function elementUrl(request: AasRequest): string {
  return urlOf(request).replace(/\/(invoke|invoke-async|invoke-asnyc|operation-status)(\/[^/]*)?$/, "");
}
