import type { MouseEvent, ReactNode } from "react";
import type { Address } from "../address/address.ts";
import { useStudio } from "../session/context.tsx";
import { useStore } from "../store/store.ts";

/** A link to another page, subject, instant or branch of this window; also opened in a tab of its own. `{ subject: "S120", at: instant, view: "world" }` */
export function AddressLink({ to, children }: { readonly to: Partial<Address>; readonly children: ReactNode }): ReactNode {
  const { address } = useStudio();
  useStore(address.store);
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    address.go(to);
  };
  return (
    <a className="dw-text-link" href={address.link(to)} onClick={follow}>
      {children}
    </a>
  );
}
