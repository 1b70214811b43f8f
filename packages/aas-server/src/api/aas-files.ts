// Files of a branch: attachments of File and Blob elements, thumbnails, and packages of documents with their files.

import { aasxPieces, type PackedPart, type File as FileElement, type Blob as BlobElement } from "@doppelwerk/aas";
import { message, type Message } from "@doppelwerk/messages";
import {
  DoppelwerkError,
  shellOf,
  updateElement,
  updateDocument,
  type Blobs,
  type Change,
  type ElementRecord,
  type IdSource,
  type RecordReader,
  type WorldRecord,
} from "@doppelwerk/world";
import type { AasSource, Apply, ServedEnvironment } from "./aas-source.ts";
import { AasRefusal } from "./answers.ts";
import { deleteFile, fileRecord, filesOf, partName, putFile, storedFile } from "./file-records.ts";
import type { UploadedFile } from "./multipart.ts";
import type { Written } from "./written-in-turn.ts";
import { shownElement } from "./shown-element.ts";

export interface FileOptions {
  readonly reader: () => RecordReader;
  readonly apply: Apply;
  readonly written: Written;
  readonly blobs: Blobs;
  readonly ids: IdSource;
  readonly shellRecord: (now: RecordReader, id: string) => WorldRecord;
  readonly elementRecord: (now: RecordReader, submodelId: string, path: string) => ElementRecord;
}

type FilePart = Pick<AasSource, "file" | "putAttachment" | "deleteAttachment" | "putThumbnail" | "deleteThumbnail" | "packageOf">;

const OCTETS = "application/octet-stream";

export function aasFiles(options: FileOptions): FilePart {
  const { reader, apply, written, blobs, ids, elementRecord } = options;
  const heldElement = (now: RecordReader, submodelId: string, path: string) => {
    const record = elementRecord(now, submodelId, path);
    const element = shownElement(record, { childrenOf: () => [] });
    if (element.modelType !== "File" && element.modelType !== "Blob") throw new AasRefusal(405, noAttachment(element.modelType));
    return { record, element };
  };

  return {
    async file(owner, path) {
      const now = reader();
      return storedFile(blobs, fileRecord(now, owner, path));
    },

    async putAttachment(submodelId, path, file) {
      const { element } = heldElement(reader(), submodelId, path);
      const place = `/aasx/files/${plain(path.replaceAll(".", "_"))}/${plain(file.name)}`;
      const [contentType, changes] =
        element.modelType === "Blob"
          ? [file.contentType ?? element.contentType ?? OCTETS, () => []]
          : await keepUpload(submodelId, place, file, element.contentType);
      const inElement = element.modelType === "Blob" ? await valueOfBlob(file) : undefined;
      await written(`file ${submodelId} ${path}`, async () => {
        const now = reader();
        // Read again: the bytes were on their way to the disk meanwhile.
        const { record, element: found } = heldElement(now, submodelId, path);
        if (found.modelType !== element.modelType)
          throw new AasRefusal(409, message("aasServer.elementBecameMeanwhile", { modelType: found.modelType }));
        const value = inElement ?? place;
        const gone =
          found.modelType === "File" && found.value !== undefined && partName(found.value) !== place
            ? deleteFile(now, submodelId, found.value)
            : [];
        const next = { ...found, contentType, value } as FileElement | BlobElement;
        await apply([...changes(now), ...gone, ...updateElement(now, record.id, next, ids)], `AAS API: file of ${path}`);
      });
    },

    deleteAttachment: (submodelId, path) =>
      written(`file ${submodelId} ${path}`, async () => {
        const now = reader();
        const { record, element } = heldElement(now, submodelId, path);
        if (element.value === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("aasServer.noFile", { path }));
        const { value, ...next } = element;
        const gone = element.modelType === "File" ? deleteFile(now, submodelId, value!) : [];
        await apply([...gone, ...updateElement(now, record.id, next as FileElement | BlobElement, ids)], `AAS API: no file at ${path}`);
      }),

    ...thumbnails(options),
    packageOf: (environment) => packageOf(reader(), blobs, environment),
  };
}

