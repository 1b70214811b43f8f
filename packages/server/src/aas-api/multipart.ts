import { isContentType } from "@doppelwerk/aas";
import { said } from "@doppelwerk/world";
import { badRequest } from "./answers.ts";

/** The fields of a multipart/form-data body: texts by name (several of one name are kept), and one file. */
export interface Form {
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly file: UploadedFile;
}

export interface UploadedFile {
  readonly name: string;
  /** Undefined when the part says nothing, or only application/octet-stream. */
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array;
}

/** Longest name of a file that is kept, in UTF-16 code units; the rest is cut off. */
const MAX_NAME = 200;

/** Reads an upload of IDTA-01002: `file`, and `fileName` or the name of the part. Everything wrong with it is one 400. */
export async function formOf(body: unknown, contentType: string | undefined): Promise<Form> {
  if (!(body instanceof Uint8Array) || contentType === undefined || !/^multipart\/form-data/i.test(contentType))
    throw badRequest(said`The body must be multipart/form-data with a part named file.`);
  let form: FormData;
  try {
    form = await new Response(body as Uint8Array<ArrayBuffer>, { headers: { "content-type": contentType } }).formData();
  } catch {
    throw badRequest(said`The body is not multipart/form-data as its header says.`);
  }
  const texts = new Map<string, string[]>();
  let file: File | undefined;
  for (const [name, value] of form) {
    if (typeof value === "string") texts.set(name, [...(texts.get(name) ?? []), value]);
    else if (name === "file" && file === undefined) file = value;
  }
  if (file === undefined) throw badRequest(said`The body has no part named file.`);
  const type = typeOf(file.type);
  return {
    texts,
    file: {
      name: safeName(texts.get("fileName")?.[0] ?? file.name),
      contentType: type,
      bytes: new Uint8Array(await file.arrayBuffer()),
    },
  };
}

/** What a part says it is, without parameters; undefined where it says nothing of use. */
function typeOf(text: string): string | undefined {
  const type = text.replace(/;.*$/s, "").trim().toLowerCase();
  if (type === "" || type === "application/octet-stream") return undefined;
  if (!isContentType(type))
    throw badRequest(said`The part named file has a Content-Type that is none (RFC 9110): ${JSON.stringify(type.slice(0, 100))}.`);
  return type;
}

/** A name without folders and without what no file system or header takes. */
export function safeName(name: string): string {
  const last = name.replaceAll("\\", "/").split("/").at(-1)!;
  // oxlint-disable-next-line no-control-regex -- they are what must go
  const plain = last.replace(/[\u0000-\u001f\u007f"<>|:*?]/gu, "_");
  const clean = plain.slice(0, MAX_NAME).replace(/[\uD800-\uDBFF]$/, "");
  return /^\.*$/.test(clean) ? "file" : clean;
}

/** `Content-Disposition` of a download: always an attachment, so that no uploaded page runs in the studio's origin. */
export function attachmentHeader(name: string): string {
  // Names that were stored before they were cut between characters may end in half of one.
  const whole = name.toWellFormed();
  const plain = whole.replace(/[^\x20-\x7e]|["\\]/gu, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(whole).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}
