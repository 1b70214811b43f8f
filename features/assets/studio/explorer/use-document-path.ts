import { instantText, useStore, useStudio } from "@doppelwerk/kit/studio";

/**
 * The path of a document or element below the base URL, at the instant that is shown; `withBlobs` brings the content of blobs, which is lost otherwise
 * when the document is written.
 */
export function useDocumentPath(path: string, withBlobs = false): { readonly path: string; readonly past: boolean } {
  const studio = useStudio();
  const { at, speed } = useStore(studio.address.store);
  // While it plays the document is read again every second of the past, not every frame.
  const instant = at === undefined ? undefined : speed === undefined ? at : Math.floor(at / 1_000_000) * 1_000_000;
  const query = [
    ...(instant === undefined ? [] : [`date=${encodeURIComponent(instantText(instant))}`]),
    ...(withBlobs ? ["extent=withBlobValue"] : []),
  ].join("&");
  return { path: `${path}${instant === undefined ? "" : "/$history"}${query === "" ? "" : `?${query}`}`, past: instant !== undefined };
}
