import { TextLayer } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";

/** A page is painted with at most this many pixels: a plan of A0 must not take the memory of the browser. */
const MAX_PIXELS = 16_000_000;

/** One page, painted as wide as its place times `zoom`. */
export function PdfPage({
  pdf,
  number,
  zoom,
  label,
}: {
  readonly pdf: PDFDocumentProxy;
  readonly number: number;
  readonly zoom: number;
  readonly label: string;
}): ReactNode {
  const { t } = useWords();
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (width === 0) return undefined;
    const element = host.current!;
    let isGone = false;
    let stop = (): void => {};
    const paint = async (): Promise<void> => {
      const page = await pdf.getPage(number);
      if (isGone) return;
      const scale = (width / page.getViewport({ scale: 1 }).width) * zoom;
      const viewport = page.getViewport({ scale });
      const density = Math.min(devicePixelRatio, Math.sqrt(MAX_PIXELS / (viewport.width * viewport.height)));
      const canvas = document.createElement("canvas");
      canvas.width = Math.floor(viewport.width * density);
      canvas.height = Math.floor(viewport.height * density);
      const painting = page.render({ canvas, viewport, ...(density !== 1 && { transform: [density, 0, 0, density, 0, 0] }) });
      stop = () => painting.cancel();
      await painting.promise;
      if (isGone) return;
      const text = document.createElement("div");
      text.className = "dw-pdf-text";
      const sheet = document.createElement("div");
      sheet.className = "dw-pdf-sheet";
      for (const part of [sheet, canvas]) {
        part.style.width = `${viewport.width}px`;
        part.style.height = `${viewport.height}px`;
      }
      sheet.style.setProperty("--total-scale-factor", String(scale));
      sheet.append(canvas, text);
      // The page before stays until this one is whole.
      element.replaceChildren(sheet);
      element.dataset.page = String(number);
      const layer = new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
      stop = () => layer.cancel();
      await layer.render();
    };
    setProblem(undefined);
    paint().catch((error: Error) => !isGone && setProblem(error.message));
    return () => {
      isGone = true;
      stop();
    };
  }, [pdf, number, zoom, width]);
  return (
    <>
      {problem !== undefined && <p className="dw-note is-trouble">{t("assets.explorer.pdf.failed", { why: problem })}</p>}
      <div ref={host} className="dw-pdf-page" role="document" aria-label={label} tabIndex={0} />
    </>
  );
}
