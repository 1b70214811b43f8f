import { Readable } from "node:stream";
import { message } from "@doppelwerk/messages";
import { isContentType } from "@doppelwerk/aas";
import type { FastifyReply } from "fastify";
import type { Register } from "./route.ts";
import { noAttachment } from "./aas-files.ts";
import type { StoredFile } from "./aas-source.ts";
import { AasRefusal, notFound } from "./answers.ts";
import { elementOf, submodelIdOf } from "./element-of-request.ts";
import { attachmentHeader, formOf } from "./multipart.ts";

/** The file of a File or Blob element. */
export function attachmentRoutes(register: Register, element: string): void {
  const path = `${element}/attachment`;
  register("GET", path, async (source, request, reply) => {
    const { element: found } = elementOf(source, request);
    if (found.modelType === "Blob") {
      if (found.value === undefined) throw notFound(message("aasServer.elementNoContent"));
      const contentType = found.contentType ?? "application/octet-stream";
      const bytes = Buffer.from(found.value, "base64");
      return sendFile(reply, { size: bytes.length, pieces: () => Readable.from([bytes]), contentType, name: found.idShort ?? "blob" });
    }
    if (found.modelType !== "File") throw new AasRefusal(405, noAttachment(found.modelType));
    const file = found.value === undefined ? undefined : await source.file(submodelIdOf(source, request), found.value);
    if (file === undefined) throw notFound(message("aasServer.fileNotStored"));
    return sendFile(reply, { ...file, contentType: found.contentType ?? file.contentType });
  });
  register("PUT", path, async (source, request, reply) => {
    elementOf(source, request);
    const { file } = formOf(request.body);
    await source.putAttachment(submodelIdOf(source, request), request.params.idShortPath!, file);
    return reply.status(204).send();
  });
  register("DELETE", path, async (source, request, reply) => {
    elementOf(source, request);
    await source.deleteAttachment(submodelIdOf(source, request), request.params.idShortPath!);
    // The OpenAPI text knows only 200 here; of the thumbnail it says that 200 is deprecated.
    return reply.status(200).send();
  });
}

/** It is read no faster than it is sent. */
export function sendFile(reply: FastifyReply, { size, pieces, contentType, name }: StoredFile): FastifyReply {
  // An element that was imported as it is may say anything; what is no media type is no header either.
  const type = isContentType(contentType) ? contentType : "application/octet-stream";
  return reply
    .type(type)
    .header("content-disposition", attachmentHeader(name))
    .header("content-length", size)
    .send(Readable.from(pieces(), { objectMode: false }));
}
