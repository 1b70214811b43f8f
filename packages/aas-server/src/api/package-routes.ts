import { encodeId } from "@doppelwerk/aas";
import { message } from "@doppelwerk/messages";
import { errorStatus, DoppelwerkError } from "@doppelwerk/world";

import type { AasRequest, Register } from "./route.ts";
import type { AasSource } from "./aas-source.ts";
import { badRequest, notFound, resultBody, created, send, urlOf } from "./answers.ts";
import { sendFile } from "./attachment-routes.ts";
import type { Jobs } from "./jobs.ts";
import { pageBody } from "./listing.ts";
import { formOf, type Form, type Upload } from "./multipart.ts";
import { RUNNING } from "./operations.ts";
import type { PackageDescription } from "./packages.ts";
import { idOf, pageOf, textOf } from "./parameters.ts";

/** The AASX file server, and the asynchronous upload of the 3.2 draft. */
export function packageRoutes(register: Register, jobs: Jobs): void {
  register("GET", "/packages", (source, request, reply) => {
    const aasId = textOf(request.query, "aasId");
    return send(reply, pageBody(request, source.packages.list(pageOf(request), aasId === undefined ? undefined : idOf(aasId))));
  });
  register("POST", "/packages", async (source, request, reply) => {
    const form = formOf(request.body);
    const description = await source.packages.create(form.file, shellIdsOf(form));
    return created(reply, `${urlOf(request)}/${encodeId(description.packageId)}`, description);
  });
  const one = "/packages/:packageId";
  register("GET", one, async (source, request, reply) => {
    const id = idOf(request.params.packageId!);
    source.checkMayExport({ kind: "aasxPackage", id });
    const file = await source.packages.file(id);
    if (file === undefined) throw notFound(message("aasServer.noPackage", { id }));
    return sendFile(reply.header("x-filename", encodeURIComponent(file.name)), file);
  });
  register("PUT", one, async (source, request, reply) => {
    const id = idOf(request.params.packageId!);
    const form = formOf(request.body);
    const { put, description } = await source.packages.put(id, form.file, shellIdsOf(form));
    return put === "created" ? created(reply, urlOf(request), description) : reply.status(204).send();
  });
  register("DELETE", one, async (source, request, reply) => {
    await source.packages.remove(idOf(request.params.packageId!));
    return reply.status(204).send();
  });
  asynchronousUpload(register, jobs);
}

interface Uploaded {
  readonly description?: PackageDescription;
  readonly refusal?: { readonly status: number; readonly text: string };
}

function asynchronousUpload(register: Register, jobs: Jobs): void {
  register("POST", "/packages-async", async (source, request, reply) => {
    source.checkMayWrite();
    const form = formOf(request.body);
    // The job outlives the request.
    (request.body as Upload).take();
    const handle = jobs.start<Uploaded>(ownerOf(source), async () => {
      try {
        return { description: await source.packages.create(form.file, shellIdsOf(form)) };
      } catch (error) {
        if (error instanceof DoppelwerkError) return { refusal: { status: errorStatus[error.code], text: error.message } };
        throw error;
      } finally {
        await form.file.staged.drop();
      }
    });
    return send(reply.status(202).header("location", `${urlOf(request)}/status/${encodeId(handle)}`), { handleId: handle });
  });
  // The prose asks at `/packages-async/{handleId}`, the OpenAPI below `status`.
  for (const path of ["/packages-async/:handleId", "/packages-async/status/:handleId"])
    register("GET", path, (source, request, reply) => {
      if (jobOf(jobs, source, request).result === undefined) return send(reply, RUNNING);
      const place = urlOf(request).replace(/\/packages-async\/(?:status\/)?/, "/packages-async/result/");
      return reply.status(302).header("location", place).send();
    });
  // The prose says result, the OpenAPI text results.
  for (const word of ["result", "results"])
    register("GET", `/packages-async/${word}/:handleId`, (source, request, reply) => {
      const { result } = jobOf(jobs, source, request);
      if (result === undefined) throw notFound(message("aasServer.uploadStillBeingWorked"));
      const { description, refusal } = result;
      if (refusal === undefined) return send(reply, { executionState: "Completed", success: true, ...description });
      return send(reply, { executionState: "Failed", success: false, ...resultBody(refusal.status, refusal.text, String(request.id)) });
    });
}

function jobOf(jobs: Jobs, source: AasSource, request: AasRequest) {
  const job = jobs.find<Uploaded>(ownerOf(source), idOf(request.params.handleId!));
  if (job === undefined) throw notFound(message("aasServer.noHandleOrForgotten"));
  return job;
}

function ownerOf(source: AasSource): string {
  return JSON.stringify([source.owner, "packages"]);
}

/** `aasIds`: several fields, or one with commas or a JSON array, as clients write them. */
function shellIdsOf({ texts }: Form): readonly string[] {
  return (texts.get("aasIds") ?? []).flatMap((text) => {
    if (!text.trimStart().startsWith("["))
      return text
        .split(",")
        .map((id) => id.trim())
        .filter((id) => id !== "");
    try {
      const json = JSON.parse(text) as unknown;
      if (Array.isArray(json) && json.every((id) => typeof id === "string")) return json as string[];
    } catch {
      // Said below: it is not what the field must hold.
    }
    throw badRequest(message("aasServer.aasIdsMustIdsShells"));
  });
}
