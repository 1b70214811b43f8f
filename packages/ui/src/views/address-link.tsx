import type { MouseEvent, ReactNode } from "react";
import type { Address } from "../address/address.ts";
import { useStudio } from "../session/context.tsx";
import { useStore } from "../store/store.ts";

/** A link to another page, subject, instant or branch of this window; also opened in a tab of its own. `{ subject: "S120", at: instant, view: "world" }` */
export function AddressLink({
  to,
  children,
  className = "dw-text-link",
  isCurrent = false,
}: {
  readonly to: Partial<Address>;
  readonly children: ReactNode;
  readonly className?: string;
  /** It leads to what is shown. */
  readonly isCurrent?: boolean;
}): ReactNode {
  const { address } = useStudio();
  useStore(address.store);
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    address.go(to);
  };
  return (
    <a className={className} href={address.link(to)} aria-current={isCurrent ? "page" : undefined} onClick={follow}>
      {children}
    </a>
  );
}
