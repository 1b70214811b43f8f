import { getDocument, GlobalWorkerOptions } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import workerUrl from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";
import { useEffect, useState } from "react";
import { useWords } from "@doppelwerk/kit/studio";

GlobalWorkerOptions.workerSrc = workerUrl;

/** A PDF as it is read in the worker; neither while it is under way. */
export function usePdf(bytes: Uint8Array<ArrayBuffer>): {
  readonly pdf: PDFDocumentProxy | undefined;
  readonly problem: string | undefined;
} {
  const { t } = useWords();
  const [pdf, setPdf] = useState<PDFDocumentProxy | undefined>(undefined);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  useEffect(() => {
    // the worker takes ownership of the bytes: it gets a copy
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
    let isGone = false;
    setPdf(undefined);
    setProblem(undefined);
    task.promise.then(
      (read) => !isGone && setPdf(read),
      (error: Error) => !isGone && setProblem(error.name === "PasswordException" ? t("assets.explorer.pdf.password") : error.message),
    );
    return () => {
      isGone = true;
      void task.destroy();
    };
  }, [bytes, t]);
  return { pdf, problem };
}