/** Keeps the bytes of an upload; its content type, and the changes that name it as a file of `owner`. */
async function keepUpload(
  owner: string,
  path: string,
  file: UploadedFile,
  known: string | undefined,
): Promise<readonly [string, (now: RecordReader) => readonly Change[]]> {
  const contentType = file.contentType ?? known ?? OCTETS;
  await file.staged.keep(contentType);
  const record = { owner, path, name: file.name, contentType, hash: file.staged.hash, size: file.staged.size };
  return [contentType, (now) => putFile(now, record)];
}

function thumbnails({ reader, apply, written, ids, shellRecord }: FileOptions): Pick<FilePart, "putThumbnail" | "deleteThumbnail"> {
  return {
    async putThumbnail(shellId, file) {
      shellRecord(reader(), shellId);
      const path = `/aasx/thumbnail/${plain(file.name)}`;
      const [contentType, changes] = await keepUpload(shellId, path, file, imageType(file.name));
      await written(`thumbnail ${shellId}`, async () => {
        const now = reader();
        const record = shellRecord(now, shellId);
        const shell = shellOf(now, record.id)!;
        const before = shell.assetInformation.defaultThumbnail;
        const gone = before !== undefined && partName(before.path) !== path ? deleteFile(now, shellId, before.path) : [];
        const assetInformation = { ...shell.assetInformation, defaultThumbnail: { path, contentType } };
        await apply(
          [...changes(now), ...gone, ...updateDocument(now, record.id, { ...shell, assetInformation }, ids)],
          `AAS API: thumbnail of ${shellId}`,
        );
      });
    },

    deleteThumbnail: (shellId) =>
      written(`thumbnail ${shellId}`, async () => {
        const now = reader();
        const record = shellRecord(now, shellId);
        const shell = shellOf(now, record.id)!;
        const { defaultThumbnail, ...assetInformation } = shell.assetInformation;
        if (defaultThumbnail === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("aasServer.shellNoThumbnail", { shellId }));
        const gone = deleteFile(now, shellId, defaultThumbnail.path);
        await apply(
          [...gone, ...updateDocument(now, record.id, { ...shell, assetInformation }, ids)],
          `AAS API: no thumbnail of ${shellId}`,
        );
      }),
  };
}

async function packageOf(now: RecordReader, blobs: Blobs, environment: ServedEnvironment): ReturnType<FilePart["packageOf"]> {
  const shells = [...environment.assetAdministrationShells()];
  const owners = [...shells.map(({ id }) => id), ...environment.submodelIds];
  const files = new Map<string, PackedPart>();
  for (const record of owners.flatMap((owner) => filesOf(now, owner))) {
    const name = partName(record.path);
    const file = files.has(name) ? undefined : await storedFile(blobs, record);
    if (file !== undefined) files.set(name, file);
  }
  const first = shells.find(({ assetInformation }) => assetInformation.defaultThumbnail !== undefined);
  const thumbnail = first && partName(first.assetInformation.defaultThumbnail!.path);
  return aasxPieces(environment, files, thumbnail !== undefined && files.has(thumbnail) ? { thumbnail } : {});
}

/** Longest content of a Blob element, in bytes: it is part of the document, and no more of it can come in as JSON either. */
const MAX_BLOB = 12_000_000;

async function valueOfBlob({ staged }: UploadedFile): Promise<string> {
  if (staged.size > MAX_BLOB) throw new AasRefusal(413, message("aasServer.blobElementHoldsMost12Mb"));
  return Buffer.from(await staged.bytes()).toString("base64");
}

export function noAttachment(modelType: string): Message {
  return message("aasServer.elementsClassNoAttachment", { modelType });
}

/** A segment of a part name that needs no escapes; the true name stays in the record. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, "_");
}

/** What browsers call pictures by their ending, for uploads that say nothing. */
function imageType(name: string): string | undefined {
  const ending = /\.(png|jpe?g|gif|webp|svg)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === undefined) return undefined;
  return ending === "svg" ? "image/svg+xml" : ending === "jpg" ? "image/jpeg" : `image/${ending}`;
}
