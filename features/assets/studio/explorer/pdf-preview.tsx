import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { IconArrowsHorizontal, IconChevronLeft, IconChevronRight, IconMinus, IconPlus } from "@tabler/icons-react";
import { getDocument, GlobalWorkerOptions, TextLayer } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";

GlobalWorkerOptions.workerSrc = workerUrl;

const [LEAST_ZOOM, MOST_ZOOM, STEP] = [0.25, 5, 1.25];
/** A page is painted with at most this many pixels: a plan of A0 must not take the memory of the browser. */
const MOST_PIXELS = 16_000_000;

/**
 * The pages of a PDF, one at a time. It is read in a worker and painted on a canvas, so it looks alike in every browser; its scripts, links, forms
 * and attachments are not run. The text lies over the picture for selection and for screen readers.
 */
export function PdfPreview({ bytes, name }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly name: string }): ReactNode {
  const { t } = useWords();
  const [pdf, setPdf] = useState<PDFDocumentProxy | undefined>(undefined);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const [number, setNumber] = useState(1);
  /** Times the width of the window; 1 = the page fills it. */
  const [zoom, setZoom] = useState(1);
  useEffect(() => {
    // The worker takes what it is given: it gets a copy.
    const task = getDocument({
      data: bytes.slice(),
      cMapUrl: "/pdf/cmaps/",
      standardFontDataUrl: "/pdf/standard_fonts/",
      iccUrl: "/pdf/iccs/",
      wasmUrl: "/pdf/wasm/",
      enableXfa: false,
      disableWorkerRendering: true,
      verbosity: 0,
    });
    let wanted = true;
    setPdf(undefined);
    setProblem(undefined);
    setNumber(1);
    task.promise.then(
      (read) => wanted && setPdf(read),
      (error: Error) => wanted && setProblem(error.name === "PasswordException" ? t("assets.explorer.pdf.password") : error.message),
    );
    return () => {
      wanted = false;
      void task.destroy();
    };
  }, [bytes, t]);
  if (problem !== undefined) return <p className="dw-note is-trouble">{t("assets.explorer.pdf.failed", { why: problem })}</p>;
  if (pdf === undefined) return <p className="dw-quiet">{t("frame.loading")}</p>;
  const goTo = (next: number): void => setNumber(Math.min(pdf.numPages, Math.max(1, next)));
  const zoomTo = (next: number): void => setZoom(Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, next)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, () => void>> = {
      PageDown: () => goTo(number + 1),
      PageUp: () => goTo(number - 1),
      Home: () => goTo(1),
      End: () => goTo(pdf.numPages),
      "+": () => zoomTo(zoom * STEP),
      "-": () => zoomTo(zoom / STEP),
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
      <div className="dw-pdf-bar">
        <PdfTool label={t("assets.explorer.pdf.previous")} disabled={number === 1} onClick={() => goTo(number - 1)}>
          <IconChevronLeft size={16} />
        </PdfTool>
        <PageNumber number={number} count={pdf.numPages} onNumber={goTo} />
        <PdfTool label={t("assets.explorer.pdf.next")} disabled={number === pdf.numPages} onClick={() => goTo(number + 1)}>
          <IconChevronRight size={16} />
        </PdfTool>
        <span className="dw-grow" />
        <PdfTool label={t("assets.explorer.pdf.smaller")} disabled={zoom <= LEAST_ZOOM} onClick={() => zoomTo(zoom / STEP)}>
          <IconMinus size={16} />
        </PdfTool>
        <output>{Math.round(zoom * 100)} %</output>
        <PdfTool label={t("assets.explorer.pdf.larger")} disabled={zoom >= MOST_ZOOM} onClick={() => zoomTo(zoom * STEP)}>
          <IconPlus size={16} />
        </PdfTool>
        <PdfTool label={t("assets.explorer.pdf.width")} disabled={zoom === 1} onClick={() => zoomTo(1)}>
          <IconArrowsHorizontal size={16} />
        </PdfTool>
      </div>
      <PdfPage pdf={pdf} number={number} zoom={zoom} label={t("assets.explorer.pdf.page", { number, count: pdf.numPages })} />
    </section>
  );
}

function PdfTool({
  label,
  disabled,
  onClick,
  children,
}: {
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function PageNumber({
  number,
  count,
  onNumber,
}: {
  readonly number: number;
  readonly count: number;
  readonly onNumber: (number: number) => void;
}): ReactNode {
  const { t } = useWords();
  const [text, setText] = useState(String(number));
  useEffect(() => setText(String(number)), [number]);
  const take = (): void => (/^\d{1,6}$/.test(text) ? onNumber(Number(text)) : setText(String(number)));
  return (
    <span className="dw-pdf-number">
      <TextInput
        size="xs"
        inputMode="numeric"
        aria-label={t("assets.explorer.pdf.number")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === "Enter" && take()}
      />
      / {count}
    </span>
  );
}

function PdfPage({
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
    let wanted = true;
    let stop = (): void => {};
    const paint = async (): Promise<void> => {
      const page = await pdf.getPage(number);
      if (!wanted) return;
      const scale = (width / page.getViewport({ scale: 1 }).width) * zoom;
      const viewport = page.getViewport({ scale });
      const density = Math.min(devicePixelRatio, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
      const canvas = document.createElement("canvas");
      canvas.width = Math.floor(viewport.width * density);
      canvas.height = Math.floor(viewport.height * density);
      const painting = page.render({ canvas, viewport, ...(density !== 1 && { transform: [density, 0, 0, density, 0, 0] }) });
      stop = () => painting.cancel();
      await painting.promise;
      if (!wanted) return;
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
    paint().catch((error: Error) => wanted && setProblem(error.message));
    return () => {
      wanted = false;
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
