import type { ReactNode } from "react";

/** A dash that says why on hover and to a screen reader. */
export function Unknown({ why }: { readonly why: string | undefined }): ReactNode {
  return why === undefined ? (
    "–"
  ) : (
    <span title={why} role="img" aria-label={why}>
      –
    </span>
  );
}
