import { hash } from "node:crypto";
/**
 * What the studio's page may load and run: its own scripts alone. Whatever comes into it from a document of the plant – a name, a drawing, a page –
 * runs nothing, calls nobody and is framed nowhere. Styles are written inline by its components.
 */
export const STUDIO_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "media-src 'self' blob:",
  "connect-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

/** The policy of a page with an import map: that one inline script runs, by its hash, and no other. */
export function studioPolicyOf(page: string): string {
  const map = /<script type="importmap">(?<text>[^<]*)<\/script>/.exec(page)?.groups?.["text"];
  if (map === undefined) return STUDIO_POLICY;
  return STUDIO_POLICY.replace("'wasm-unsafe-eval'", `'wasm-unsafe-eval' 'sha256-${hash("sha256", map, "base64")}'`);
}

/** Files of packs for the studio: its pages may run what is below it. */
export const PACK_FILES_ROUTE = "/packs/*";

/** For everything else that is answered: data of the plant, no page of this server. Where a browser shows it all the same, nothing in it runs. */
export const DATA_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

/** How a page uses data: it fetches it, shows a picture or sound of it, or offers it as a download (Fetch standard, request destination). */
const DATA_DESTINATIONS = new Set(["empty", "document", "image", "audio", "video", "track"]);

/**
 * Why data is refused to a page that wants to run, style or embed it, or undefined. `script-src 'self'` would let a stored
 * `text/javascript` run in the studio; browsers say in `Sec-Fetch-Dest` what they want it for, other clients do not send it.
 */
export function refusalOfDestination(destination: string | readonly string[] | undefined): Message | undefined {
  if (destination === undefined || DATA_DESTINATIONS.has(String(destination))) return undefined;
  return message("server.dataNotLoadedAs", { destination: String(destination).slice(0, 40) });
}
import { message, type Message } from "@doppelwerk/messages";
