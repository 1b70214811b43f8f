import { once } from "node:events";
import type { Readable } from "node:stream";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import { isContentType } from "@doppelwerk/aas";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Blobs, type StagedBlob } from "@doppelwerk/world";
import { AasRefusal, badRequest } from "./answers.ts";

/** The fields of a multipart/form-data body: texts by name (several of one name are kept), and one file. */
export interface Form {
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly file: UploadedFile;
}

/** A file that came in whole; `staged` is dropped with the request unless it was taken or kept. */
export interface UploadedFile {
  readonly name: string;
  /** Undefined when the part says nothing, or only application/octet-stream. */
  readonly contentType: string | undefined;
  readonly staged: StagedBlob;
}

/** Longest body of an upload, in bytes; other bodies keep the limit of the server. */
const MAX_UPLOAD = 256 * 2 ** 20;

/** Longest name of a file that is kept, in UTF-16 code units; the rest is cut off. */
const MAX_NAME = 200;
const LIMITS = { fields: 100, files: 10, parts: 110, fieldSize: 1_000_000 };

/** A body of multipart/form-data as it came in. */
export class Upload {
  readonly texts = new Map<string, string[]>();
  part: { readonly name: string; readonly type: string; readonly staged: StagedBlob } | undefined;
  #isTaken = false;

  /** From now on who asked drops the file. */
  take(): void {
    this.#isTaken = true;
  }

  /** At the end of the request. */
  async end(): Promise<void> {
    if (!this.#isTaken) await this.part?.staged.drop();
  }
}

/**
 * Reads an upload of IDTA-01002 while it comes in, its part `file` straight into the store of files. Everything wrong with it is one 400, too much
 * of it 413, a full disk 503; nothing of it is left then, and the rest of the body is read and forgotten, so that the client can read the reason.
 */
export async function readUpload(payload: Readable, contentType: string, stage: Blobs["stage"]): Promise<Upload> {
  const upload = new Upload();
  const parts = new Parts(upload, contentType, stage);
  try {
    let size = 0;
    for await (const piece of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > MAX_UPLOAD) throw new AasRefusal(413, message("aasServer.uploadMost256MiB"));
      await parts.write(piece);
    }
    await parts.end();
    return upload;
  } catch (error) {
    payload.resume();
    await parts.abandon();
    await upload.end();
    if (error instanceof AasRefusal || error instanceof DoppelwerkError) throw error;
    throw badRequest(message("aasServer.bodyNotMultipartFormDataHeader"));
  }
}

/** The parser, and the file that it gives while it is staged. */
class Parts {
  readonly #parser: BusboyInstance;
  readonly #upload: Upload;
  readonly #ended: Promise<unknown>;
  #stream: BusboyFileStream | undefined;
  #staged: Promise<void> | undefined;
  #fail: (error: unknown) => void = () => {};
  /** Rejects with the first thing that goes wrong; never resolves. */
  readonly #failed = new Promise<never>((_resolve, reject) => (this.#fail = reject));

  constructor(upload: Upload, contentType: string, stage: Blobs["stage"]) {
    this.#upload = upload;
    // Those who wait for a part are notified; that none waits at present is no fault.
    void Promise.allSettled([this.#failed]);
    this.#parser = parserOf(contentType);
    this.#ended = once(this.#parser, "finish");
    this.#ended.catch((error: unknown) => this.#fail(error));
    // More may go wrong after the first fault.
    this.#parser.on("error", (error) => this.#fail(error));
    this.#parser.on("field", (name, text, _isNameCut, isCut) => {
      if (isCut) this.#fail(badRequest(message("aasServer.fieldLongerBytes", { name, fieldSize: LIMITS.fieldSize })));
      upload.texts.set(name, [...(upload.texts.get(name) ?? []), text]);
    });
    this.#parser.on("file", (field, stream, name, _encoding, type) => {
      // The parser says the same, and who takes the file fails with it; an "error" that nobody hears ends the process.
      stream.on("error", () => {});
      if (field !== "file" || this.#staged !== undefined) return void stream.resume();
      this.#stream = stream;
      this.#staged = this.#take(stream, name, type, stage);
      this.#staged.catch((error: unknown) => this.#fail(error));
    });
  }

  async write(piece: Buffer): Promise<void> {
    if (!this.#parser.write(piece)) await Promise.race([once(this.#parser, "drain"), this.#failed]);
    // A failure is seen at the next piece at the latest, also where the parser takes everything at once.
    await Promise.race([undefined, this.#failed]);
  }

  async end(): Promise<void> {
    this.#parser.end();
    await Promise.race([this.#ended, this.#failed]);
    await this.#staged;
  }

  /** Ends what is under way; what was staged already stays with the upload. */
  async abandon(): Promise<void> {
    this.#stream?.destroy(new Error("the upload was refused"));
    await Promise.allSettled([this.#staged]);
  }

  async #take(stream: BusboyFileStream, name: string | undefined, type: string, stage: Blobs["stage"]): Promise<void> {
    this.#upload.part = { name: name ?? "", type, staged: await stage(stream) };
  }
}

function parserOf(contentType: string): BusboyInstance {
  try {
    return new Busboy({ headers: { "content-type": contentType }, limits: LIMITS });
  } catch {
    throw badRequest(message("aasServer.bodyNotMultipartFormDataHeader"));
  }
}

/** The form that a route of an upload takes: `file`, and `fileName` or the name of the part. */
export function formOf(body: unknown): Form {
  if (!(body instanceof Upload)) throw badRequest(message("aasServer.bodyMustMultipartFormDataPart"));
  const { part, texts } = body;
  if (part === undefined) throw badRequest(message("aasServer.bodyNoPartNamedFile"));
  const name = safeName(texts.get("fileName")?.[0] ?? unescaped(part.name));
  return { texts, file: { name, contentType: typeOf(part.type), staged: part.staged } };
}

/** What browsers escape in the name of a file (HTML standard, multipart/form-data). */
function unescaped(name: string): string {
  return name.replaceAll("%22", '"').replaceAll("%0D", "\r").replaceAll("%0A", "\n");
}

/** What a part says it is, without parameters; undefined where it says nothing of use. */
function typeOf(text: string): string | undefined {
  const type = text.replace(/;.*$/s, "").trim().toLowerCase();
  if (type === "" || type === "application/octet-stream") return undefined;
  if (!isContentType(type))
    throw badRequest(message("aasServer.partNamedFileContentTypeNone", { type: JSON.stringify(type.slice(0, 100)) }));
  return type;
}

/** Controls, and marks that turn the order of what follows: `gnp.exe` would be shown as `exe.png`. */
const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** A name without folders and without what no file system or header takes. */
export function safeName(name: string): string {
  const last = name.replaceAll("\\", "/").split("/").at(-1)!;
  const plain = last.replace(UNSEEN, "_").replace(/["<>|:*?]/gu, "_");
  const clean = plain.slice(0, MAX_NAME).replace(/[\uD800-\uDBFF]$/, "");
  return /^\.*$/.test(clean) ? "file" : clean;
}

/** `Content-Disposition` of a download: always an attachment, so that no uploaded page runs in the studio's origin. */
export function attachmentHeader(name: string): string {
  // Names that were stored before they were cut between characters may end in half of one.
  const whole = name.toWellFormed().replace(UNSEEN, "_");
  const plain = whole.replace(/[^\x20-\x7e]|["\\]/gu, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(whole).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}
