import { useEffect, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import { MAX_ZOOM, MIN_ZOOM, PdfBar, ZOOM_STEP } from "./pdf-bar.tsx";
import { PdfPage } from "./pdf-page.tsx";
import { usePdf } from "./use-pdf.ts";

/**
 * The pages of a PDF, one at a time. It is read in a worker and painted on a canvas, so it looks alike in every browser; its scripts, links, forms
 * and attachments are not run. The text lies over the picture for selection and for screen readers.
 */
export function PdfPreview({ bytes, name }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly name: string }): ReactNode {
  const { t } = useWords();
  const { pdf, problem } = usePdf(bytes);
  const [number, setNumber] = useState(1);
  /** Times the width of the window; 1 = the page fills it. */
  const [zoom, setZoom] = useState(1);
  useEffect(() => setNumber(1), [bytes]);
  if (problem !== undefined) return <p className="dw-note is-trouble">{t("assets.explorer.pdf.failed", { why: problem })}</p>;
  if (pdf === undefined) return <p className="dw-quiet">{t("frame.loading")}</p>;
  const goTo = (next: number): void => setNumber(Math.min(pdf.numPages, Math.max(1, next)));
  const zoomTo = (next: number): void => setZoom(Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, next)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, () => void>> = {
      PageDown: () => goTo(number + 1),
      PageUp: () => goTo(number - 1),
      Home: () => goTo(1),
      End: () => goTo(pdf.numPages),
      "+": () => zoomTo(zoom * ZOOM_STEP),
      "-": () => zoomTo(zoom / ZOOM_STEP),
      "0": () => zoomTo(1),
    };
    const step = steps[event.key];
    if (step === undefined || event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  };
  return (
    <section className="dw-pdf" aria-label={name} data-own-keys onKeyDown={onKeyDown}>
      <PdfBar number={number} count={pdf.numPages} zoom={zoom} onNumber={goTo} onZoom={zoomTo} />
      <PdfPage pdf={pdf} number={number} zoom={zoom} label={t("assets.explorer.pdf.page", { number, count: pdf.numPages })} />
    </section>
  );
}
