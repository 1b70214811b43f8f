/** How a file can be shown without running anything that is in it. */
export interface FilePreview {
  readonly kind: "picture" | "pdf" | "model" | "table" | "json" | "text" | "none";
  /** The media type under which its bytes are given to the browser: only ones that run no script. */
  readonly type?: string;
  /** Of a model. */
  readonly format?: ModelFormat;
}

export type ModelFormat = "gltf" | "stl" | "obj";

const MAX_TEXT = 2_000_000;
const MAX_MODEL = 64_000_000;

/** Told by the first bytes; the content type, which anyone can write, only decides what has no sign of its own. */
export function previewOf(bytes: Uint8Array, contentType: string | undefined, name: string): FilePreview {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  if (head.startsWith("\x89PNG")) return { kind: "picture", type: "image/png" };
  if (head.startsWith("\xff\xd8\xff")) return { kind: "picture", type: "image/jpeg" };
  if (head.startsWith("GIF8")) return { kind: "picture", type: "image/gif" };
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") return { kind: "picture", type: "image/webp" };
  if (head.startsWith("%PDF-")) return { kind: "pdf", type: "application/pdf" };
  const said = (contentType ?? "").toLowerCase().replace(/;.*/s, "").trim();
  const format = modelFormatOf(bytes, head, said, name);
  if (format !== undefined) return bytes.length <= MAX_MODEL ? { kind: "model", format } : { kind: "none" };
  // As the source of a picture an SVG runs no script.
  if (said === "image/svg+xml") return { kind: "picture", type: "image/svg+xml" };
  if (bytes.length > MAX_TEXT) return { kind: "none" };
  if (/^text\/(csv|tab-separated-values)$/.test(said) || /\.(csv|tsv)$/i.test(name)) return { kind: "table", type: "text/plain" };
  if (/^application\/(json|.*\+json)$/.test(said) || /\.json$/i.test(name)) return { kind: "json", type: "text/plain" };
  const isText = /^text\/|^application\/(xml|yaml|.*\+xml)$/.test(said) || /\.(txt|md|log|xml|ya?ml|ini|aml)$/i.test(name);
  return isText ? { kind: "text", type: "text/plain" } : { kind: "none" };
}

function modelFormatOf(bytes: Uint8Array, head: string, said: string, name: string): ModelFormat | undefined {
  if (head.startsWith("glTF") || said === "model/gltf+json" || /\.gltf$/i.test(name)) return "gltf";
  if (
    isBinaryStl(bytes) ||
    (head.startsWith("solid") && (/^(model|application)\/(stl|sla|vnd\.ms-pki\.stl)$/.test(said) || /\.stl$/i.test(name)))
  )
    return "stl";
  return said === "model/obj" || /\.obj$/i.test(name) ? "obj" : undefined;
}

/** 80 bytes of anything, the number of triangles, 50 bytes for each: nothing else has just this length. */
function isBinaryStl(bytes: Uint8Array): boolean {
  if (bytes.length < 134) return false;
  const count = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(80, true);
  return bytes.length === 84 + 50 * count;
}
