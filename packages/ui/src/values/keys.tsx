import type { ReactNode } from "react";

/** Keys as they are pressed, for example `Ctrl+K`. */
export function Keys({ keys }: { readonly keys: string }): ReactNode {
  return (
    <span className="dw-key-set">
      {keys.split(/[ +](?=.)/).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
