import type { ReactNode } from "react";
import { encode } from "uqr";

/** Modules of quiet around the code, as ISO/IEC 18004 asks. */
const QUIET = 4;

/** A text as a QR code, dark on light in every theme. */
export function QrPicture({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const { size, data } = encode(text, { ecc: "M", border: 0 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg className="dw-qr" role="img" aria-label={label} viewBox={`${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}`}>
      <path d={path} />
    </svg>
  );
}
