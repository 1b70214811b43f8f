import type { ReactNode } from "react";

/** One number of an answer with what it is. */
export function Figure({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div>
      <small>{label}</small>
      <b>{value}</b>
    </div>
  );
}
